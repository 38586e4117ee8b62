"""The ready questions that a reader is offered."""

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.query.catalogue import CompetencyQuestion, catalogue

__all__ = ["questions"]


def questions() -> list[CompetencyQuestion]:
    """Return the questions about the project's data; none where others' data are served.

    Titles and questions are in English, and messages to be translated.
    """
    return list(catalogue().values()) if service().about.own else []
