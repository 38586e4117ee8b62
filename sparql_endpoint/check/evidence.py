"""Checks of evidence: a quote is in its source at the place named, and supports its claim."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import Path

from pyoxigraph import NamedNode, Store

from sparql_endpoint.check.finding import Finding, Severity
from sparql_endpoint.check.overstatement import note_of_the_future, says_less
from sparql_endpoint.check.wording import what_is_missing
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.graph.document import Term
from sparql_endpoint.graph.evidence import Claim, Evidence, Quote, Source
from sparql_endpoint.graph.quotes import (
    find_exact,
    find_loosely,
    find_nearest,
    parse_quote_iri,
    quote_iri,
)
from sparql_endpoint.graph.sources import SourceText, read_source, source_slug, text_path
from sparql_endpoint.names import expand, shorten

__all__ = ["check_evidence", "check_texts", "read_texts", "texts_missing"]

_ALIKE = 0.6
"""The ratio by difflib from which words count as a changed form of others, from 0 to 1."""
_ASSERTED, _INFERRED = NamedNode(expand("dfo:asserted")), NamedNode(expand("dfo:inferred"))


def read_texts(evidence: Evidence, folder: Path) -> dict[NamedNode, SourceText]:
    """Return the texts in ``folder`` of the sources that have a digest, by source.

    Raises:
        NotFoundError: the folder does not exist.
        DataError: a text is not UTF-8.
    """
    if not folder.is_dir():
        raise NotFoundError(f"{folder}: no such folder of texts")
    texts = {}
    for source in evidence.sources:
        slug = source_slug(source.iri.value)
        if source.sha256 is not None and text_path(folder, slug).exists():
            texts[source.iri] = read_source(folder, slug)
    return texts


def texts_missing(evidence: Evidence, texts: Mapping[NamedNode, SourceText]) -> tuple[str, ...]:
    """Return a sentence on the sources that have a digest but no text in the folder, if any.

    An editor need not have the texts of all articles to check one.
    """
    gone = [
        source_slug(source.iri.value)
        for source in evidence.sources
        if source.sha256 is not None and source.iri not in texts
    ]
    return (f"no text at hand: quotes of {', '.join(gone)} not compared",) if gone else ()


def check_evidence(evidence: Evidence, store: Store) -> Iterator[Finding]:
    """Yield the faults of quotes that can be found without the texts of the sources."""
    ends = {source.iri: source.body_end for source in evidence.sources}
    for quote in evidence.quotes:
        for rule, message, mend in _faults(quote, ends):
            yield _about_quote(evidence, quote, rule, message, mend)
    for claim in evidence.claims:
        words = evidence.words(claim)
        explained = claim.basis == _INFERRED and len(words) > 1  # the shapes check its note
        if words and not explained and (missing := what_is_missing(store, claim, words)):
            yield _about_words(
                claim,
                "quote-carries-fact",
                f"The quotes do not have {missing}.",
                "Quote the words that say it; a name in other words can be a skos:altLabel.",
            )
        if words and claim.basis != _INFERRED and (less := says_less(store, claim, words)):
            yield _about_words(
                claim,
                "words-say-less",
                f"The claim says more than its words, which have '{less}'.",
                "Claim what was planned, expected or about so many as such; where it holds all "
                "the same, make its dfo:basis dfo:inferred and explain it in a skos:editorialNote.",
            )
        if claim.standing == _ASSERTED and (future := note_of_the_future(store, claim)):
            yield _about_words(
                claim,
                "note-of-the-future",
                f"The day is asserted as held, and the note has '{future}'.",
                "Make the claim dfo:attributed by dfo:announcement, or write what took place.",
            )


def check_texts(evidence: Evidence, texts: Mapping[NamedNode, SourceText]) -> Iterator[Finding]:
    """Yield the quotes and digests that disagree with the texts of the sources."""
    for source in evidence.sources:
        if source.sha256 is not None:
            yield from _compare_source(source, texts.get(source.iri))
    for quote in evidence.quotes:
        text = texts.get(quote.source) if isinstance(quote.source, NamedNode) else None
        if text is not None and (fault := _difference(quote, text, texts.values())):
            yield _about_quote(evidence, quote, "quote-text", *fault)


def _faults(quote: Quote, ends: Mapping[NamedNode, int | None]) -> Iterator[tuple[str, str, str]]:
    """Yield the rule, message and remedy of each fault."""
    if quote.start is None or quote.end is None or quote.exact is None:
        return  # the shapes report it, as they do length and characters
    slug = source_slug(_value(quote.source))
    if parse_quote_iri(quote.iri.value) != (slug, quote.start, quote.end):
        right = shorten(quote_iri(slug, quote.start, quote.end))
        yield (
            "quote-iri",
            "The name of the quote and its source and offsets differ.",
            f"If the offsets are right, name it {right}.",
        )
    end = ends.get(quote.source) if isinstance(quote.source, NamedNode) else None
    if end is not None and quote.end > end:
        yield (
            "quote-footer",
            f"The quote ends at {quote.end}, after the source's own words, which end at {end}.",
            "A page's footer is evidence for nothing: quote the article.",
        )


def _compare_source(source: Source, text: SourceText | None) -> Iterator[Finding]:
    if text is None or text.sha256 == source.sha256:
        return
    yield Finding(
        check="evidence",
        rule="source-text",
        severity=Severity.ERROR,
        message=f"The text has the digest {text.sha256}, the source tells another.",
        mend="Check the quotes against the text that was read; correct the digest or the text.",
        focus=source.iri,
        predicate=NamedNode(expand("schema:sha256")),
    )


def _difference(
    quote: Quote, text: SourceText, others: Iterable[SourceText]
) -> tuple[str, str] | None:
    """Return message and remedy if the text does not have the quote at the place that it names.

    The words are *elsewhere*, in this text or another; or they are *changed*, and the message shows
    the most similar place; or they are *nowhere*.
    """
    if quote.start is None or quote.end is None or quote.exact is None:
        return None
    there = text.text[quote.start : quote.end]
    if there == quote.exact:
        return None
    for each in (text, *others):
        found = find_exact(each.slug, each.text, quote.exact)
        if found:
            place = f"{found[0].start}-{found[0].end}"
            name = "" if each.slug == text.slug else f" in source:{each.slug}"
            return (
                f"Elsewhere: the text has '{there}' there, and the words stand{name} at {place}.",
                f"Name the quote {shorten(found[0].iri)}, and correct its source and offsets.",
            )
    finder = "Let forumgraph claim or forumgraph quote find the words as they are printed."
    if SequenceMatcher(None, there, quote.exact, autojunk=False).ratio() > _ALIKE:
        marks = _letters(there) == _letters(quote.exact)
        kind = ", but for quotation marks, dashes or spaces" if marks else ""
        mend = "forumgraph check --repair mends it." if marks else finder
        return f"Changed{kind}: the text has '{there}' there.", mend
    loose = find_loosely(text.slug, text.text, quote.exact)
    near = loose[0] if loose else find_nearest(text.slug, text.text, quote.exact)
    if near is None:
        return (
            "Nowhere: no text at hand has these words or a good part of them.",
            "Take the words from the text; a claim in other words is dfo:inferred.",
        )
    return f"Changed: nearest are, at {near.start}-{near.end}, '{near.exact}'.", finder


def _letters(text: str) -> list[str]:
    return [*filter(str.isalnum, text)]


def _about_quote(evidence: Evidence, quote: Quote, rule: str, message: str, mend: str) -> Finding:
    return Finding(
        check="evidence",
        rule=rule,
        severity=Severity.ERROR,
        message=message,
        mend=mend,
        focus=quote.iri,
        quote=quote.exact or "",
        claims=evidence.claims_on(quote.iri),
    )


def _about_words(claim: Claim, rule: str, message: str, mend: str) -> Finding:
    return Finding(
        check="evidence",
        rule=rule,
        severity=Severity.WARNING,
        message=message,
        mend=mend,
        focus=claim.iri,
        predicate=NamedNode(expand("rdf:object")),
        value=claim.object,
    )


def _value(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
