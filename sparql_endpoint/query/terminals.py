"""The terminals of SPARQL as regular expressions, each with the rule that it implements.

SPARQL 1.1 Query, section 19.8: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, and what
SPARQL 1.2 adds to it, since the engine reads that too: https://www.w3.org/TR/sparql12-query/.
Every repetition is possessive, so that no text costs more than linear time.
"""

import re
from functools import cache

__all__ = ["IRI", "NAME_RUN", "SKIP", "STRING", "STRING_START", "pattern"]

# https://www.w3.org/TR/sparql11-query/#rPN_CHARS_BASE, #rPN_CHARS_U and #rPN_CHARS
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_EXTRA = "\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"[{_BASE}_0-9{_EXTRA}\-]"

# https://www.w3.org/TR/sparql12-query/#codepointEscape: only in strings and IRIs
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
# https://www.w3.org/TR/sparql11-query/#rECHAR
_ECHAR = rf"\\[tbnrf\\\"']|{_UCHAR}"

# https://www.w3.org/TR/sparql11-query/#rIRIREF
_IRIREF = rf"<(?:[^<>\"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>"

# https://www.w3.org/TR/sparql11-query/#rPN_PREFIX, #rPN_LOCAL, #rPLX and #rPNAME_LN
_PREFIX = rf"[{_BASE}](?:{_CHARS}|\.++(?={_CHARS}))*+"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_BASE}_:0-9]|{_PLX})(?:{_CHARS}|:|{_PLX}|\.++(?=[:%\\]|{_CHARS}))*+"
_PNAME = rf"(?:{_PREFIX})?+:(?:{_LOCAL})?+"

# https://www.w3.org/TR/sparql11-query/#rBLANK_NODE_LABEL
_BLANK = rf"_:[{_BASE}_0-9](?:{_CHARS}|\.++(?={_CHARS}))*+"
# https://www.w3.org/TR/sparql11-query/#rVAR1, #rVAR2 and #rVARNAME
_VAR = rf"[?$][{_BASE}_0-9][{_BASE}_0-9{_EXTRA}]*+"
# https://www.w3.org/TR/sparql12-query/#rLANG_DIR, LANGTAG in 1.1
_LANGTAG = r"@[a-zA-Z]++(?:-[a-zA-Z0-9]++)*+(?:--[a-zA-Z]++)?+"
# https://www.w3.org/TR/sparql11-query/#rINTEGER, #rDECIMAL and #rDOUBLE
_NUMBER = r"(?:[0-9]++(?:\.[0-9]++|\.(?=[eE][+-]?[0-9]))?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
# https://www.w3.org/TR/sparql11-query/#rSTRING_LITERAL_LONG1 and #rSTRING_LITERAL1, and the twos;
# three quotation marks never stand for an empty string and the start of another
_STRING = "|".join(
    rf"{mark}{{3}}(?:{mark}{{0,2}}+(?:[^{mark}\\]|{_ECHAR}))*+{mark}{{3}}"
    rf"|{mark}(?!{mark}{{2}})(?:[^{mark}\\\n\r]|{_ECHAR})*+{mark}"
    for mark in "\"'"
)
# Keywords and names of functions, and whatever stands where one should
_WORD = "[A-Za-z_][A-Za-z0-9_]*+"
_SIGN = r"\^\^|&&|\|\||!=|>=|\{\||\|\}|\)>>|>>|[=!>+\-*/|^?.,;(){}\[\]~]"
# https://www.w3.org/TR/sparql11-query/#rWS, and a comment: section 19.4
_SKIP = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"

IRI = _IRIREF
"""The pattern of an IRI in angle brackets."""

STRING = _STRING
"""The pattern of a string, long or short."""

SKIP = re.compile(_SKIP)
"""White space and comments, as much as there is."""

STRING_START = re.compile(
    "|".join(
        rf"{mark}{{3}}(?:{mark}{{0,2}}+(?:[^{mark}\\]|{_ECHAR}))*+"
        rf"|{mark}(?:[^{mark}\\\n\r]|{_ECHAR})*+"
        for mark in "\"'"
    )
)
"""A string up to its end or to what cannot stand in it."""

NAME_RUN = re.compile(rf"(?:{_CHARS}|\.)*+")
"""The characters that a prefix may hold, as many as there are."""


@cache
def pattern(compares: bool, names: bool) -> re.Pattern[str]:  # noqa: FBT001  # keywords cost time
    """Return the expression for white space and then one token, its kind the matching group's name.

    Args:
        compares: an operand of an expression stands before, so that ``<`` compares.
        names: a prefixed name may start here.
    """
    kinds = {
        "iri": "(?!)" if compares else _IRIREF,
        "less": "<=?" if compares else r"<<\(|<<|<=?",
        "string": _STRING,
        "variable": _VAR,
        "blank": _BLANK,
        "name": _PNAME if names else ":(?!)",
        "number": _NUMBER,
        "word": _WORD,
        "langtag": _LANGTAG,
        "sign": _SIGN,
        "end": r"\Z",
    }
    return re.compile(_SKIP + "(?:" + "|".join(f"(?P<{k}>{v})" for k, v in kinds.items()) + ")")
