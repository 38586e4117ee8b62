"""What a query's text may be before the engine sees it: its form, nesting and services.

A child checks it and not the front: 200,000 brackets take most of a second to read, in which the
front would answer nobody.
"""

from sparql_endpoint.errors import QueryTooDeepError, ServiceRefusedError, UpdateRefusedError
from sparql_endpoint.query.outline import Form, Outline, outline
from sparql_endpoint.query.services import Service

__all__ = ["admit"]


def admit(text: str, max_nesting: int, services: tuple[str, ...]) -> Outline:
    """Return the outline of a query that may run.

    Raises:
        QueryTooDeepError: more brackets than ``max_nesting`` are open at once.
        UpdateRefusedError: it is an update.
        ServiceRefusedError: it calls a service that is not one of ``services``, or that only
            running it would tell.
        QuerySyntaxError: its text has no outline.
    """
    found = outline(text)
    if found.depth > max_nesting:
        raise QueryTooDeepError(
            f"the query nests {found.depth:,} brackets, and may nest {max_nesting:,}"
        )
    if found.form is Form.UPDATE:
        raise UpdateRefusedError
    for service in found.services:
        _check(service, services)
    return found


def _check(service: Service, allowed: tuple[str, ...]) -> None:
    if service.target in allowed:
        return
    at = f"line {service.place.line}, column {service.place.column}"
    if service.target is None:
        raise ServiceRefusedError(f"{at}: SERVICE must name its endpoint by an IRI")
    there_are = f"there are {', '.join(allowed)}" if allowed else "none is allowed here"
    raise ServiceRefusedError(f"{at}: SERVICE <{service.target}> is not allowed: {there_are}")
