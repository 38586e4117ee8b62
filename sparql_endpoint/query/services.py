"""Finding every SERVICE that the engine would call.

https://www.w3.org/TR/sparql11-federated-query/#rServiceGraphPattern. The engine wants no space
around keywords: ``trueSERVICESILENT?x`` and ``SERVICEid:x`` call a service, and so does
``SERVICE:x`` where there is an empty prefix. What cannot be told apart counts as a call.
"""

from dataclasses import dataclass

from sparql_endpoint.errors import Place
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.prologue import Prologue
from sparql_endpoint.query.tokens import Token

__all__ = ["Service", "ServiceFinder"]

_SERVICE = "SERVICE"
_BEFORE_NAMES = ("FROM", "GRAPH", "NAMED")


@dataclass(frozen=True)
class Service:
    """A SERVICE clause: the IRI it calls, or None where only running the query would tell."""

    target: str | None
    silent: bool
    place: Place
    span: tuple[int, int]
    """Where in the query the target stands: its offset and that behind it."""


class ServiceFinder:
    """Collects the services of a query as its tokens pass by, into ``found``."""

    def __init__(self, text: str, prologue: Prologue) -> None:
        self.found: list[Service] = []
        self._text = text
        self._prologue = prologue
        self._call: Token | None = None
        self._silent = False
        self._names_graph = False
        self._suspect: Token | None = None

    def take(self, token: Token) -> None:
        """Take the next token behind the query's first keyword.

        Raises:
            QuerySyntaxError: a service is named by what is no IRI.
        """
        if self._call is not None:
            self._take_target(token, self._call)
        elif token.kind == "word":
            self._take_word(token)
        elif token.kind == "name":
            called = _SERVICE in token.text.partition(":")[0].upper()
            self._suspect = token if called and not self._names_graph else None
            self._names_graph = False
        else:
            if token.text == "{" and self._suspect is not None:
                self._add(None, self._suspect, self._suspect)
            self._suspect, self._names_graph = None, False

    def _take_word(self, token: Token) -> None:
        self._suspect, self._names_graph = None, token.ends_with(_BEFORE_NAMES)
        if _SERVICE in token.text.upper():
            self._call, self._silent = token, token.ends_with("SILENT")

    def _take_target(self, token: Token, call: Token) -> None:
        if token.ends_with("SILENT"):
            self._silent = True
            return
        named = token.kind in {"iri", "name"}
        self._call = None
        self._add(self._prologue.iri(token) if named else None, call, token)

    def _add(self, target: str | None, call: Token, named_by: Token) -> None:
        place, span = (
            place_at(self._text, call.start),
            (named_by.start, named_by.start + len(named_by.text)),
        )
        self.found.append(Service(target, self._silent, place, span))
        self._silent = False
