"""Graphs in N-Triples, a line at a time (https://www.w3.org/TR/n-triples/).

A line is a statement, so that one with a term that is no RDF costs itself alone. What is no
statement at all, such as the text of an error, makes the answer no answer.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

__all__ = ["read_ntriples"]

_AT_ONCE = 1000
_STATEMENT = re.compile(rb"\s*(?:<[^>]*>|_:\S+)\s+<[^>]*>\s+\S.*\.\s*(?:#.*)?\n", re.DOTALL)
_LONGEST = 160


def read_ntriples(body: IO[bytes], tell: Callable[[str], None]) -> Iterator[Quad]:
    """Yield the triples; ``tell`` is called with a sentence on each line that has to be left out.

    Raises:
        SyntaxError: a line is no statement, or the last one breaks off.
    """
    lines = iter(body.readline, b"")
    while some := list(islice(lines, _AT_ONCE)):
        try:
            yield from list(parse(b"".join(some), RdfFormat.N_TRIPLES))
        except SyntaxError:
            yield from _one_by_one(some, tell)


def _one_by_one(lines: list[bytes], tell: Callable[[str], None]) -> Iterator[Quad]:
    for line in lines:
        try:
            yield from parse(line, RdfFormat.N_TRIPLES)
        except SyntaxError as fault:
            if not _STATEMENT.fullmatch(line):
                raise
            reason = fault.msg.partition(": ")[2] or fault.msg
            text = line.decode(errors="replace").strip()[:_LONGEST]
            tell(f"the statement {text} is left out: {reason}")
