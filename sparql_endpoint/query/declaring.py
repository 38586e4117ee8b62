"""Queries made whole for servers that do not know the prefixes that ours knows by itself."""

from collections.abc import Mapping
from itertools import pairwise

from sparql_endpoint.query.lexer import Lexer

__all__ = ["with_prefixes"]


def with_prefixes(text: str, known: Mapping[str, str]) -> str:
    """Return ``text`` with a declaration of each prefix in ``known`` that it uses undeclared.

    All of them stand on the first line, so that only its columns shift.

    Raises:
        QuerySyntaxError: the text has no tokens of SPARQL.
    """
    tokens = list(Lexer(text))
    used = {token.text.partition(":")[0] for token in tokens if token.kind == "name"}
    declared = {
        name.text.removesuffix(":")
        for keyword, name in pairwise(tokens)
        if keyword.kind == "word" and keyword.text.upper() == "PREFIX"
    }
    missing = sorted((used - declared) & known.keys())
    return "".join(f"PREFIX {prefix}: <{known[prefix]}> " for prefix in missing) + text
