"""Regular expressions of XPath, written for the engine, whose own syntax is that of Rust's regex.

REGEX and REPLACE take the syntax of XPath and XQuery Functions and Operators, section 5.6.1
(https://www.w3.org/TR/xpath-functions-31/#regex-syntax), which builds on XML Schema part 2,
appendix G (https://www.w3.org/TR/xmlschema11-2/#regexs). Rust's (https://docs.rs/regex/latest/regex/#syntax)
looks alike: what means the same passes as it is, what is written otherwise is rewritten here, and
what Rust does not have is left to ``xpath.py``.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import Store

__all__ = [
    "EnginePattern",
    "ForeignPatternError",
    "InvalidPatternError",
    "digits_of_group",
    "for_engine",
    "matches_empty",
    "replacement_for_engine",
]

_SINGLE = {"n": r"\n", "r": r"\r", "t": r"\t"} | {c: f"\\{c}" for c in r"\|.?*+(){}-[]^$"}
_SPACE = r" \t\n\r"
_NO_WORD = r"\p{P}\p{Z}\p{C}"
_SETS = {
    "s": f"[{_SPACE}]",
    "S": f"[^{_SPACE}]",
    "d": r"\p{Nd}",
    "D": r"\P{Nd}",
    "w": f"[^{_NO_WORD}]",
    "W": f"[{_NO_WORD}]",
}
_CATEGORY = re.compile(
    r"[pP]\{(?P<name>L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|Z[slp]?|S[mcko]?|C[cfon]?)\}"
)
_BLOCK = re.compile(r"[pP]\{Is[A-Za-z0-9\-]+\}")
_QUANTITY = re.compile(r"\{[0-9]+(?:,[0-9]*)?\}")
_QUANTIFIER = re.compile(rf"(?:[?*+]|{_QUANTITY.pattern})\??")
_AMID_CLASS = frozenset("&~-[]^\\")
_SPACES = "\t\n\r "


class InvalidPatternError(ValueError):
    """A text that is no regular expression of XPath."""


class ForeignPatternError(ValueError):
    """A regular expression of XPath that Rust's syntax cannot say."""


class EnginePattern(NamedTuple):
    """A pattern and flags as the engine takes them, and how many groups the pattern captures."""

    text: str
    flags: str
    groups: int


def for_engine(pattern: str, flags: str = "") -> EnginePattern:
    r"""Return an XPath pattern and its flags as the engine takes them.

    Raises:
        InvalidPatternError: it is no pattern of XPath, or has a flag that there is not.
        ForeignPatternError: the engine cannot say it: back-references, names of blocks, ``\\i`` and
            ``\\c``, lines (flag ``m``) that begin with ``^``.
    """
    if set(flags) - set("smixq"):
        raise InvalidPatternError(f"there is no flag in '{flags}' but s, m, i, x and q")
    if "q" in flags:
        return EnginePattern(pattern, "".join(flag for flag in "qi" if flag in flags), 0)
    writer = _Writer(pattern, flags)
    return EnginePattern(
        writer.write(), "".join(flag for flag in "smi" if flag in flags), writer.groups
    )


@lru_cache(maxsize=256)
def matches_empty(pattern: EnginePattern) -> bool:
    """Return whether a pattern matches the empty text."""
    text = pattern.text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    text = text.replace("\r", "\\r")
    return bool(Store().query(f'ASK {{ FILTER(REGEX("", "{text}", "{pattern.flags}")) }}'))


class _Writer:
    """One pass over a pattern, by the grammar of F&O 5.6.1."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern, self._flags = pattern, flags
        self.groups = 0
        self._at = 0
        self._depth = 0

    def write(self) -> str:
        pieces, quantifiable = list[str](), False
        while self._at < len(self._pattern):
            char = self._pattern[self._at]
            if char in "?*+{":
                if not quantifiable:
                    raise InvalidPatternError(f"'{char}' repeats nothing")
                pieces.append(self._quantifier())
                quantifiable = False
                continue
            piece, quantifiable = self._piece(char)
            pieces.append(piece)
        if self._depth:
            raise InvalidPatternError("a '(' is never closed")
        return "".join(pieces)

    def _piece(self, char: str) -> tuple[str, bool]:
        """Return what ``char`` starts, and whether a quantifier may follow."""
        self._at += 1
        if "x" in self._flags and char in _SPACES:
            return "", True
        if char in "\\[":
            return self._escape(amid_class=False) if char == "\\" else self._class(), True
        if char in "()":
            return self._group(char), char == ")"
        if char == "^" and "m" in self._flags:
            raise ForeignPatternError("a last empty line does not begin with ^")
        if char in "}]":
            raise InvalidPatternError(f"'{char}' closes nothing")
        return (char, char == ".") if char in "|^.$" else (re.escape(char), True)

    def _group(self, char: str) -> str:
        if char == ")":
            self._depth -= 1
            if self._depth < 0:
                raise InvalidPatternError("a ')' closes nothing")
            return ")"
        self._depth += 1
        if self._pattern.startswith("?:", self._at):
            self._at += 2
            return "(?:"
        self.groups += 1
        return "("

    def _quantifier(self) -> str:
        found = _QUANTIFIER.match(self._pattern, self._at)
        if found is None:
            raise InvalidPatternError("'{' starts no quantity")
        self._at = found.end()
        return found[0]

    def _escape(self, *, amid_class: bool) -> str:
        char = self._pattern[self._at : self._at + 1]
        named = _CATEGORY.match(self._pattern, self._at)
        if named is not None:
            if "i" in self._flags:
                raise ForeignPatternError("categories do not change with the flag i")
            self._at = named.end()
            return f"\\{named[0]}"
        if _BLOCK.match(self._pattern, self._at) or char in {"i", "I", "c", "C"}:
            raise ForeignPatternError(f"\\{char} is unknown to the engine")
        if char.isdigit() and not amid_class:
            raise ForeignPatternError("a back-reference")
        written = _SINGLE.get(char) or _SETS.get(char)
        if written is None:
            raise InvalidPatternError(f"'\\{char}' is no escape")
        self._at += 1
        return written

    def _class(self) -> str:
        """Return a character class behind its opening bracket."""
        pieces = ["["]
        if self._pattern.startswith("^", self._at):
            self._at += 1
            pieces.append("^")
        start, empty = len(pieces), True
        while True:
            char = self._pattern[self._at : self._at + 1]
            self._at += 1
            if not char:
                raise InvalidPatternError("a '[' is never closed")
            if char == "]":
                if empty:
                    raise InvalidPatternError("a class is empty")
                return "".join([*pieces, "]"])
            if char == "[":
                raise InvalidPatternError("a '[' in a class needs a '\\' before it")
            if char == "-" and self._pattern.startswith("[", self._at) and not empty:
                self._at += 1
                base = f"{''.join(pieces[:start])}{''.join(pieces[start:])}]"
                taken = self._class()
                if not self._pattern.startswith("]", self._at):
                    raise InvalidPatternError("a subtraction ends its class")
                self._at += 1
                return f"[{base}--{taken}]"
            pieces.append(self._member(char))
            empty = False

    def _member(self, char: str) -> str:
        if char == "\\":
            return self._escape(amid_class=True)
        following = self._pattern[self._at : self._at + 2]
        if char == "-" and not following.startswith("]"):
            before = self._pattern[self._at - 2]
            return "-" if before not in "[^" and following[:1] not in {"[", "]"} else r"\-"
        return f"\\{char}" if char in _AMID_CLASS else char


_REFERENCE = re.compile(r"\\(?P<escaped>.?)|\$(?P<digits>[0-9]*)", re.DOTALL)


def digits_of_group(digits: str, groups: int) -> int:
    """Return how many of the digits behind a ``$`` make a number of at most ``groups``, at least 1.

    F&O, section 5.6.4. Python refuses to read thousands of digits, and they are no group.
    """
    zeros = len(digits) - len(digits.lstrip("0"))
    length = min(len(digits), zeros + len(str(groups)))
    while length > 1 and int(digits[zeros:length] or "0") > groups:
        length -= 1
    return length


def replacement_for_engine(replacement: str, groups: int) -> str:
    """Return a replacement string of XPath (F&O 5.6.4) as the engine takes it.

    ``$N`` takes as many digits as make a number of at most ``groups``, the groups of the pattern; a
    number that is no group stands for nothing.

    Raises:
        InvalidPatternError: a ``$`` without a digit, or a backslash before anything but ``$`` or
            itself.
    """

    def write(match: re.Match[str]) -> str:
        if match["escaped"] is not None:
            if match["escaped"] not in {"$", "\\"}:
                raise InvalidPatternError("a backslash stands before '$' or another one")
            return "$$" if match["escaped"] == "$" else "\\"
        digits = match["digits"]
        if not digits:
            raise InvalidPatternError("a '$' stands before the number of a group")
        length = digits_of_group(digits, groups)
        number = int(digits[:length].lstrip("0") or "0")
        return (f"${{{number}}}" if number <= groups else "") + digits[length:]

    return _REFERENCE.sub(write, replacement)
