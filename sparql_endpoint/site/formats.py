"""The formats in which a description of ours is offered, each at an address of its own."""

from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.query.formats import RDF_FORMATS, GraphFormat

__all__ = ["alternates", "by_extension"]

_OFFERED = ("ttl", "jsonld", "rdf", "nt")


def alternates(path: str) -> dict[str, str]:
    """Return the addresses of a description by media type, relative to the page asked for.

    ``path`` is that of the description below the front page, without the ending.
    """
    return {
        fmt.media_type: f"{root()}{path}.{fmt.extension}"
        for fmt in RDF_FORMATS.values()
        if fmt.extension in _OFFERED
    }


def by_extension(extension: str) -> GraphFormat:
    """Return the format of a file ending; those that are not offered are there too.

    Raises:
        NotFoundError: no format ends so.
    """
    for fmt in RDF_FORMATS.values():
        if fmt.extension == extension:
            return fmt
    raise NotFoundError(f"data end in {', '.join(f'.{known}' for known in _OFFERED)}")
