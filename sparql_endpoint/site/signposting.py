"""The links by which programs find their way from a page: FAIR Signposting.

https://signposting.org/FAIR/; the relations are those of RFC 8288, of RFC 8574 (``cite-as``) and of
the IANA registry of link relations.
"""

from collections.abc import Iterable, Mapping

from sparql_endpoint.endpoint.service import served_project

__all__ = ["signposts"]


def signposts(
    iri: str,
    kind: str,
    described_by: Mapping[str, str],
    items: Iterable[tuple[str, str]] = (),
) -> str:
    """Return the ``Link`` header of a page about ``iri``, which is a ``kind`` of schema.org.

    ``described_by`` has the addresses of the data about it by their media types, ``items`` pairs of
    a media type and the address of a file that is part of it.
    """
    links = [f'<{iri}>; rel="cite-as"', f'<https://schema.org/{kind}>; rel="type"']
    if licence := served_project().license:
        links.append(f'<{licence}>; rel="license"')
    for media_type, url in described_by.items():
        links.append(f'<{url}>; rel="alternate describedby"; type="{media_type}"')
    links += [f'<{url}>; rel="item"; type="{media_type}"' for media_type, url in items]
    return ", ".join(links)
