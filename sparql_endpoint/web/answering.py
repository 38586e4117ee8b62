"""From a request to the bytes of its answer: out of the cache, else by the runner."""

import hashlib
import re
from collections.abc import Hashable

from sparql_endpoint.errors import QueryError
from sparql_endpoint.query.formats import Format
from sparql_endpoint.query.outline import Form, outline
from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.runner import Answer, Question
from sparql_endpoint.web.service import Service

__all__ = ["answer_key", "answer_to", "entity_tag", "is_graph_query", "is_steady"]

_CHANGING = re.compile(r"\b(?:BNODE|NOW|RAND|SERVICE|STRUUID|UUID)\b", re.IGNORECASE)


def is_steady(query: str) -> bool:
    """Return whether the same data always gives ``query`` the same answer; False when in doubt."""
    return _CHANGING.search(query) is None


def answer_key(service: Service, asked: QueryRequest, fmt: Format) -> Hashable:
    """Return what an answer is known by: the dataset, the query, its graphs and the format."""
    return (service.about.digest, asked.query, asked.dataset, fmt.name)


def answer_to(service: Service, asked: QueryRequest, fmt: Format) -> Answer:
    """Return the answer to ``asked`` in ``fmt``; a whole one is kept for the next who asks.

    Raises:
        QueryError: as ``Runner.run``.
    """
    key = answer_key(service, asked, fmt)
    body = service.cache.get(key)
    if body is not None:
        return Answer([body])
    answer = service.runner.run(Question(asked.query, asked.dataset, fmt))
    if answer.complete and isinstance(answer.chunks, list) and is_steady(asked.query):
        service.cache.put(key, b"".join(answer.chunks))
    return answer


def entity_tag(key: Hashable) -> str:
    """Return the weak validator of an answer: its rows may come in another order next time.

    RFC 9110, section 8.8.1: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
    """
    return f'W/"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"'


def is_graph_query(query: str) -> bool:
    """Return whether ``query`` gives triples (CONSTRUCT, DESCRIBE), not solutions.

    Raises:
        QueryError: it is no query.
    """
    form = outline(query).form
    if form is Form.UPDATE:
        raise QueryError("this is an update, not a query; and this service is read only")
    return form.gives_graph
