"""Claims, things and facts written into the project's files, in memory until all is checked.

A claim's number is one more than the greatest that its source ever had, so that no IRI means
two things: CONTRIBUTING.md has the policy.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from unicodedata import combining, normalize

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from sparql_endpoint import paths
from sparql_endpoint.edit.names import Names
from sparql_endpoint.edit.turtle import add_block, add_triple, block_of, term_turtle
from sparql_endpoint.errors import UsageError
from sparql_endpoint.graph.dataset import graph_name, load_project, project_files
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import objects
from sparql_endpoint.graph.quotes import Span
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["Changes", "Draft", "claims_file", "slug_of"]

_TYPE = NamedNode(expand("rdf:type"))
_CHARACTERIZED = NamedNode(expand("dfo:characterizedAs"))
_DEFAULT_RULES = {"asserted": "undisputed", "attributed": "speakersStake"}
_LONGEST_SLUG = 60


@dataclass(frozen=True)
class Draft:
    """A claim as an editor gives it, by names that ``Names`` completes.

    Args:
        source: the slug of the source.
        quotes: the spans of its text that carry the claim; none where there is no text.
        subject: the name of a thing.
        predicate: the name of a property.
        object: the value, a name or a text.
        claimant: whose statement it is; empty for the source's author, or the source itself.
        voiced_in: the work in which it was said; empty for the source where it has an author.
        standing: ``asserted`` or ``attributed``.
        basis: ``stated``, ``paraphrased`` or ``inferred``.
        rule: the code of the rule that decided the standing; empty for the usual one.
        locator: the place in a source without a text.
        note: how it follows, in English.
        conflicts_with: short names of the claims that cannot be true too.
        language: the language of a text that is the object; empty for that of the source.
        further_sources: names of other sources that the claim rests on too, as a whole.
    """

    source: str
    quotes: tuple[Span, ...]
    subject: str
    predicate: str
    object: str
    claimant: str = ""
    voiced_in: str = ""
    standing: str = "asserted"
    basis: str = "stated"
    rule: str = ""
    locator: str = ""
    note: str = ""
    conflicts_with: tuple[str, ...] = ()
    language: str = ""
    further_sources: tuple[str, ...] = ()


class Changes:
    """What is to be written, file by file; nothing is until ``save`` takes it.

    Args:
        store: the project as ``load_project`` returns it, which is changed; None to load it.
    """

    def __init__(self, store: Store | None = None) -> None:
        self.store = store or load_project()
        self.files: dict[Path, str] = {}
        """The changed files as they are to be."""
        self.before: dict[Path, str | None] = {}
        """The same files as they are, None for one that is new."""
        self.names = Names(self.store)
        self._of_graph = {graph_name(path): path for path in project_files()}
        self._numbers = _numbers(self.store)

    def text(self, path: Path) -> str:
        """Return a file as it is to be.

        Raises:
            UsageError: there is no such file.
        """
        if path in self.files:
            return self.files[path]
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            slug = path.stem
            raise UsageError(
                f"source:{slug} is not described: begin with forumgraph source {slug}"
            ) from None

    def write(self, path: Path, text: str, quads: Iterable[Quad]) -> None:
        """Put a file's new text among the changes, and its new statements into the store."""
        if path not in self.before:
            self.before[path] = path.read_text(encoding="utf-8") if path.exists() else None
        self.files[path] = text
        name = graph_name(path)
        self._of_graph[name] = path
        for quad in quads:
            self.store.add(Quad(quad.subject, quad.predicate, quad.object, name))
            self.store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))

    def describe(self, cls: str, label: str, slug: str = "") -> NamedNode:
        """Describe a new thing by its class and its English label, in the file of its kind.

        Raises:
            UsageError: there is no such class, no file of its kind, or a thing of that name.
        """
        kind = self.names.cls(cls)
        node = NamedNode(PREFIXES["id"] + (slug or slug_of(label)))
        if self._file_of(node) is not None:
            raise UsageError(
                f"{shorten(node.value)} is described already: take it, or another slug"
            )
        path = self._file_of_class(kind)
        text, name = self.text(path), term_turtle(node)
        block = f"{name}\n    a {term_turtle(kind)} ;\n    rdfs:label {Literal(label)}@en ."
        facts = (
            Quad(node, _TYPE, kind),
            Quad(node, NamedNode(expand("rdfs:label")), Literal(label, language="en")),
        )
        self.write(path, add_block(text, block, _last_of(text, term_turtle(kind))), facts)
        self.names = Names(self.store)
        return node

    def state(self, subject: NamedNode, predicate: NamedNode, value: Term) -> None:
        """State a triple in the block of its subject, unless the graph has it already.

        Raises:
            UsageError: no file describes the subject.
        """
        quad = Quad(subject, predicate, value)
        if self._has(quad):
            return
        path = self._file_of(subject)
        if path is None:
            name = shorten(subject.value)
            raise UsageError(f"no file describes {name}: describe it with --new CLASS LABEL")
        written = term_turtle(subject), term_turtle(predicate), term_turtle(value)
        self.write(path, add_triple(self.text(path), *written), (quad,))

    def claim(self, draft: Draft) -> NamedNode:
        """Write a claim with its quotes and, where it is asserted, its triple; return its IRI.

        Raises:
            UsageError: a name in it is of nothing, or the source is not described.
        """
        source = NamedNode(PREFIXES["source"] + draft.source)
        path = claims_file(draft.source)
        text = self.text(path)
        subject = self.names.thing(draft.subject)
        predicate = self.names.property(draft.predicate)
        language = draft.language or self._language(source)
        value = self.names.value(draft.object, predicate, language)
        if draft.standing not in _DEFAULT_RULES:
            raise UsageError(f"a standing is asserted or attributed, not '{draft.standing}'")
        standing = "attributed" if predicate == _CHARACTERIZED else draft.standing
        rule = draft.rule or (
            "characterization" if predicate == _CHARACTERIZED else _DEFAULT_RULES[standing]
        )
        self._numbers[draft.source] += 1
        claim = NamedNode(f"{PREFIXES['claim']}{draft.source}-{self._numbers[draft.source]:02}")
        claimant, voiced_in = self._voice(draft, source, subject)
        evidence = [NamedNode(span.iri) for span in draft.quotes] or [source]
        evidence += map(self.names.thing, draft.further_sources)
        lines: list[tuple[str, list[Term]]] = [
            ("rdf:subject", [subject]),
            ("rdf:predicate", [predicate]),
            ("rdf:object", [value]),
            ("dfo:claimant", [claimant]),
            ("dfo:voicedIn", [voiced_in] if voiced_in else []),
            ("dfo:standing", [self._code(standing)]),
            ("dfo:basis", [self._code(draft.basis)]),
            ("dfo:rule", [self._code(rule)]),
            ("dfo:evidence", list(evidence)),
            ("dfo:locator", [Literal(draft.locator)] if draft.locator else []),
            ("dfo:conflictsWith", [self.names.thing(name) for name in draft.conflicts_with]),
            ("skos:editorialNote", [Literal(draft.note, language="en")] if draft.note else []),
        ]
        for span in draft.quotes:
            if block_of(text, f"quote:{span.source}-{span.start}-{span.end}") is None:
                text = add_block(text, span.turtle())
        text = add_block(text, _claim_block(claim, lines))
        quads = tuple(
            Quad(claim, NamedNode(expand(name)), value)
            for name, values in lines
            for value in values
        )
        self.write(path, text, (Quad(claim, _TYPE, NamedNode(expand("dfo:Claim"))), *quads))
        if standing == "asserted":
            self.state(subject, predicate, value)
        return claim

    def classes_of(self, name: str) -> list[NamedNode]:
        """Return the classes of the thing that a name stands for.

        Raises:
            UsageError: nothing has the name, or several have.
        """
        found = objects(self.store, self.names.thing(name), "rdf:type")
        return [kind for kind in found if isinstance(kind, NamedNode)]

    def _voice(
        self, draft: Draft, source: NamedNode, subject: NamedNode
    ) -> tuple[NamedNode, NamedNode | None]:
        """Return whose statement a claim is, and the work in which it was said."""
        work = self.names.thing(draft.voiced_in) if draft.voiced_in else None
        if draft.claimant:
            return self.names.thing(draft.claimant), work
        authors = objects(self.store, source, "dcterms:creator")
        if subject != source and len(authors) == 1 and isinstance(authors[0], NamedNode):
            return authors[0], work or source
        return source, work

    def _code(self, local: str) -> NamedNode:
        node = NamedNode(PREFIXES["dfo"] + local.removeprefix("dfo:"))
        return self.names.thing(shorten(node.value))

    def _language(self, source: NamedNode) -> str:
        languages = objects(self.store, source, "dcterms:language")
        named = [term.value for term in languages if isinstance(term, NamedNode)]
        return named[0].rpartition("/")[2] if named else "en"

    def _has(self, quad: Quad) -> bool:
        return Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()) in self.store

    def _file_of(self, subject: NamedNode) -> Path | None:
        """Return the file that names the class of a thing."""
        for quad in self.store.quads_for_pattern(subject, _TYPE, None, None):
            if isinstance(quad.graph_name, NamedNode) and quad.graph_name in self._of_graph:
                return self._of_graph[quad.graph_name]
        return None

    def _file_of_class(self, kind: NamedNode) -> Path:
        """Return the file of data with most things of a class, else of a broader one."""
        files: Counter[Path] = Counter()
        for quad in self.store.quads_for_pattern(None, _TYPE, kind, None):
            name = quad.graph_name
            path = self._of_graph.get(name) if isinstance(name, NamedNode) else None
            if path is not None and path.parent == paths.DATA:
                files[path] += 1
        if files:
            return files.most_common(1)[0][0]
        for broader in objects(self.store, kind, "rdfs:subClassOf"):
            if isinstance(broader, NamedNode):
                return self._file_of_class(broader)
        raise UsageError(f"no file of data/ has things of the class {shorten(kind.value)}")


def claims_file(slug: str) -> Path:
    """Return the file of a source and its claims."""
    return paths.DATA / "claims" / f"{slug}.ttl"


def slug_of(label: str) -> str:
    """Return a readable slug: small letters and digits of a label, with hyphens between words."""
    plain = "".join(each for each in normalize("NFKD", label) if not combining(each))
    slug = re.sub(r"[^a-z0-9]+", "-", re.sub(r"['\u2019.]", "", plain).casefold()).strip("-")
    if not slug:
        raise UsageError(f"'{label}' has no letter of the Latin alphabet: name a slug for it")
    return slug if len(slug) <= _LONGEST_SLUG else slug[:_LONGEST_SLUG].rpartition("-")[0]


def _claim_block(claim: NamedNode, lines: list[tuple[str, list[Term]]]) -> str:
    stated = [
        f"    {name} {' , '.join(map(term_turtle, values))}" for name, values in lines if values
    ]
    return " ;\n".join([f"{term_turtle(claim)}\n    a dfo:Claim", *stated]) + " ."


def _last_of(text: str, kind: str) -> str:
    """Return the subject of the last block of a class; empty where there is none."""
    heads = re.findall(rf"^(\S+)\n    a [^\n]*(?<!\S){re.escape(kind)}(?!\S)", text, re.MULTILINE)
    return heads[-1] if heads else ""


def _numbers(store: Store) -> Counter[str]:
    """Return the greatest number that claims of each source have, deprecated ones included."""
    numbers: Counter[str] = Counter()
    for quad in store.quads_for_pattern(None, None, None, DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(PREFIXES["claim"]):
            name = quad.subject.value.removeprefix(PREFIXES["claim"])
            slug, _, number = name.rpartition("-")
            if number.isdecimal():
                numbers[slug] = max(numbers[slug], int(number))
    return numbers
