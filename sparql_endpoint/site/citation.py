"""How to cite a claim, a quotation, a source or the whole graph: in plain words and as BibTeX."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.service import served_project
from sparql_endpoint.names import BASE
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.provenance import speaker_of
from sparql_endpoint.site.sentences import plain_statement
from sparql_endpoint.site.showing import name_of, text_of
from sparql_endpoint.site.sources import Record

__all__ = ["Citation", "of_answer", "of_claim", "of_graph", "of_quote"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "{}%&$#_"},
}


@dataclass(frozen=True)
class Citation:
    """The same citation twice."""

    plain: str
    bibtex: str


def of_graph(year: int) -> Citation:
    """Return how to cite the whole graph, as it was in a year."""
    ours = served_project()
    where = ours.address or web_root()
    head = f"{ours.author} ({year}). {_titled()}" if ours.author else f"{_titled()} ({year})"
    key = re.sub(r"[^a-z0-9]+", "", ours.name.lower()) or "graph"
    title = f"{ours.name}: {_version()}" if ours.version else ours.name
    return Citation(f"{head}. {where}{_terms()}.", _bibtex(key, title, where, str(year)))


def of_answer(title: str, iri: str, year: int) -> Citation:
    """Return how to cite the answer to a ready question, in a year."""
    return _cite(title, iri, [], year)


def of_claim(claim: Claim, records: Iterable[Record], year: int) -> Citation:
    """Return how to cite a claim with its words and the sources it rests on, in a year."""
    speaker = speaker_of(claim)
    said = plain_statement(claim)
    if speaker:
        said = f"{name_of(speaker).text}: {said}"
    if claim.standing:
        said = f"{said} ({name_of(claim.standing).text})"
    words = next((item.exact for item in claim.evidence if item.exact), "")
    return _cite(f"{said}: “{words}”" if words else said, claim.iri, list(records), year)


def of_quote(words: str, iri: str, record: Record, year: int) -> Citation:
    """Return how to cite a quotation, in a year."""
    return _cite(f"“{words}”", iri, [record], year)


def _cite(said: str, iri: str, records: list[Record], year: int) -> Citation:
    where = "; ".join(_plain(record) for record in records)
    plain = " ".join(
        [
            f"{said}.",
            *([f"{where}."] if where else []),
            f"{_titled()}, {iri}{_terms()}.",
        ]
    )
    key = re.sub(r"[^a-z0-9]+", "-", iri.removeprefix(BASE).lower()).strip("-")
    return Citation(plain, _bibtex(key, said, iri, str(year), where))


def _plain(record: Record) -> str:
    parts = [text_of(record.author)] if record.author else []
    parts.append(f"“{record.title.value}”" if record.title else record.iri)
    if record.publisher:
        parts.append(text_of(record.publisher))
    if record.issued:
        parts.append(text_of(record.issued))
    if record.url:
        parts.append(record.url.value)
    if record.accessed:
        parts.append(gettext("accessed %(day)s") % {"day": text_of(record.accessed)})
    return ", ".join(parts)


def _bibtex(key: str, title: str, iri: str, year: str, note: str = "") -> str:
    author = served_project().author
    fields = {
        "author": f"{{{_escape(author)}}}" if author else "",
        "title": f"{{{_escape(title)}}}",
        "year": year,
        "howpublished": f"\\url{{{iri}}}",
        "note": _escape(note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def _escape(text: str) -> str:
    return "".join(_SPECIAL.get(character, character) for character in text)


def _titled() -> str:
    """Return the name of the graph, with the version if it is the project's."""
    ours = served_project()
    return f"{ours.name}, {_version()}" if ours.version else ours.name


def _terms() -> str:
    """Return the licence in brackets after a space, or nothing where none is known."""
    ours = served_project()
    licence = ours.license_name or ours.license
    return f" ({licence})" if licence else ""


def _version() -> str:
    return gettext("version %(version)s") % {"version": served_project().version}
