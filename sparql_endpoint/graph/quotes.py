"""Quotes: spans of a source's text, found by their words and written as Turtle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from pyoxigraph import Literal

from sparql_endpoint.names import PREFIXES, shorten

__all__ = [
    "MAX_LENGTH",
    "Span",
    "find_exact",
    "find_loosely",
    "find_nearest",
    "parse_quote_iri",
    "quote_iri",
]

MAX_LENGTH = 200
"""The greatest length of a quote in code points."""

# quote:<source>-<start>-<end>
_QUOTE_IRI = re.compile(
    re.escape(PREFIXES["quote"]) + r"(?P<source>.+)-(?P<start>[0-9]+)-(?P<end>[0-9]+)"
)
_ALIKE = tuple(
    re.compile(f"[{characters}]")
    for characters in (  # quotation marks; hyphens, dashes and the minus sign
        r"\"'`\u00ab\u00b4\u00bb\u2018-\u201f\u2032\u2033\u2039\u203a\uff02\uff07",
        r"\-\u2010-\u2015\u2212",
    )
)


@dataclass(frozen=True, order=True)
class Span:
    """A part of a source's text.

    Args:
        source: the slug of the source.
        start: the offset of the first code point, from 0.
        end: the offset after the last one.
        exact: the words between them, as printed.
    """

    source: str
    start: int
    end: int
    exact: str

    @property
    def iri(self) -> str:
        """The IRI of the quote of this span."""
        return quote_iri(self.source, self.start, self.end)

    def turtle(self) -> str:
        """Return the quote as Turtle to paste below the project's prefixes."""
        name = shorten(self.iri)
        selector = f"<{self.iri}#selector>"
        return (
            f"{name}\n"
            "    a oa:SpecificResource ;\n"
            f"    oa:hasSource source:{self.source} ;\n"
            f"    oa:hasSelector {selector} .\n\n"
            f"{selector}\n"
            "    a oa:TextQuoteSelector , oa:TextPositionSelector ;\n"
            f"    oa:exact {Literal(self.exact)} ;\n"
            f"    oa:start {self.start} ;\n"
            f"    oa:end {self.end} .\n"
        )


def quote_iri(source: str, start: int, end: int) -> str:
    """Return the IRI of the quote of ``source`` between two offsets."""
    return f"{PREFIXES['quote']}{source}-{start}-{end}"


def parse_quote_iri(iri: str) -> tuple[str, int, int] | None:
    """Return source, start and end that a quote's IRI names, or None where it names none."""
    match = _QUOTE_IRI.fullmatch(iri)
    return (match["source"], int(match["start"]), int(match["end"])) if match else None


def find_exact(source: str, text: str, words: str) -> list[Span]:
    """Return every place, in order, where ``text`` has exactly ``words``."""
    return list(_spans(source, text, re.compile(re.escape(words))))


def find_loosely(source: str, text: str, words: str) -> list[Span]:
    """Return every place where ``text`` has ``words`` but for marks, spaces, hyphens and case."""
    pattern = r"\s+".join("".join(map(_like, word)) for word in words.split())
    return list(_spans(source, text, re.compile(pattern, re.IGNORECASE)))


def find_nearest(source: str, text: str, words: str) -> Span | None:
    """Return where ``text`` has the longest part of ``words``, if it has a third of them."""
    match = SequenceMatcher(None, text, words, autojunk=False).find_longest_match()
    end = match.a + match.size
    return (
        Span(source, match.a, end, text[match.a : end])
        if match.size * 3 >= len(words) > 0
        else None
    )


def _spans(source: str, text: str, pattern: re.Pattern[str]) -> Iterator[Span]:
    if not pattern.pattern:
        return
    start = 0
    while match := pattern.search(text, start):
        yield Span(source, match.start(), match.end(), match[0])
        start = match.start() + 1


def _like(character: str) -> str:
    kind = next((kind for kind in _ALIKE if kind.fullmatch(character)), None)
    return kind.pattern if kind else re.escape(character)
