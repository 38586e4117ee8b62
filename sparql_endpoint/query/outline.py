"""What a query asks for, without running it: its form, dataset, services and nesting.

FROM: https://www.w3.org/TR/sparql11-query/#specifyingDataset; SERVICE:
https://www.w3.org/TR/sparql11-federated-query/#rServiceGraphPattern.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from sparql_endpoint.errors import QuerySyntaxError
from sparql_endpoint.query.lexer import Lexer
from sparql_endpoint.query.near import nearest
from sparql_endpoint.query.places import place_at
from sparql_endpoint.query.prologue import Prologue
from sparql_endpoint.query.services import Service, ServiceFinder
from sparql_endpoint.query.tokens import Token

__all__ = ["Form", "Outline", "outline"]

_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_CLAUSES = ("FROM", "NAMED")
_REMEMBERED = 256


class Form(StrEnum):
    """What a request is, by the first keyword behind its prologue."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"
    UPDATE = "UPDATE"
    """Any operation of SPARQL 1.1 Update."""

    @property
    def gives_graph(self) -> bool:
        """Whether the answer is triples, not solutions or a truth value."""
        return self in {Form.CONSTRUCT, Form.DESCRIBE}


@dataclass(frozen=True)
class Outline:
    """What can be told of a query from its text."""

    form: Form
    default_graphs: tuple[str, ...]
    """The IRIs of FROM, each once."""
    named_graphs: tuple[str, ...]
    """The IRIs of FROM NAMED, each once."""
    services: tuple[Service, ...]
    """Every SERVICE that the engine could see, and at worst one that it would not."""
    depth: int
    """The deepest nesting of brackets."""
    size: int
    """How many tokens there are."""

    @property
    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """Default graphs and named graphs, or None without any FROM."""
        if self.default_graphs or self.named_graphs:
            return self.default_graphs, self.named_graphs
        return None


@lru_cache(maxsize=_REMEMBERED)
def outline(text: str, base: str | None = None) -> Outline:
    """Return the outline of a query, in time linear in its length; prefixes of ours are known.

    Args:
        text: the query.
        base: the IRI that its relative IRIs resolve against where it has no BASE.

    Raises:
        QuerySyntaxError: the text has no tokens of SPARQL, unmatched brackets, no keyword to start
            with, an undeclared prefix or a bad IRI in a FROM or SERVICE; or ``<`` in it can be read
            in two ways, of which one could hide a SERVICE.
    """
    return _Reader(text, base).read()


_QUERIES = tuple(form for form in Form if form != Form.UPDATE)


class _Reader:
    """One pass over the tokens."""

    def __init__(self, text: str, base: str | None) -> None:
        self._text = text
        self._lexer = Lexer(text)
        self._prologue = Prologue(text, base=base)
        self._services = ServiceFinder(text, self._prologue)
        self._graphs: dict[str, list[str]] = {clause: [] for clause in _CLAUSES}
        self._clause = ""
        self._form: Form | None = None
        # A keyword stands in the text letter by letter, so most texts need no search for these.
        capitals = text.upper()
        self._has_clauses = "FROM" in capitals
        self._has_services = "SERVICE" in capitals

    def read(self) -> Outline:
        size = 0
        for size, token in enumerate(self._lexer, start=1):  # noqa: B007  # the count is wanted
            self._take(token)
        if self._form is None:
            raise QuerySyntaxError("there is no query here", place_at(self._text, 0))
        self._check_doubt()
        default, named = (tuple(dict.fromkeys(self._graphs[clause])) for clause in _CLAUSES)
        services = tuple(self._services.found)
        return Outline(self._form, default, named, services, self._lexer.depth, size)

    def _take(self, token: Token) -> None:
        if self._form is not None:
            if self._has_clauses:
                self._take_clause(token)
            if self._has_services:
                self._services.take(token)
        elif not self._prologue.take(token):
            self._form = self._form_of(token)

    def _form_of(self, token: Token) -> Form:
        """Tell the form, also where the next keyword follows without a space."""
        word = token.text.upper() if token.kind == "word" else ""
        if word.startswith(_UPDATES):
            return Form.UPDATE
        for form in Form:
            if word.startswith(form):
                return form
        near = nearest(word, _QUERIES)
        raise QuerySyntaxError(
            "a query starts with SELECT, ASK, CONSTRUCT or DESCRIBE",
            place_at(self._text, token.start),
            f"did you mean {near}?" if near else "",
        )

    def _take_clause(self, token: Token) -> None:
        """Collect FROM and FROM NAMED, which stand outside all brackets."""
        if self._clause and token.kind in {"iri", "name"}:
            self._graphs[self._clause].append(self._prologue.iri(token))
        outside = self._lexer.nesting == 0
        self._clause = next((c for c in _CLAUSES if outside and token.ends_with(c)), "")

    def _check_doubt(self) -> None:
        """Refuse a text in which another reading of one ``<`` could show a SERVICE.

        It would have to hide in what this reading takes for a string, a comment or an IRI.
        """
        doubtful = self._lexer.doubtful
        if doubtful is None:
            return
        hidden = _services_in(self._text) - sum(
            _services_in(token.text)
            for token in Lexer(self._text)
            if token.kind not in {"iri", "string"}
        )
        if hidden:
            raise QuerySyntaxError(
                "'<' can be read in two ways here",
                place_at(self._text, doubtful.start),
                "write a space behind it to compare, or the IRI with a prefix",
            )


def _services_in(text: str) -> int:
    return text.upper().count("SERVICE")
