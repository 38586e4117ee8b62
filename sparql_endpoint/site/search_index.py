"""The index of what can be searched: names, what is known beside them, claims, words, notes, codes.

It is a table of SQLite's FTS5 with trigrams, which finds parts of words in every script, and so
also in Chinese, where no space parts them: https://www.sqlite.org/fts5.html#the_trigram_tokenizer.
Texts are folded before they enter. Words of less than three characters have no trigram; they are
looked for in what the others find, or one after another.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from threading import Lock

from markupsafe import Markup, escape

from sparql_endpoint.link.links import LINK_PROPERTIES
from sparql_endpoint.names import BASE, PREFIXES, expand
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import rows
from sparql_endpoint.site.questions import questions
from sparql_endpoint.site.searching import fold

__all__ = ["Entry", "Index", "index", "marked"]

_MOST = 200_000
_MOST_HITS = 200
_LONGEST = 200
_TRIGRAM = 3
_NAME, _CODE, _CONTEXT, _QUESTION, _CLAIM, _WORDS, _NOTE = range(7)
_TERMS = tuple(PREFIXES[name] for name in ("dfo", "owl", "rdf", "rdfs", "sh", "void", "dcat"))
_WORDS_OF_NOTHING = """
a an and are at by did do does for from how in is of on or that the to was were what when where
which who why with de del el en la las los o que quien y da e em os as um uma
"""
_STOP = frozenset(_WORDS_OF_NOTHING.split())
_CODES = " ".join(
    (
        "dfo:isoAlpha2 dfo:isoAlpha3 dfo:unM49 dfo:geonamesId schema:url",
        *(name if ":" in name and "/" not in name else f"<{name}>" for name in LINK_PROPERTIES),
    )
)
_CODED = f"SELECT ?thing ?value {{ VALUES ?p {{ {_CODES} }} ?thing ?p ?value }} LIMIT {_MOST}"
_BESIDE = f"""
SELECT ?thing ?value {{
    VALUES ?p {{
        dfo:heldOn dfo:scheduledOn dfo:establishedIn dfo:launchedIn dcterms:issued schema:location
        dfo:deliveredBy dfo:deliveredAt dfo:theme dcterms:subject dcterms:publisher dcterms:creator
    }}
    ?thing ?p ?value
}} LIMIT {_MOST}"""
_CLAIMED = f"""
SELECT ?thing ?s ?p ?o ?who {{
    ?thing rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
    OPTIONAL {{ ?thing dfo:claimant ?who }}
}} LIMIT {_MOST}"""
_QUOTED = f"""
SELECT ?thing ?value {{ ?thing oa:hasSelector/oa:exact ?value FILTER (isIRI(?thing)) }}
LIMIT {_MOST}"""
_NOTED = f"""
SELECT ?thing ?value {{
    VALUES ?p {{ skos:editorialNote skos:note skos:definition dcterms:description }}
    ?thing ?p ?value FILTER (isIRI(?thing))
}} LIMIT {_MOST}"""
_LINKED = f"""
SELECT ?thing (COUNT(*) AS ?links) {{ ?other ?p ?thing FILTER (isIRI(?thing)) }}
GROUP BY ?thing LIMIT {_MOST}"""


@dataclass(frozen=True)
class Entry:
    """What was found: the thing, its kind of text, the text, and its language."""

    iri: str
    kind: int
    text: str
    language: str

    @property
    def is_name(self) -> bool:
        """Whether the text is a name of the thing."""
        return self.kind == _NAME

    @property
    def is_claim(self) -> bool:
        """Whether the thing is a claim."""
        return self.kind == _CLAIM

    @property
    def is_beside(self) -> bool:
        """Whether the text is put together of what is known of the thing, and no text to read."""
        return self.kind == _CONTEXT


class Index:
    """A table of texts to search."""

    def __init__(self, entries: Iterable[tuple[Entry, str]], links: dict[str, int]) -> None:
        """Take entries, each with what is looked at beside its text, and the links to things."""
        self._lock = Lock()
        self._links = links
        self._entries: list[Entry] = []
        self._folded: list[str] = []
        self._table = sqlite3.connect(":memory:", check_same_thread=False)
        self._table.execute(
            "CREATE VIRTUAL TABLE texts USING fts5(folded, tokenize = 'trigram', detail = 'full')"
        )
        self._table.executemany(
            "INSERT INTO texts(rowid, folded) VALUES (?, ?)", self._fill(entries)
        )

    def search(self, sought: str, most: int = _MOST_HITS) -> list[Entry]:
        """Return what has every word that matters, the best first; a thing once, a claim each."""
        wanted = fold(sought[:_LONGEST])
        words = words_of(sought)
        if not words:
            return []
        found = [place for place in self._candidates(words) if self._has(place, words)]
        best: dict[str, tuple[tuple[int, ...], int]] = {}
        for place in found:
            entry = self._entries[place]
            rank = self._rank(entry, self._folded[place], wanted)
            if entry.iri not in best or rank < best[entry.iri][0]:
                best[entry.iri] = (rank, place)
        return [self._entries[place] for _, place in sorted(best.values())[:most]]

    def _fill(self, entries: Iterable[tuple[Entry, str]]) -> Iterator[tuple[int, str]]:
        for place, (entry, beside) in enumerate(entries):
            self._entries.append(entry)
            self._folded.append(fold(f"{entry.text} {beside}"))
            yield place, self._folded[-1]

    def _candidates(self, words: Sequence[str]) -> Iterable[int]:
        long = [word for word in words if len(word) >= _TRIGRAM]
        if not long:
            return range(len(self._folded))
        match = " AND ".join('"{}"'.format(word.replace('"', '""')) for word in long)
        with self._lock:
            return [
                place
                for (place,) in self._table.execute(
                    "SELECT rowid FROM texts WHERE texts MATCH ?", (match,)
                )
            ]

    def _has(self, place: int, words: Sequence[str]) -> bool:
        text = self._folded[place]
        return all(word in text for word in words)

    def _rank(self, entry: Entry, text: str, wanted: str) -> tuple[int, ...]:
        """Return what orders hits: the very name, things before terms, beginnings, links in."""
        exact = entry.kind in {_NAME, _CODE} and text.strip() == wanted
        term = entry.iri.startswith(_TERMS) or not entry.iri.startswith(BASE)
        begins = entry.kind == _NAME and text.startswith(wanted)
        inside = entry.kind == _NAME and f" {wanted}" in f" {text}"
        kind = _NAME if begins or inside else entry.kind + 1
        return (
            not exact or term,
            term,
            kind,
            not begins,
            -self._links.get(entry.iri, 0),
            len(text),
        )


def index() -> Index:
    """Return the index of the dataset that is served, made when it is first asked for."""
    return kept.once(__name__, _build)


def words_of(sought: str) -> list[str]:
    """Return the words of a search, folded; those that say nothing only if there are no others."""
    words = fold(sought[:_LONGEST]).split()
    return [word for word in words if word not in _STOP] or words


def marked(text: str, words: Sequence[str], longest: int = 240) -> Markup:
    """Return a text with some folded words marked, cut to the surroundings of the first."""
    folded, origin = _folded(text)
    marks = sorted(_found(folded, words))
    start = origin[marks[0][0]] if marks else 0
    first = max(0, start - longest // 3) if len(text) > longest else 0
    last = min(len(text), first + longest)
    parts = [Markup("…") if first else Markup("")]
    at = first
    for begin, end in marks:
        low, high = origin[begin], origin[end - 1] + 1
        if low < at or high > last:
            continue
        parts += [escape(text[at:low]), Markup("<mark>{}</mark>").format(text[low:high])]
        at = high
    parts += [escape(text[at:last]), Markup("…") if last < len(text) else Markup("")]
    return Markup("").join(parts)


def _found(folded: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = folded.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = folded.find(word, at + len(word))


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text folded character by character, and where each of the new ones comes from."""
    pieces = [(fold(character) or " ") for character in text]
    origin = [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origin


def _build() -> Index:
    links = {row["thing"].value: int(row["links"].value) for row in rows(_LINKED) if "thing" in row}
    return Index(_entries(links), links)


def _entries(links: dict[str, int]) -> Iterator[tuple[Entry, str]]:
    names = kept.catalogue().names
    for iri, known in names.items():
        for name in known if not iri.startswith(f"{BASE}quote/") else ():
            yield Entry(iri, _NAME, name.text, name.language), ""
    for row in rows(_CODED):
        value = row["value"].value
        code = value.rpartition("/")[2] if row["value"].is_iri else value
        yield Entry(row["thing"].value, _CODE, code, ""), value if code != value else ""
    beside: dict[str, list[str]] = {}
    for row in rows(_BESIDE):
        texts = [name.text for name in names.get(row["value"].value, ())] or [row["value"].value]
        beside.setdefault(row["thing"].value, []).extend(texts)
    for iri, texts in beside.items():
        own = [name.text for name in names.get(iri, ())]
        yield Entry(iri, _CONTEXT, " · ".join([*own, *texts]), ""), ""
    for question in questions():
        iri = f"{BASE}query/{question.slug}"
        yield (
            Entry(iri, _QUESTION, question.question, "en"),
            (f"{question.title} {' '.join(question.keywords)}"),
        )
    yield from _claims(links)
    for kind, query in ((_WORDS, _QUOTED), (_NOTE, _NOTED)):
        for row in rows(query):
            yield Entry(row["thing"].value, kind, row["value"].value, row["value"].language), ""


def _claims(links: dict[str, int]) -> Iterator[tuple[Entry, str]]:
    """Yield claims by the names of their parts in all languages, each as weighty as its subject."""
    names = kept.catalogue().names

    def texts(value: str) -> list[str]:
        return [name.text for name in names.get(value, ()) if name.preferred] or [value]

    for row in rows(_CLAIMED):
        links[row["thing"].value] = links.get(row["s"].value, 0)
        parts = [texts(row[name].value) for name in ("s", "p", "o")]
        who = texts(row["who"].value) if "who" in row else []
        said = " ".join(part[0] for part in parts)
        others = " ".join(text for part in (*parts, who) for text in part)
        yield (
            Entry(row["thing"].value, _CLAIM, said, ""),
            f"{others} {_SYNONYMS.get(row['p'].value, '')}",
        )


_SYNONYMS = {
    expand("dfo:establishedIn"): "founded founding fundado fundación fundação 成立",
    expand("dfo:initiatedBy"): "founded founder started iniciado fundador 发起",
    expand("dfo:hasParty"): "signed parties",
}
"""Words under which readers look for what a property says."""
