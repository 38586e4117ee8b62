"""SPARQL results in JSON, a row at a time (https://www.w3.org/TR/sparql11-results-json/).

The order of members means nothing, and a reader passes over those that it does not know (section
3). So ``meta`` may stand behind the rows, as QLever writes it, and ``head`` too.
"""

import codecs
import json
from collections.abc import Iterator
from json.decoder import JSONDecodeError
from typing import IO, Any

__all__ = ["read_json"]

_BLOCK = 1 << 16
_MOST = 1 << 28
"""Characters of one value: a longer one is no row."""
_SPACE = " \t\r\n"


def read_json(body: IO[bytes]) -> Iterator[Any]:
    """Yield the names of the variables as a list, then each row; or a truth value alone.

    Where rows come before the head they are held until it is there.

    Raises:
        SyntaxError: it is no such document, or not a whole one.
    """
    text = _Text(body)
    names: list[str] | None = None
    held: list[Any] | None = None
    has_answer = has_rows = False
    for key in text.members():
        if key == "head":
            names = _names(text.value())
        elif key == "boolean":
            has_answer = True
            yield _truth(text.value())
        elif key == "results" and not has_rows:
            has_answer = has_rows = True
            if names is None:
                held = list(_bindings(text))
            else:
                yield names
                yield from _bindings(text)
        elif key == "results":
            raise SyntaxError("it has results twice")
        else:
            text.value()
    text.finish()
    if not has_answer or (has_rows and names is None):
        raise SyntaxError("it has neither a boolean nor rows with a head")
    if held is not None:
        yield names
        yield from held


def _bindings(text: "_Text") -> Iterator[Any]:
    for key in text.members():
        if key == "bindings":
            yield from text.items()
        else:
            text.value()


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise SyntaxError("its boolean is neither true nor false")


def _names(head: Any) -> list[str]:
    names = head.get("vars", []) if isinstance(head, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise SyntaxError("its head has no list of variables")
    return [name.lstrip("?$") for name in names]


class _Text:
    """JSON that is read on as it is wanted."""

    def __init__(self, body: IO[bytes]) -> None:
        self._body = body
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._parse = json.JSONDecoder(
            strict=False,
            parse_int=float,  # no number means anything here, and Python refuses long integers
        ).raw_decode
        self._text, self._at, self._ended = "", 0, False

    def members(self) -> Iterator[str]:
        """Yield the keys of an object; the value of each must be taken before the next."""
        self._take("{")
        if self._next() == "}":
            self._at += 1
            return
        while True:
            key = self.value()
            self._take(":")
            yield str(key)
            if self._goes_on("}"):
                continue
            return

    def items(self) -> Iterator[Any]:
        """Yield the values of an array."""
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield self.value()
            if not self._goes_on("]"):
                return

    def value(self) -> Any:
        """Return a value."""
        self._next()
        wanted = _BLOCK
        while True:
            try:
                value, end = self._parse(self._text, self._at)
            except (JSONDecodeError, StopIteration) as fault:
                if self._ended or len(self._text) - self._at > _MOST:
                    raise SyntaxError(self._fault()) from fault
            except RecursionError:
                raise SyntaxError("it is nested too deep") from None
            else:
                if end < len(self._text) or self._ended:  # else a number might go on
                    self._at = end
                    return value
            self._read(wanted)
            wanted *= 2

    def finish(self) -> None:
        """See that nothing follows."""
        if self._next():
            raise SyntaxError(f"behind its end stands {self._text[self._at : self._at + 80]!r}")

    def _goes_on(self, end: str) -> bool:
        mark = self._next()
        if mark not in (",", end) or not mark:
            raise SyntaxError(self._fault())
        self._at += 1
        return mark == ","

    def _take(self, mark: str) -> None:
        if self._next() != mark:
            raise SyntaxError(self._fault())
        self._at += 1

    def _next(self) -> str:
        """Return the next character that is no white space, which stays; nothing at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._text) or self._ended:
                return self._text[self._at : self._at + 1]
            self._read(_BLOCK)

    def _read(self, wanted: int) -> None:
        block = self._body.read(wanted)
        try:
            more = self._decode.decode(block, final=not block)
        except UnicodeDecodeError as fault:
            raise SyntaxError(f"it is not UTF-8: {fault.reason}") from None
        self._ended = not block
        self._text, self._at = self._text[self._at :] + more, 0

    def _fault(self) -> str:
        if self._ended and not self._text[self._at :].strip():
            return "it breaks off"
        return f"it cannot be read as JSON at {self._text[self._at : self._at + 1]!r}"
