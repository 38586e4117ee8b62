"""Quotes whose words differ from the text only in quotation marks, dashes and spaces, mended."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode

from sparql_endpoint.check.evidence import read_texts
from sparql_endpoint.edit.changes import Changes, claims_file
from sparql_endpoint.graph.evidence import read_evidence
from sparql_endpoint.graph.quotes import find_loosely
from sparql_endpoint.graph.sources import source_slug

__all__ = ["repair_quotes"]


def repair_quotes(changes: Changes, sources: Path) -> list[NamedNode]:
    """Write the words of such quotes as their text prints them; return the quotes.

    A quote keeps its place and so its name: what stands elsewhere, or differs in a letter or in its
    case, is left for an editor.
    """
    evidence = read_evidence(changes.store)
    texts = read_texts(evidence, sources)
    mended = []
    for quote in evidence.quotes:
        if not isinstance(quote.source, NamedNode) or quote.exact is None or quote.start is None:
            continue
        text = texts.get(quote.source)
        if text is None or text.text[quote.start : quote.end] == quote.exact:
            continue
        spans = find_loosely(text.slug, text.text, quote.exact)
        same = [span for span in spans if (span.start, span.end) == (quote.start, quote.end)]
        if same and _has_same_letters(quote.exact, same[0].exact):
            path = claims_file(source_slug(quote.source.value))
            old, new = (f"oa:exact {Literal(words)} ;" for words in (quote.exact, same[0].exact))
            changes.write(path, changes.text(path).replace(old, new), ())
            mended.append(quote.iri)
    return mended


def _has_same_letters(before: str, after: str) -> bool:
    """Tell whether the letters of two texts are the same, in capitals and small letters."""
    return [*filter(str.isalnum, before)] == [*filter(str.isalnum, after)]
