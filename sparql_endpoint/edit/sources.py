"""The head of a source: what can be read off its text, and proposed where it must be judged."""

import re
from dataclasses import dataclass

from babel.dates import get_month_names
from pyoxigraph import Literal, NamedNode, Quad

from sparql_endpoint.edit.changes import Changes, Draft, claims_file
from sparql_endpoint.edit.find import find_span
from sparql_endpoint.edit.turtle import add_block, term_turtle
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.quotes import MAX_LENGTH
from sparql_endpoint.graph.sources import SourceText
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["Head", "describe_source", "propose_head"]

_LANGUAGES = "http://id.loc.gov/vocabulary/iso639-1/"
_COMMON = {
    "en": "the of and to in that is was with for on by at",
    "es": "el la los las de del que y en un una por con se",
    "pt": "o a os as do da dos das que e em um uma por com não ao",
}
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FOOTER = re.compile(
    r"copyright|©|all rights reserved|web(?:site)? (?:hosting|design)|printed by|powered by|"
    r"share this|subscribe|related (?:articles|posts|news)|read more|tags:|back to top|"
    r"todos los derechos|todos os direitos|版权所有",
    re.IGNORECASE,
)
_MONTHS = {name: number for number, name in get_month_names("abbreviated", locale="en").items()}
_MONTH = rf"(?P<m>{'|'.join(_MONTHS)})[a-z]*\.?"
_DATES = (
    re.compile(r"(?P<y>[12][0-9]{3})-(?P<n>[01][0-9])-(?P<d>[0-3][0-9])"),
    re.compile(rf"{_MONTH} (?P<d>[0-3]?[0-9]), (?P<y>[12][0-9]{{3}})"),
    re.compile(rf"(?P<d>[0-3]?[0-9]) {_MONTH} (?P<y>[12][0-9]{{3}})"),
)
_DATELINE = 400
"""Characters at the beginning of a text in which its own date is looked for."""


@dataclass(frozen=True)
class Head:
    """What describes a source.

    Args:
        title: its title, empty where the text shows none.
        language: two letters of ISO 639-1.
        body_end: the offset in code points at which its own words end.
        reason: why they end there.
        issued: its date as ``YYYY-MM-DD``, or empty.
        issued_words: the words that show the date.
        classes: short names of its classes beside ``dfo:Source``.
        tier: the code of its rank.
        url: its address, or empty.
        note: a note on it in English, or empty.
    """

    title: str
    language: str
    body_end: int
    reason: str
    issued: str = ""
    issued_words: str = ""
    classes: tuple[str, ...] = ("schema:Article",)
    tier: str = "secondary"
    url: str = ""
    note: str = ""


def propose_head(text: SourceText) -> Head:
    """Return what the text shows of itself, for an editor to look over."""
    end, reason = _body_end(text.text)
    date = next(filter(None, (form.search(text.text[:_DATELINE]) for form in _DATES)), None)
    lines = (line.strip() for line in text.text[:end].splitlines())
    title = next((line for line in lines if line and not _is_date(line)), "")
    return Head(
        title if len(title) <= MAX_LENGTH else "",
        _language(text.text),
        end,
        reason,
        issued=_iso(date) if date else "",
        issued_words=date[0] if date else "",
    )


def describe_source(changes: Changes, text: SourceText, head: Head) -> None:
    """Write a new file with the source's head, and claim the title and date that it shows.

    Raises:
        UsageError: the source is described already, or a class or tier is unknown.
        WordsError: the text does not show the title or the date.
    """
    path = claims_file(text.slug)
    if path.exists() or path in changes.files:
        raise UsageError(f"source:{text.slug} is described already: add claims to it")
    source = NamedNode(PREFIXES["source"] + text.slug)
    called = head.title or text.slug
    comment = (
        f'# What "{called}" says, claim by claim.\n'
        f"# Its own words end at {head.body_end}: {head.reason}.\n"
    )
    values = _values(changes, text, head)
    lines = [f"    {name} {' , '.join(map(term_turtle, terms))}" for name, terms in values]
    block = " ;\n".join([term_turtle(source), *lines]).replace(" ;\n", "\n", 1) + " ."
    quads = [
        Quad(source, NamedNode(expand("rdf:type" if name == "a" else name)), term)
        for name, terms in values
        for term in terms
    ]
    changes.write(path, add_block(f"{comment}{_PLACE_OF_PREFIXES}", block), quads)
    if head.title:
        span = find_span(text, head.title, 1)
        title = f"{Literal(span.exact)}@{head.language}"
        name = shorten(source.value)
        changes.claim(Draft(text.slug, (span,), name, "dcterms:title", title, claimant=name))
    if head.issued:
        span = find_span(text, head.issued_words or head.issued, 1)
        name = shorten(source.value)
        changes.claim(Draft(text.slug, (span,), name, "dcterms:issued", head.issued, claimant=name))


_PLACE_OF_PREFIXES = f"@prefix dfo: <{PREFIXES['dfo']}> .\n"


def _values(changes: Changes, text: SourceText, head: Head) -> list[tuple[str, list[Term]]]:
    classes = [changes.names.cls(name) for name in ("dfo:Source", *head.classes)]
    title = find_span(text, head.title, 1).exact if head.title else ""
    day = NamedNode(expand("dcterms:issued"))
    issued = [changes.names.value(head.issued, day, head.language)] if head.issued else []
    tier = changes.names.thing(f"dfo:{head.tier.removeprefix('dfo:')}")
    values: list[tuple[str, list[Term]]] = [
        ("a", list(classes)),
        ("rdfs:label", [] if head.title else [Literal(text.slug.replace("-", " "), language="en")]),
        ("dcterms:title", [Literal(title, language=head.language)] if title else []),
        ("dcterms:issued", issued),
        ("dcterms:language", [NamedNode(_LANGUAGES + head.language)]),
        ("schema:url", [NamedNode(head.url)] if head.url else []),
        ("schema:sha256", [Literal(text.sha256)]),
        ("dfo:bodyEnd", [Literal(head.body_end)]),
        ("dfo:tier", [tier]),
        ("skos:editorialNote", [Literal(head.note, language="en")] if head.note else []),
    ]
    return [(name, terms) for name, terms in values if terms]


def _body_end(text: str) -> tuple[int, str]:
    """Return the offset at which a text's own words end, and why."""
    whole = len(text.rstrip())
    for match in _FOOTER.finditer(text, whole // 2):
        start = text.rfind("\n", 0, match.start()) + 1
        end = len(text[:start].rstrip())
        if end:
            line = text[start:].partition("\n")[0].strip()
            return end, f"below stands the page's '{line[:60]}'"
    return whole, "the text has no footer"


def _language(text: str) -> str:
    if len(_HAN.findall(text)) * 5 > len(text):
        return "zh"
    words = re.findall(r"\w+", text.casefold())
    share = {
        name: sum(word in common.split() for word in words) for name, common in _COMMON.items()
    }
    return max(share, key=lambda name: share[name])


def _is_date(line: str) -> bool:
    return any(form.fullmatch(line) for form in _DATES)


def _iso(date: re.Match[str]) -> str:
    parts = date.groupdict()
    month = parts.get("n") or f"{_MONTHS[parts['m']]:02}"
    return f"{parts['y']}-{month}-{int(parts['d']):02}"
