"""Changes of a Turtle file that leave all else in it byte for byte.

The file is in the house style: prefixes at the head, one block a subject, four spaces in, the last
line of a block ending in ``" ."``, no blank nodes. Grammar: https://www.w3.org/TR/turtle/#sec-grammar.
"""

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.document import Term
from sparql_endpoint.names import PREFIXES, expand, shorten

__all__ = ["add_block", "add_triple", "block_of", "term_turtle"]

_PREFIX_LINE = re.compile(r"^@prefix (\w+): +<[^>]*> \.\n", re.MULTILINE)
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^>\s]*>|#[^\n]*|[;,.](?=\s)|[^\s;,"#<]+')
_NAME = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^>\s]*>|#[^\n]*|(?<![\w:-])(\w+):')
_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
_PLAIN = {expand("xsd:integer"), expand("xsd:boolean"), expand("xsd:decimal")}
_NOTES = ("rdfs:comment", "skos:editorialNote", "skos:scopeNote", "skos:changeNote")
_WIDEST = 120
"""Characters of a line up to which one more value joins it."""


def term_turtle(term: Term) -> str:
    """Return a term as the house style writes it: numbers plain, IRIs by their prefix."""
    if isinstance(term, NamedNode):
        name = shorten(term.value)
        return name if _LOCAL.fullmatch(name.partition(":")[2]) else f"<{term.value}>"
    if isinstance(term, Literal):
        if term.datatype.value in _PLAIN:
            return term.value
        if not term.language and term.datatype.value != expand("xsd:string"):
            return f"{Literal(term.value)}^^{shorten(term.datatype.value)}"
    return str(term)


def block_of(text: str, subject: str) -> tuple[int, int] | None:
    """Return where the block of a subject, as written, begins and ends; None where it has none."""
    start = re.search(rf"^{re.escape(subject)}(?=\s)", text, re.MULTILINE)
    if not start:
        return None
    end = _end_of_block(text, start.start())
    return start.start(), end


def add_block(text: str, block: str, after: str = "") -> str:
    """Return the file with one more block, below that of the subject ``after`` or at the end."""
    place = block_of(text, after) if after else None
    at = place[1] if place else len(text.rstrip("\n")) + 1
    rest = text[at:].lstrip("\n")
    new = f"{text[:at].rstrip()}\n\n{block.strip()}\n" + (f"\n{rest}" if rest else "")
    return _with_prefixes(new)


def add_triple(text: str, subject: str, predicate: str, value: str) -> str:
    """Return the file with one more value of a property in the block of a subject.

    The value comes behind those that are there; a new property comes last, but above notes.

    Raises:
        DataError: the file has no block of the subject.
    """
    place = block_of(text, subject)
    if place is None:
        raise DataError(f"there is no block that begins with {subject}: describe it first")
    block = text[place[0] : place[1]]
    changed = _with_value(block, predicate, value)
    return _with_prefixes(text[: place[0]] + changed + text[place[1] :])


def _end_of_block(text: str, start: int) -> int:
    for token in _TOKEN.finditer(text, start):
        if token[0] == ".":
            return (
                text.index("\n", token.end() - 1) + 1 if "\n" in text[token.end() :] else len(text)
            )
    raise DataError(f"the block that begins with {text[start:].split(maxsplit=1)[0]} has no end")


def _properties(block: str) -> list[tuple[str, int, int, int]]:
    """Return each property of a block: its name, where it begins, its values begin and it ends."""
    found = []
    tokens = [token for token in _TOKEN.finditer(block) if not token[0].startswith("#")]
    begin = 1
    for number, token in enumerate(tokens):
        if token[0] in {";", "."} and number >= begin:
            verb = tokens[begin]
            found.append((verb[0], verb.start(), tokens[begin + 1].start(), token.start()))
            begin = number + 1
    return found


def _with_value(block: str, predicate: str, value: str) -> str:
    properties = _properties(block)
    for name, start, values, end in properties:
        if name == predicate:
            return _one_more(block, start, values, end, value)
    line = f"    {predicate} {value} ;\n"
    for name, start, _, _ in properties:
        if name in _NOTES:
            at = block.rindex("\n", 0, start) + 1
            return block[:at] + line + block[at:]
    end = properties[-1][3]
    return f"{block[:end]};\n    {predicate} {value} {block[end:]}"


def _one_more(block: str, start: int, values: int, end: int, value: str) -> str:
    there = block[values:end].rstrip()
    if "\n" not in block[start:end].rstrip():
        if len(there) + len(value) + values - start < _WIDEST:
            return f"{block[:values]}{there} , {value} {block[end:]}"
        inner = f"\n        {there} ,\n        {value} "
        return f"{block[:values].rstrip()}{inner}{block[end:]}"
    return f"{block[:values]}{there} ,\n        {value} {block[end:]}"


def _with_prefixes(text: str) -> str:
    """Return the file with a line for each prefix that it uses and no other, sorted and aligned."""
    lines = list(_PREFIX_LINE.finditer(text))
    start, end = (lines[0].start(), lines[-1].end()) if lines else (0, 0)
    used = sorted({match[1] for match in _NAME.finditer(text[end:]) if match[1]})
    return text[:start] + _prefix_lines(used) + text[end:]


def _prefix_lines(prefixes: Iterable[str]) -> str:
    names = list(prefixes)
    width = max(map(len, names), default=0) + 1
    return "".join(f"@prefix {f'{name}:':{width}} <{PREFIXES[name]}> .\n" for name in names)
