"""Which texts the datatypes of XML Schema allow (https://www.w3.org/TR/xmlschema11-2/).

A literal is ill-typed where its text is not in the lexical space of its datatype (RDF 1.1
Concepts, section 5.1, https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes). White space is not
removed before: the facet that does so is XML's, so that ``" 7"`` is no integer. rdflib's own
reading knows neither years before 1 nor after 9999, nor 24:00:00, and lets months of 13 pass.
"""

import re
from calendar import isleap
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sparql_endpoint.names import expand

__all__ = ["is_well_formed"]

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>0[1-9]|1[0-2])"
_DAY = r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_SECONDS = r"[0-9]+(?:\.[0-9]+)?S"
_HOURS = rf"T(?:[0-9]+H(?:[0-9]+M)?(?:{_SECONDS})?|[0-9]+M(?:{_SECONDS})?|{_SECONDS})"
_DAYS = rf"(?:[0-9]+D(?:{_HOURS})?|{_HOURS})"
_MONTHS = r"(?:[0-9]+Y(?:[0-9]+M)?|[0-9]+M)"
_NAME_START = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = _NAME_START + r"0-9.\-\u00B7\u0300-\u036F\u203F\u2040"
_B64 = r"[A-Za-z0-9+/]"

_PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        # 3.3.2 boolean, 3.3.3 decimal, 3.3.4 float, 3.3.5 double
        "boolean": r"true|false|1|0",
        "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
        "float": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN",
        # 3.3.6 duration, 3.4.26 yearMonthDuration, 3.4.27 dayTimeDuration
        "duration": rf"-?P(?:{_MONTHS}{_DAYS}?|{_DAYS})",
        "yearMonthDuration": rf"-?P{_MONTHS}",
        "dayTimeDuration": rf"-?P{_DAYS}",
        # 3.3.7 dateTime to 3.3.14 gMonth, 3.4.28 dateTimeStamp
        "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
        "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "time": rf"{_TIME}{_ZONE}?",
        "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
        "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
        "gYear": rf"{_YEAR}{_ZONE}?",
        "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}?",
        "gDay": rf"---{_DAY}{_ZONE}?",
        "gMonth": rf"--{_MONTH}{_ZONE}?",
        # 3.3.15 hexBinary, 3.3.16 base64Binary
        "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
        "base64Binary": (
            rf"(?:(?:{_B64} ?){{4}})*"
            rf"(?:(?:{_B64} ?){{3}}{_B64}|(?:{_B64} ?){{2}}[AEIMQUYcgkosw048] ?=|"
            rf"{_B64} ?[AQgw] ?= ?=)?"
        ),
        # 3.4.1 normalizedString to 3.4.7 NCName
        "normalizedString": r"[^\r\n\t]*",
        "token": r"(?:[^\r\n\t ]+(?: [^\r\n\t ]+)*)?",
        "language": r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*",
        "NMTOKEN": rf"[:{_NAME}]+",
        "Name": rf"[:{_NAME_START}][:{_NAME}]*",
        "NCName": rf"[{_NAME_START}][{_NAME}]*",
        # 3.4.13 integer
        "integer": r"[+-]?[0-9]+",
    }
)
# 3.4.14 nonPositiveInteger to 3.4.25 positiveInteger
_BOUNDS: Mapping[str, tuple[int | None, int | None]] = MappingProxyType(
    {
        "nonPositiveInteger": (None, 0),
        "negativeInteger": (None, -1),
        "nonNegativeInteger": (0, None),
        "positiveInteger": (1, None),
        **{
            name: (-(1 << bits - 1), (1 << bits - 1) - 1)
            for name, bits in (("long", 64), ("int", 32), ("short", 16), ("byte", 8))
        },
        **{
            f"unsigned{name}": (0, (1 << bits) - 1)
            for name, bits in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))
        },
    }
)
_LONGEST_BOUND = 30
"""Maximum digits of a number within the bounds of any datatype; a longer number is outside."""


_PERIOD = 4
"""The number of last digits of a year that decide whether it is a leap year."""


def is_well_formed(text: str, datatype: str) -> bool:
    """Return whether ``text`` is in the lexical space of ``datatype``, an IRI.

    Every text is in the lexical space of ``xsd:string`` and ``xsd:anyURI`` (sections 3.3.1 and
    3.3.17); the same is assumed of datatypes outside XML Schema.
    """
    check = _CHECKS.get(datatype)
    return check is None or check(text)


def _matching(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)

    def check(text: str) -> bool:
        match = compiled.fullmatch(text)
        return match is not None and _has_day(match.groupdict())

    return check


def _has_day(parts: Mapping[str, str | None]) -> bool:
    """Return whether the month has the day (section E.3.2); without a year, in a leap year."""
    month, day = parts.get("month"), parts.get("day")
    if month is None or day is None:
        return True
    leap = isleap(int((parts.get("year") or "4")[-_PERIOD:]))
    last = {2: 29 if leap else 28, 4: 30, 6: 30, 9: 30, 11: 30}
    return int(day) <= last.get(int(month), 31)


def _within(least: int | None, most: int | None) -> Callable[[str], bool]:
    is_integer = _matching(_PATTERNS["integer"])

    def check(text: str) -> bool:
        if not is_integer(text):
            return False
        digits = text.lstrip("+-").lstrip("0")
        negative = text.startswith("-")
        if len(digits) > _LONGEST_BOUND:
            return (least if negative else most) is None
        number = -int(digits or 0) if negative else int(digits or 0)
        return (least is None or number >= least) and (most is None or number <= most)

    return check


_CHECKS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        expand(f"xsd:{name}"): check
        for name, check in (
            *((name, _matching(pattern)) for name, pattern in _PATTERNS.items()),
            *((name, _within(*bounds)) for name, bounds in _BOUNDS.items()),
            ("double", _matching(_PATTERNS["float"])),
        )
    }
)
