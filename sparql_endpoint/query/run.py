"""Running a query in this process.

The engine calls any SERVICE, wherever that leads, so each is refused before the query runs.
"""

from pyoxigraph import Store

from sparql_endpoint.errors import QueryError, UpdateRefusedError
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.merge import Dataset, Merges
from sparql_endpoint.query.outline import Form, Outline, outline
from sparql_endpoint.query.syntax import explain
from sparql_endpoint.query.write import Results

__all__ = ["outline_safe", "run"]


def outline_safe(text: str) -> Outline:
    """Return the outline of a query that only reads, and only here.

    Raises:
        QuerySyntaxError: as ``outline``.
        UpdateRefusedError: it is an update.
        QueryError: it calls a service.
    """
    told = outline(text)
    if told.form is Form.UPDATE:
        raise UpdateRefusedError
    if told.services:
        service = told.services[0]
        target = f"<{service.target}>" if service.target else "whatever it finds"
        raise QueryError(
            f"line {service.place.line}, column {service.place.column}: SERVICE would send this"
            f" query to {target}; take that part out, and ask there yourself"
        )
    return told


def run(
    store: Store, text: str, graphs: tuple[tuple[str, ...], tuple[str, ...]] | None = None
) -> Results:
    """Return the results of a query, with our prefixes known to it.

    Args:
        store: what to ask.
        text: the query.
        graphs: the IRIs of the default graphs and of the named ones to ask, instead of those of
            the query's FROM.

    Raises:
        QuerySyntaxError: it does not parse.
        QueryError: it cannot be run as it stands.
    """
    told = outline_safe(text)
    wanted = told.dataset if graphs is None else graphs
    seen = Dataset(store) if wanted is None else Merges(store).dataset(*wanted)
    try:
        return seen.store.query(
            text,
            prefixes=dict(PREFIXES),
            default_graph=seen.default_graph,
            named_graphs=seen.named_graphs,
        )
    except SyntaxError as fault:
        raise explain(text, fault) from None
    except RuntimeError as fault:
        raise QueryError(str(fault)) from None
