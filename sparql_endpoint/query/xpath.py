"""Functions of XPath that the engine lacks or has otherwise, as pyoxigraph takes custom ones.

Each takes terms and returns one, or None for an expression error. A call takes some ten times as
long as one of a function of the engine, so queries are turned to these only where the engine's own
would be wrong.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from types import MappingProxyType
from typing import TypeGuard

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.patterns import digits_of_group

__all__ = ["FUNCTIONS", "NAMESPACE", "Function", "unknown"]

Term = NamedNode | BlankNode | Literal | Triple
Function = Callable[..., Term | None]

NAMESPACE = "urn:x-forumgraph:function:"
"""What the names of our functions start with; no query is meant to write them."""

_XSD = PREFIXES["xsd"]
_STRING = f"{_XSD}string"
_TEXTS = frozenset({_STRING, f"{PREFIXES['rdf']}langString"})
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}


def regex(text: Term, pattern: Term, flags: Term | None = None) -> Literal | None:
    """Return whether a text matches a pattern: SPARQL 1.1, section 17.4.3.14, fn:matches."""
    compiled = _compiled(pattern, flags)
    if compiled is None or not _is_text(text):
        return None
    return Literal(compiled.search(text.value) is not None)


def replace(
    text: Term, pattern: Term, replacement: Term, flags: Term | None = None
) -> Literal | None:
    """Return a text with each match replaced: SPARQL 1.1, section 17.4.3.15, fn:replace.

    A pattern that matches the empty string is an error (F&O 5.6.4, FORX0003).
    """
    compiled = _compiled(pattern, flags)
    if compiled is None or not _is_text(text) or not _is_simple(replacement):
        return None
    if compiled.search("") is not None:
        return None
    if _is_simple(flags) and "q" in flags.value:
        written = replacement.value
        made = compiled.sub(lambda _: written, text.value)
    else:
        pieces = _pieces(replacement.value, compiled.groups)
        if pieces is None:
            return None
        made = compiled.sub(lambda match: _filled(pieces, match), text.value)
    return Literal(made, language=text.language) if text.language else Literal(made)


def _is_text(term: Term) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and term.datatype.value in _TEXTS


def _is_simple(term: Term | None) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and term.datatype.value == _STRING


def _compiled(pattern: Term, flags: Term | None) -> re.Pattern[str] | None:
    if not _is_simple(pattern):
        return None
    if flags is None:
        return compiled(pattern.value, "")
    return compiled(pattern.value, flags.value) if _is_simple(flags) else None


@lru_cache(maxsize=256)
def compiled(pattern: str, flags: str) -> re.Pattern[str] | None:
    """Return a pattern of XPath as one of Python, None for one that is no pattern of XPath."""
    from elementpath.regex import RegexError, translate_pattern  # noqa: PLC0415  # takes long to come

    if set(flags) - set("smixq"):
        return None
    options = 0
    for flag, option in _FLAGS.items():
        options |= option if flag in flags else 0
    if "q" in flags:
        return re.compile(re.escape(pattern), options)
    try:
        translated = translate_pattern(
            _without_spaces(pattern) if "x" in flags else pattern,
            options,
            xsd_version="1.1",
            back_references=True,
            lazy_quantifiers=True,
            anchors=True,
        )
        return re.compile(translated, options)
    except (RegexError, re.error, OverflowError, RecursionError):
        return None


def _without_spaces(pattern: str) -> str:
    """Return a pattern without the white space that flag x removes: all that is in no class."""
    pieces, depth, at = list[str](), 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            pieces.append(pattern[at : at + 2])
            at += 2
            continue
        depth += (char == "[") - (char == "]")
        if depth or char not in "\t\n\r ":
            pieces.append(char)
        at += 1
    return "".join(pieces)


_REFERENCE = re.compile(r"\\(.?)|\$([0-9]*)", re.DOTALL)


@lru_cache(maxsize=256)
def _pieces(replacement: str, groups: int) -> tuple[str | int, ...] | None:
    """Return the texts and numbers of groups of a replacement, None if it is none of XPath."""
    pieces, at = list[str | int](), 0
    for match in _REFERENCE.finditer(replacement):
        pieces.append(replacement[at : match.start()])
        at = match.end()
        escaped, digits = match.groups()
        if escaped is not None:
            if escaped not in {"$", "\\"}:
                return None
            pieces.append(escaped)
        elif not digits:
            return None
        else:
            length = digits_of_group(digits, groups)
            number = int(digits[:length].lstrip("0") or "0")
            pieces += [number] if number <= groups else []
            pieces.append(digits[length:])
    return (*pieces, replacement[at:])


def _filled(pieces: tuple[str | int, ...], match: re.Match[str]) -> str:
    return "".join(piece if isinstance(piece, str) else (match[piece] or "") for piece in pieces)


# Casts: SPARQL 1.1, section 17.5 (https://www.w3.org/TR/sparql11-query/#FunctionMapping), by the
# rules of F&O, section 19 (https://www.w3.org/TR/xpath-functions-31/#casting).

_FLOATS = frozenset({f"{_XSD}double", f"{_XSD}float"})
_INTEGERS = frozenset(
    f"{_XSD}{name}"
    for name in (
        "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte",
        "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
        "positiveInteger",
    )
)  # fmt: skip
_BOOLEAN, _DECIMAL = f"{_XSD}boolean", f"{_XSD}decimal"
_DATE, _DATE_TIME = f"{_XSD}date", f"{_XSD}dateTime"
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(rf"{_NUMBER.pattern}(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_TRUTH = {"true": "true", "1": "true", "false": "false", "0": "false"}
_ZONE = r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
_MOMENT = re.compile(
    r"-?(?:[1-9][0-9]{3,}|0[0-9]{3})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
    rf"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?){_ZONE}"
)
_LEAST_PLAIN, _MOST_PLAIN = Decimal("1e-6"), Decimal("1e6")
_MOST_DIGITS = 400
_SPECIAL = frozenset({"INF", "-INF", "NaN", "+INF"})


def _as_number(term: Literal) -> str | None:
    """Return the lexical form of a number or truth value as a number, None for other terms."""
    kind = term.datatype.value
    if kind == _BOOLEAN:
        truth = _TRUTH.get(term.value)
        return None if truth is None else str(int(truth == "true"))
    return term.value if kind in _FLOATS | _INTEGERS | {_DECIMAL} else None


def _collapsed(term: Term) -> str | None:
    """Return a simple literal's text without white space around it; None for another term."""
    return term.value.strip("\t\n\r ") if _is_simple(term) else None


def cast_string(term: Term) -> Literal | None:
    """Return xsd:string(term): F&O 19.1.1; doubles as 19.1.2.2 writes them."""
    if isinstance(term, NamedNode):
        return Literal(term.value)
    if not isinstance(term, Literal):
        return None
    return Literal(_canonical(term.value) if term.datatype.value in _FLOATS else term.value)


def _canonical(number: str) -> str:
    """Return a double as XPath writes it: plainly from 1e-6 to 1e6, else with an exponent."""
    if number in _SPECIAL:
        return number.lstrip("+")
    try:
        value = Decimal(number)
    except InvalidOperation:  # it is ill-typed
        return number
    if value == 0:
        return "-0" if value.is_signed() else "0"
    if _LEAST_PLAIN <= abs(value) < _MOST_PLAIN:
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    mantissa, _, exponent = f"{value.normalize():E}".partition("E")
    return f"{mantissa if '.' in mantissa else f'{mantissa}.0'}E{int(exponent)}"


def cast_boolean(term: Term) -> Literal | None:
    """Return xsd:boolean(term): F&O 19.1.7."""
    text = _collapsed(term)
    if text is not None:
        truth = _TRUTH.get(text)
        return None if truth is None else Literal(truth, datatype=NamedNode(_BOOLEAN))
    number = _as_number(term) if isinstance(term, Literal) else None
    if number is None:
        return None
    return Literal(number != "NaN" and ("INF" in number or Decimal(number) != 0))


def _cast_float(term: Term, datatype: str) -> Literal | None:
    text = _collapsed(term)
    if text is not None and not _DOUBLE.fullmatch(text):
        return None
    if text is None:
        text = _as_number(term) if isinstance(term, Literal) else None
    return (
        None if text is None else Literal(text.replace("+INF", "INF"), datatype=NamedNode(datatype))
    )


def cast_double(term: Term) -> Literal | None:
    """Return xsd:double(term): F&O 19.1.2.2."""
    return _cast_float(term, f"{_XSD}double")


def cast_float(term: Term) -> Literal | None:
    """Return xsd:float(term): F&O 19.1.2.1."""
    return _cast_float(term, f"{_XSD}float")


def cast_decimal(term: Term) -> Literal | None:
    """Return xsd:decimal(term): F&O 19.1.2.3."""
    text = _collapsed(term)
    if text is not None and not _NUMBER.fullmatch(text):
        return None
    if text is None:
        text = _as_number(term) if isinstance(term, Literal) else None
    if text is None or text in _SPECIAL:
        return None
    number = Decimal(text)
    if abs(number.adjusted()) > _MOST_DIGITS:
        return None
    return Literal(f"{number:f}", datatype=NamedNode(_DECIMAL))


def cast_integer(term: Term) -> Literal | None:
    """Return xsd:integer(term): F&O 19.1.2.4; fractions are cut off."""
    text = _collapsed(term)
    if text is not None and not _INTEGER.fullmatch(text):
        return None
    if text is None:
        text = _as_number(term) if isinstance(term, Literal) else None
    if text is None or text in _SPECIAL:
        return None
    number = Decimal(text)
    if abs(number.adjusted()) > _MOST_DIGITS:
        return None
    return Literal(f"{int(number)}", datatype=NamedNode(f"{_XSD}integer"))


def cast_date_time(term: Term) -> Literal | None:
    """Return xsd:dateTime(term): F&O 19.1.5."""
    if not isinstance(term, Literal):
        return None
    if term.datatype.value == _DATE_TIME:
        return term
    if term.datatype.value == _DATE:
        zone = re.search(rf"(?<=[0-9]{{2}}){_ZONE}\Z", term.value[8:])
        at = len(term.value) - len(zone[0] if zone else "")
        return Literal(
            f"{term.value[:at]}T00:00:00{term.value[at:]}", datatype=NamedNode(_DATE_TIME)
        )
    text = _collapsed(term)
    if text is None or not _MOMENT.fullmatch(text):
        return None
    return Literal(text, datatype=NamedNode(_DATE_TIME))


def nan_comparison(left: Term, right: Term) -> Literal | None:
    """Return that NaN compares as false with a number: F&O 4.3; nothing for other operands."""
    if not _is_number(left) or not _is_number(right):
        return None
    return Literal(value=False) if "NaN" in {left.value, right.value} else None


def _is_number(term: Term) -> TypeGuard[Literal]:
    return isinstance(term, Literal) and term.datatype.value in _FLOATS | _INTEGERS | {_DECIMAL}


def unknown(*_: Term) -> None:
    """Return nothing, which is an expression error: a call of a function that is not known here."""


FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        "regex": regex,
        "replace": replace,
        "string": cast_string,
        "boolean": cast_boolean,
        "double": cast_double,
        "float": cast_float,
        "decimal": cast_decimal,
        "integer": cast_integer,
        "dateTime": cast_date_time,
        "nan": nan_comparison,
    }
)
"""Our functions by their names behind ``NAMESPACE``."""
