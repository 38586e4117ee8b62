"""The prologue of a query, BASE and PREFIX, and the IRIs that are written by it.

SPARQL 1.1 Query, section 4.1.1: https://www.w3.org/TR/sparql11-query/#QSynIRI.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from pyoxigraph import NamedNode, RdfFormat, parse

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.near import nearest
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.tokens import Token

__all__ = ["Prologue"]

_ESCAPE = re.compile(r"\\(.)")
_FINISHED = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?!.*/\.)[^\\]*+")
_DECLARE: Mapping[str, str] = MappingProxyType(
    {
        "BASE": "write BASE <https://example.org/>",
        "PREFIX": "write PREFIX ex: <https://example.org/>",
        "VERSION": 'write VERSION "1.2"',
    }
)


class Prologue:
    """The base and the prefixes that a query has declared so far, over those always known.

    Without a BASE of the query, ``base`` is what relative IRIs resolve against (SPARQL 1.1 Query,
    section 4.1.1.2, https://www.w3.org/TR/sparql11-query/#relIRIs).
    """

    def __init__(
        self, text: str, known: Mapping[str, str] = PREFIXES, base: str | None = None
    ) -> None:
        self._text = text
        self._base = base
        self._declared: dict[str, str] = {}
        self._known = known
        self._keyword = ""
        self._prefix: str | None = None

    def take(self, token: Token) -> bool:
        """Take the next token of the query; False if it stands behind the prologue.

        The engine wants no space behind a keyword, so ``PREFIX:<a:>`` declares the empty prefix.

        Raises:
            QuerySyntaxError: a declaration has another form, or its IRI is none.
        """
        upper = token.text.upper()
        if token.kind == "word" and not self._keyword and upper in {"BASE", "PREFIX", "VERSION"}:
            self._keyword = upper
        elif token.kind == "name" and self._keyword == "PREFIX" and self._prefix is None:
            self._prefix = token.text.removesuffix(":")
        elif token.kind == "name" and not self._keyword and upper.startswith("PREFIX"):
            self._keyword, self._prefix = "PREFIX", token.text[6:].removesuffix(":")
        elif token.kind == "iri" and self._keyword in {"BASE", "PREFIX"}:
            self._declare(self.iri(token))
        elif token.kind == "string" and self._keyword == "VERSION":
            self._keyword = ""
        elif self._keyword:
            reason, hint = f"{self._keyword} is not declared like this", _DECLARE[self._keyword]
            raise QuerySyntaxError(reason, place_at(self._text, token.start), hint)
        else:
            return False
        return True

    def iri(self, token: Token) -> str:
        """Return the IRI that an ``iri`` or ``name`` token stands for, as the engine resolves it.

        Raises:
            QuerySyntaxError: its prefix is not declared, it is relative and there is no BASE, or
                it holds what an IRI cannot.
        """
        if token.kind == "iri":
            return self._resolve(token)
        prefix, _, local = token.text.partition(":")
        if (namespace := self.namespace(prefix)) is None:
            raise self.unknown(token)
        return namespace + _ESCAPE.sub(r"\1", local)

    def namespace(self, prefix: str) -> str | None:
        """Return what ``prefix`` (without its colon) stands for, None if it is not declared."""
        return self._declared.get(prefix, self._known.get(prefix))

    def unknown(self, token: Token) -> QuerySyntaxError:
        """Return the error for a name whose prefix is not declared, with the nearest that is."""
        prefix = token.text.partition(":")[0]
        every = {**self._known, **self._declared}
        near = nearest(prefix, every)
        hint = f"declare it by PREFIX {prefix}: <…>"
        if near is not None:
            hint = f"did you mean '{near}:' <{every[near]}>? Else {hint}"
        return QuerySyntaxError(
            f"the prefix '{prefix}:' is not declared", place_at(self._text, token.start), hint
        )

    def _declare(self, iri: str) -> None:
        if self._keyword == "BASE":
            self._base = iri
        else:
            self._declared[self._prefix or ""] = iri
        self._keyword, self._prefix = "", None

    def _resolve(self, token: Token) -> str:
        """Resolve through the engine itself, whose reading of RFC 3986 is the one that counts."""
        written = token.text[1:-1]
        try:
            if _FINISHED.fullmatch(written):
                return NamedNode(written).value
            triple = f"{token.text}<a:b><a:b>.".encode()
            subject = next(iter(parse(triple, RdfFormat.TURTLE, base_iri=self._base))).subject
        except (SyntaxError, ValueError):
            reason, hint = f"{token.text} is no IRI", ""
            if self._base is None and not re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", written):
                reason = f"{token.text} is a relative IRI and the query has no BASE"
                hint = "write it in full, from its scheme on: <https://…>"
            raise QuerySyntaxError(reason, place_at(self._text, token.start), hint) from None
        assert isinstance(subject, NamedNode)  # noqa: S101  # an IRI in angle brackets is one
        return subject.value
