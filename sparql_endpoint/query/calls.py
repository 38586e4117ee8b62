"""Calls of functions that the engine would answer otherwise than SPARQL 1.1 asks, written anew.

REGEX and REPLACE by XPath's rules, casts, GROUP_CONCAT, functions that are not known, and TRUE and
FALSE in capitals. What the engine can say is said in its words; the rest calls ``xpath.FUNCTIONS``.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pyoxigraph import Store

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.query.patterns import (
    EnginePattern,
    ForeignPatternError,
    InvalidPatternError,
    for_engine,
    matches_empty,
    replacement_for_engine,
)
from sparql_endpoint.query.reading import Edit, Reading
from sparql_endpoint.query.xpath import FUNCTIONS, NAMESPACE, Function, unknown

__all__ = ["Calls"]

_XSD = PREFIXES["xsd"]
_CASTS = {f"{_XSD}{name}": name for name in FUNCTIONS if name not in {"regex", "replace", "nan"}}
_ALWAYS = frozenset({"string", "double", "float"})
"""Casts that the engine may get wrong; the others it may refuse where they should be done."""
_ECHAR = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


@dataclass
class Calls:
    """The edits to the calls of a query, the functions of ours that it then needs, and warnings."""

    reading: Reading
    edits: list[Edit] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    _wrapped: set[int] = field(default_factory=set)

    def find(self) -> None:
        """Look at every call of the query."""
        reading = self.reading
        for at in reading.here():
            token = reading.tokens[at]
            if token.kind == "word":
                self._take_word(at)
            elif token.kind in {"iri", "name"} and reading.calls(at):
                self._take_function(at)

    def _take_word(self, at: int) -> None:
        word, token = self.reading.word(at), self.reading.tokens[at]
        if word in {"TRUE", "FALSE"} and token.text != word.lower():
            self.edits.append((token.start, self.reading.end(at), word.lower()))
        elif self.reading.sign(at + 1) != "(":
            return
        elif word.endswith("REGEX"):
            self._take_match(at, len("REGEX"))
        elif word.endswith("REPLACE"):
            self._take_replace(at, len("REPLACE"))
        elif word.endswith("GROUP_CONCAT"):
            self._take_group_concat(at)
        elif word.endswith("COUNT") and self.reading.word(at + 2).endswith("DISTINCT"):
            self._take_count(at)
        elif word.endswith("BNODE") and self.reading.arguments(at + 1):
            self.notices.append(Notice("bnode-label", _BNODE))

    def _call(self, at: int, length: int, name: str) -> None:
        """Let the built-in whose name is the last ``length`` letters of a token be one of ours."""
        end = self.reading.end(at)
        self.functions[NAMESPACE + name] = FUNCTIONS[name]
        self.edits.append((end - length, end, f"<{NAMESPACE}{name}>"))

    def _constant(self, argument: tuple[int, int]) -> str | None:
        """Return the text of an argument that is a string and nothing else."""
        start, stop = argument
        token = self.reading.tokens[start]
        return _text(token.text) if stop == start + 1 and token.kind == "string" else None

    def _constants(self, arguments: list[tuple[int, int]]) -> list[str | None]:
        return [self._constant(argument) for argument in arguments]

    def _write(self, argument: tuple[int, int], text: str) -> None:
        token = self.reading.tokens[argument[0]]
        if text != _text(token.text):
            self.edits.append((token.start, token.start + len(token.text), _quoted(text)))

    def _take_match(self, at: int, length: int) -> None:
        arguments = self.reading.arguments(at + 1)
        if len(arguments) not in {2, 3}:
            return
        pattern, *rest = self._constants(arguments[1:])
        flags = rest[0] if rest else ""
        if pattern is None or flags is None:
            self._call(at, length, "regex")
            return
        self._settle(at, length, arguments, pattern, flags)

    def _take_replace(self, at: int, length: int) -> None:
        arguments = self.reading.arguments(at + 1)
        if len(arguments) not in {3, 4}:
            return
        pattern, replacement, *rest = self._constants(arguments[1:])
        flags = rest[0] if rest else ""
        if pattern is None or flags is None or replacement is None:
            self._call(at, length, "replace")
            return
        given = [arguments[0], arguments[1], *arguments[3:]]
        settled = self._settle(at, length, given, pattern, flags)
        if settled is None:
            return
        if matches_empty(settled):
            self.notices.append(Notice("replace-empty", _EMPTY.format(pattern)))
        try:
            if "q" in flags:
                self._write(arguments[2], replacement.replace("$", "$$"))
            else:
                self._write(arguments[2], replacement_for_engine(replacement, settled.groups))
        except InvalidPatternError as error:
            self.notices.append(
                Notice("replacement-not-xpath", _REPLACEMENT.format(replacement, error))
            )

    def _settle(
        self, at: int, length: int, arguments: list[tuple[int, int]], pattern: str, flags: str
    ) -> EnginePattern | None:
        """Write a pattern and its flags anew; None where our function, or none, reads them."""
        name = "replace" if self.reading.word(at).endswith("REPLACE") else "regex"
        try:
            found = for_engine(pattern, flags)
        except ForeignPatternError:
            self._call(at, length, name)
            return None
        except InvalidPatternError as error:
            self.notices.append(Notice("regex-not-xpath", _SYNTAX.format(pattern, error)))
            return None
        self._write(arguments[1], found.text)
        if len(arguments) > 2:  # noqa: PLR2004  # the text, the pattern, the flags
            self._write(arguments[2], found.flags)
        return found

    def _take_group_concat(self, at: int) -> None:
        """Let it join texts: GROUP_CONCAT(STR(?x)) is a simple literal, and takes IRIs, numbers."""
        arguments = self.reading.arguments(at + 1)
        if not arguments:
            return
        start, stop = arguments[0]
        if self.reading.word(start) == "DISTINCT":
            start += 1
            if self.reading.word(start) != "STR":
                self.notices.append(Notice("group-concat-distinct", _DISTINCT))
        if start < stop:
            first, end = self.reading.tokens[start].start, self.reading.end(stop - 1)
            self.edits += [(first, first, "STR("), (end, end, ")")]

    def _take_count(self, at: int) -> None:
        """Let COUNT(DISTINCT *) count what a subquery shows, which leaves hidden variables out."""
        reading = self.reading
        if reading.sign(at + 3) != "*":
            return
        outer = reading.outer[at]
        while reading.sign(outer) == "(":
            outer = reading.outer[outer]
        within = range(at, len(reading.tokens))
        brace = next(
            (i for i in within if reading.sign(i) == "{" and reading.outer[i] == outer), -1
        )
        if brace >= 0 and brace not in self._wrapped:
            self._wrapped.add(brace)
            first, last = reading.end(brace), reading.tokens[reading.partner[brace]].start
            self.edits += [(first, first, " SELECT * {"), (last, last, "} ")]

    def _take_function(self, at: int) -> None:
        try:
            iri = self.reading.prologue.iri(self.reading.tokens[at])
        except QuerySyntaxError:
            return
        if iri in _CASTS:
            self._take_cast(at, _CASTS[iri])
        elif iri not in self.functions and not is_known(iri):
            self.functions[iri] = unknown
            if not self._is_guarded(at):
                self.notices.append(Notice("unknown-function", _UNKNOWN.format(iri)))

    def _take_cast(self, at: int, name: str) -> None:
        arguments = self.reading.arguments(at + 1)
        if len(arguments) != 1:
            return
        start, stop = arguments[0]
        first, end = self.reading.tokens[at].start, self.reading.end(at)
        self.functions[NAMESPACE + name] = FUNCTIONS[name]
        if stop == start + 1 and name not in _ALWAYS:
            close = self.reading.end(self.reading.partner[at + 1])
            written = self.reading.text[first:close]
            value = self.reading.tokens[start].text
            again = f"COALESCE({written}, <{NAMESPACE}{name}>({value}))"
            self.edits.append((first, close, again))
        else:
            self.edits.append((first, end, f"<{NAMESPACE}{name}>"))

    def _is_guarded(self, at: int) -> bool:
        """Return whether COALESCE or IF stands around a call, and so takes its error."""
        outer = self.reading.outer[at]
        while outer >= 0:
            if self.reading.word(outer - 1).endswith(("COALESCE", "IF")):
                return True
            outer = self.reading.outer[outer]
        return False


@lru_cache(maxsize=256)
def is_known(iri: str) -> bool:
    """Return whether the engine has a function of this name."""
    try:
        Store().query(f"SELECT (<{iri}>() AS ?x) {{}}")
    except (RuntimeError, SyntaxError, ValueError, OSError) as fault:
        return "is not supported" not in str(fault)
    return True


def _text(token: str) -> str:
    """Return the text of a string as it is written, with its quotation marks."""
    marks = 3 if token[:3] in {'"""', "'" * 3} and len(token) > 5 else 1  # noqa: PLR2004  # two of them
    return _ESCAPE.sub(
        lambda found: _ECHAR[found[3]] if found[3] else chr(int(found[1] or found[2], 16)),
        token[marks:-marks],
    )


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


_UNKNOWN = (
    "the function <{}> is not known here, so its value is an error: a filter fails, a variable"
    " stays unbound. Guard it by COALESCE(…, …), or leave it out"
)
_SYNTAX = (
    "the pattern '{}' is no regular expression of XPath, which SPARQL takes ({}); it is read by the"
    " rules of Rust's regex, and other servers may refuse it"
)
_EMPTY = (
    "the pattern '{}' of REPLACE matches the empty text, which XPath makes an error; here the"
    " replacement stands at each place where it matches. Write + for *, or give a least length"
)
_REPLACEMENT = (
    "the replacement '{}' is none of XPath ({}); it is read by the rules of Rust's regex. Write"
    " \\$ for a dollar sign and \\\\ for a backslash"
)
_BNODE = (
    "BNODE with a label gives the same blank node in every solution here, and should give another"
    " in each; join the label with what the solution has of its own"
)
_DISTINCT = (
    "GROUP_CONCAT(DISTINCT …) tells values apart by their text here, not by language or datatype"
    " as well; write GROUP_CONCAT(DISTINCT STR(…)) for exactly this, or take the values from a"
    " subquery with DISTINCT"
)
