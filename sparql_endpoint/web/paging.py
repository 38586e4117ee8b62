"""The next part of an answer that was cut."""

import re
from dataclasses import replace

from sparql_endpoint.web.protocol import QueryRequest
from sparql_endpoint.web.runner import Answer
from sparql_endpoint.web.urls import address

__all__ = ["next_page"]

_OURS = re.compile(r"\nLIMIT (\d+) OFFSET (\d+)\Z")
_BOUND = re.compile(r"\b(?:LIMIT|OFFSET|VALUES)\b", re.IGNORECASE)


def next_page(asked: QueryRequest, answer: Answer) -> str:
    """Return the relative URL that asks for the rows behind those of a SELECT that was cut.

    Empty where there is none to give: the answer is whole, or the query has bounds of its own.
    """
    if answer.complete is not False or answer.graph or not answer.rows:
        return ""
    ours = _OURS.search(asked.query)
    if ours:
        start, query = int(ours[2]), asked.query[: ours.start()]
    elif _BOUND.search(asked.query):
        return ""
    else:
        start, query = 0, asked.query
    bounds = f"\nLIMIT {answer.rows} OFFSET {start + answer.rows}"
    return address(replace(asked, query=query + bounds), asked.format or "")
