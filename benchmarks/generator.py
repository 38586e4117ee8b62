"""A diplomacy graph of any size, the same for the same size on every machine.

The shape is the project's own: forums with series of meetings, each with a place, a date, an
ordinal, a theme, represented states and outcome documents; people with tenures; and claims with
claimant, standing and a quote. Everything is drawn from one seeded generator.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from sparql_endpoint.names import PREFIXES

__all__ = ["triples", "write"]

_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
_WORDS = (
    *("peace", "trade", "climate", "health", "energy", "ocean", "space", "youth", "culture"),
    *("finance", "water", "food", "transport", "science", "security", "borders", "law"),
    *("industry", "education", "tourism"),
)

_STATES = 200
_CITIES = 400


def _iri(prefix: str, local: str) -> str:
    return f"<{PREFIXES[prefix]}{local}>"


def _text(words: str, language: str = "en") -> str:
    return f'"{words}"@{language}'


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<http://www.w3.org/2001/XMLSchema#{datatype}>'


def _world() -> Iterator[tuple[str, str, str]]:
    for n in range(_STATES):
        state = _iri("id", f"state-{n}")
        yield state, _TYPE, _iri("dfo", "State")
        yield state, _LABEL, _text(f"State {n}")
        yield state, _LABEL, _text(f"Estado {n}", "es")
        yield state, _iri("dfo", "isoAlpha3"), f'"S{n:03}"'
        yield state, _iri("org", "memberOf"), _iri("id", f"bloc-{n % 12}")
    for n in range(_CITIES):
        city = _iri("id", f"city-{n}")
        yield city, _TYPE, _iri("schema", "City")
        yield city, _LABEL, _text(f"City {n}")
        yield city, _iri("schema", "containedInPlace"), _iri("id", f"state-{n % _STATES}")
    for n in range(12):
        bloc = _iri("id", f"bloc-{n}")
        yield bloc, _TYPE, _iri("dfo", "Bloc")
        yield bloc, _LABEL, _text(f"Bloc {n}")


def _meeting(n: int, random: Random) -> Iterator[tuple[str, str, str]]:
    forum, ordinal = n // 20, n % 20 + 1
    series, meeting = _iri("id", f"series-{forum}"), _iri("id", f"meeting-{n}")
    if ordinal == 1:
        whole = _iri("id", f"forum-{forum}")
        yield whole, _TYPE, _iri("dfo", "Forum")
        yield whole, _LABEL, _text(f"Forum {forum} on {random.choice(_WORDS)}")
        yield whole, _iri("dfo", "establishedIn"), _typed(1950 + forum % 70, "gYear")
        yield whole, _iri("dfo", "hasParty"), _iri("id", f"bloc-{forum % 12}")
        yield series, _TYPE, _iri("dfo", "MeetingSeries")
        yield series, _iri("dfo", "ofForum"), whole
    held = f"{1960 + n % 65}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
    kind = "MinisterialMeeting" if n % 3 else "LeadersMeeting"
    yield meeting, _TYPE, _iri("dfo", kind)
    yield meeting, _LABEL, _text(f"Meeting {ordinal} of forum {forum}")
    yield meeting, _iri("dfo", "inSeries"), series
    yield meeting, _iri("dfo", "ordinal"), _typed(ordinal, "integer")
    yield meeting, _iri("dfo", "theme"), _text(" and ".join(random.sample(_WORDS, 3)))
    yield meeting, _iri("schema", "location"), _iri("id", f"city-{random.randrange(_CITIES)}")
    if ordinal > 1:
        yield meeting, _iri("dfo", "previousMeeting"), _iri("id", f"meeting-{n - 1}")
    if n % 5:
        yield meeting, _iri("dfo", "heldOn"), _typed(held, "date")
    else:
        yield meeting, _iri("dfo", "scheduledOn"), _typed(held, "date")
    for state in random.sample(range(_STATES), 12):
        yield meeting, _iri("dfo", "representedState"), _iri("id", f"state-{state}")
    yield from _documents(n, meeting, held, random)
    yield from _claims(n, meeting, held, random)


def _documents(n: int, meeting: str, held: str, random: Random) -> Iterator[tuple[str, str, str]]:
    for m in range(random.randint(1, 3)):
        document = _iri("id", f"document-{n}-{m}")
        yield meeting, _iri("dfo", "outcome"), document
        yield document, _TYPE, _iri("dfo", "Declaration" if m == 0 else "ActionPlan")
        title = f"Document {m} on {random.choice(_WORDS)}"
        yield document, _iri("dcterms", "title"), _text(title)
        yield document, _iri("dcterms", "issued"), _typed(held, "date")
    person = _iri("id", f"person-{n}")
    yield person, _TYPE, "<http://xmlns.com/foaf/0.1/Person>"
    yield person, _LABEL, _text(f"Person {n}")
    yield meeting, _iri("dfo", "chairedBy"), person


def _claims(n: int, meeting: str, held: str, random: Random) -> Iterator[tuple[str, str, str]]:
    rdf = PREFIXES["rdf"]
    for m in range(5):
        claim, quote = _iri("claim", f"{n}-{m}"), _iri("quote", f"{n}-{m}")
        yield claim, _TYPE, _iri("dfo", "Claim")
        yield claim, f"<{rdf}subject>", meeting
        if m:
            yield claim, f"<{rdf}predicate>", _iri("dfo", "characterizedAs")
            yield claim, f"<{rdf}object>", _text(f"a step for {random.choice(_WORDS)}")
        else:
            yield claim, f"<{rdf}predicate>", _iri("dfo", "heldOn")
            yield claim, f"<{rdf}object>", _typed(held, "date")
        yield claim, _iri("dfo", "claimant"), _iri("id", f"person-{n - n % 7}")
        yield claim, _iri("dfo", "standing"), _iri("dfo", "attributed" if m else "asserted")
        yield claim, _iri("dfo", "evidence"), quote
        yield quote, _iri("oa", "hasSource"), _iri("source", f"article-{n % 500}")
        yield quote, _iri("oa", "exact"), f'"the words of meeting {n}, part {m}"'


def triples(size: int, seed: int = 2014) -> Iterator[tuple[str, str, str]]:
    """Yield ``size`` triples as N-Triples terms; a larger graph begins with the smaller one."""
    random = Random(seed)  # noqa: S311  # a benchmark wants the same numbers, not secret ones
    left, n = size, 0
    for triple in _world():
        if not left:
            return
        left -= 1
        yield triple
    while True:
        for triple in _meeting(n, random):
            if not left:
                return
            left -= 1
            yield triple
        n += 1


def write(size: int, path: Path) -> Path:
    """Write ``size`` triples to ``path`` as N-Triples, and return it."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"{s} {p} {o} .\n" for s, p, o in triples(size))
    return path
