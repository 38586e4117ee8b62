"""From a question to the bytes of its answer: out of the cache, else by the runner."""

import hashlib
import re
from collections.abc import Hashable
from functools import lru_cache

from sparql_endpoint.web.runner import Answer, Question
from sparql_endpoint.web.service import Service

__all__ = [
    "GONE",
    "answer_key",
    "answer_to",
    "entity_tag",
    "is_steady",
    "keep",
    "kept_answer",
]

GONE = "forumgraph.gone"
"""Where the server leaves the function that tells whether the client has hung up, if it can."""

_CHANGING = re.compile(r"\b(?:BNODE|NOW|RAND|SERVICE|STRUUID|UUID)\b")


@lru_cache(maxsize=16)
def is_steady(query: str) -> bool:
    """Return whether the same data always gives ``query`` the same answer; False when in doubt."""
    return _CHANGING.search(query.upper()) is None


def answer_key(served: Service, asked: Question) -> Hashable:
    """Return what an answer is known by: the dataset, the query, its graphs and the formats."""
    formats = (asked.result_format, asked.graph_format)
    return (served.about.digest, asked.query, asked.dataset, *formats, asked.max_rows, asked.base)


def answer_to(served: Service, asked: Question) -> Answer:
    """Return the answer to ``asked``; a whole one is kept for the next who asks.

    Raises:
        QueryError, UsageError, EngineError, TooManyRequestsError: as ``Runner.run``.
    """
    return kept_answer(served, asked) or keep(served, asked, served.runner.run(asked))


def kept_answer(served: Service, asked: Question) -> Answer | None:
    """Return the answer to ``asked`` that is kept, if there is one."""
    key = answer_key(served, asked)
    for graph in (False, True):
        body = served.cache.get((key, graph))
        if body is not None:
            served.metrics.hit()
            return Answer(graph, [body])
    return None


def keep(served: Service, asked: Question, answer: Answer) -> Answer:
    """Return ``answer``, kept for the next who asks if it is whole, lasting and as it should be."""
    lasting = is_steady(asked.query) and not answer.notices and asked.base is None
    if answer.complete and isinstance(answer.chunks, list) and lasting:
        key = answer_key(served, asked)
        served.cache.put((key, answer.graph), b"".join(answer.chunks))
    return answer


def entity_tag(key: Hashable) -> str:
    """Return the weak validator of an answer: its rows may come in another order next time.

    RFC 9110, section 8.8.1: https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1
    """
    return f'W/"{hashlib.sha256(repr(key).encode()).hexdigest()[:32]}"'
