"""Answers of other servers, read whatever their layout and written as our engine reads them.

SPARQL 1.1 Query Results in JSON and XML (https://www.w3.org/TR/sparql11-results-json/,
https://www.w3.org/TR/rdf-sparql-XMLres/) leave much open, and servers use it: members before and
after the rows, white space, comments and CDATA, labels of blank nodes that are no names elsewhere,
an ASK answered as a table. Some values are wrong by any reading, and cost themselves alone. An
answer without its end is none: half of one looks like a whole one that is short.
"""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, parse_query_results

from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.store.answers_json import read_json
from sparql_endpoint.store.answers_xml import read_xml
from sparql_endpoint.store.remote_terms import put_right

__all__ = ["noting", "read_answer", "rewritten"]

_BLOCK = 1 << 16
_ASK_OF_VIRTUOSO = "__ASK_RETVAL"
_MOST_NOTICES = 10
_SURROGATE = re.compile("[\ud800-\udfff]")
_log = logging.getLogger(__name__)


def read_answer(
    body: IO[bytes], content_type: str, notices: list[Notice], *, ask: bool
) -> QuerySolutions | QueryBoolean:
    """Return the answer to an ASK or SELECT; solutions come as the body does.

    Args:
        body: the bytes of the answer.
        content_type: what the server says that they are.
        notices: where a sentence is added for each value that could not be kept whole.
        ask: whether it is the answer to an ASK.

    Raises:
        SyntaxError: it is no result in JSON or XML, or not a whole one, now or while it is read.
    """
    values = _reader(body, content_type)
    first = next(values)
    if isinstance(first, bool):
        if not ask:
            raise SyntaxError("it is a boolean, where rows were asked for")
        list(values)
        return _boolean(first)
    if ask:
        return _boolean(_truth(first, list(values)))
    stream = io.BufferedReader(_Rewritten(first, values, notices), _BLOCK)
    return cast(
        "QuerySolutions", parse_query_results(cast("IO[bytes]", stream), QueryResultsFormat.JSON)
    )


def noting(notices: list[Notice]) -> Callable[[str], None]:
    """Return what takes a sentence on a value, and adds it to the first ten notices that differ."""

    def tell(sentence: str) -> None:
        notice = Notice("remote-value", f"the server behind: {sentence}")
        if len(notices) < _MOST_NOTICES and notice not in notices:
            notices.append(notice)
            _log.warning("%s", notice.text)

    return tell


def rewritten(body: bytes, content_type: str) -> bytes:
    """Return a whole answer to a SELECT as our engine reads it, for its SERVICE.

    Raises:
        SyntaxError: it is no result in JSON or XML, or not a whole one.
    """
    values = _reader(io.BytesIO(body), content_type)
    names = next(values)
    if names is True or names is False:
        raise SyntaxError("it is a boolean, where rows were asked for")
    return _Rewritten(names, values, []).read()


def _reader(body: IO[bytes], content_type: str) -> Iterator[Any]:
    kind, _, parameters = content_type.lower().partition(";")
    kind = kind.strip()
    if kind.endswith(("json", "javascript")):
        return read_json(body)
    if kind.endswith("xml") and "html" not in kind:
        _, _, charset = parameters.partition("charset=")
        return read_xml(body, charset.partition(";")[0].strip(' "') or None)
    raise SyntaxError(f"it is {kind or 'of no media type'}, not results in JSON or XML")


def _truth(names: list[str], rows: list[Any]) -> bool:
    """Return the truth that Virtuoso tells as a table of one cell.

    Raises:
        SyntaxError: it is another table.
    """
    if names != [_ASK_OF_VIRTUOSO]:
        raise SyntaxError("it has rows, where a boolean was asked for")
    cells = [row.get(_ASK_OF_VIRTUOSO) for row in rows if isinstance(row, dict)]
    return any(isinstance(cell, dict) and cell.get("value") in ("1", "true") for cell in cells)


def _boolean(truth: bool) -> QueryBoolean:  # noqa: FBT001  # the value itself
    text = json.dumps({"head": {}, "boolean": truth}).encode()
    return cast("QueryBoolean", parse_query_results(text, QueryResultsFormat.JSON))


class _Rewritten(io.RawIOBase):
    """Rows as a document in JSON, written as it is read."""

    def __init__(self, names: list[str], rows: Iterator[Any], notices: list[Notice]) -> None:
        self._names = frozenset(names)
        self._tell = noting(notices)
        self._chunks = self._written(list(dict.fromkeys(names)), rows)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._left = chunk
        taken = min(len(buffer), len(self._left))
        buffer[:taken] = self._left[:taken]
        self._left = self._left[taken:]
        return taken

    def _written(self, names: list[str], rows: Iterator[Any]) -> Iterator[bytes]:
        yield b'{"head":{"vars":%b},"results":{"bindings":[' % json.dumps(names).encode()
        mark = b""
        for row in rows:
            yield mark + self._encoded(json.dumps(self._row(row), ensure_ascii=False))
            mark = b","
        yield b"]}}"

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError:
            self._tell("a text has half of a surrogate pair, for which U+FFFD stands")
            return _SURROGATE.sub("\ufffd", text).encode()

    def _row(self, row: Any) -> dict[str, Any]:
        if not isinstance(row, dict):
            reason = f"a row is {str(row)[:80]!r}"
            raise SyntaxError(reason)  # noqa: TRY004  # of the document
        unknown = row.keys() - self._names
        for name in unknown:
            self._tell(f"?{name} is not among the variables of the head and is left out")
        terms = {
            name: put_right(term, self._tell) for name, term in row.items() if name not in unknown
        }
        return {name: term for name, term in terms.items() if term is not None}
