"""What the service says of itself to programs: Service Description, VoID with DCAT, examples.

All of it is made from what is loaded, when it is first asked for.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Blueprint, Response
from pyoxigraph import DefaultGraph, NamedNode, Triple

from sparql_endpoint.describe.class_partitions import properties_of_classes
from sparql_endpoint.describe.dataset_metadata import schema_org
from sparql_endpoint.describe.dumps import Dump, dump_names, dumps, format_of
from sparql_endpoint.describe.examples import example_quads
from sparql_endpoint.describe.rdf import described, sent, web_root
from sparql_endpoint.describe.tables import archive_facts
from sparql_endpoint.describe.void_counts import statistics
from sparql_endpoint.endpoint.service import Service, served_project, service
from sparql_endpoint.errors import ServerBusyError
from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.query.trust import policies

__all__ = ["blueprint", "service_description"]

blueprint = Blueprint("descriptions", __name__)

_SMALL = 100_000
"""Triples up to which every file is made at once, to tell its length and checksum."""


def service_description() -> Response:
    """Return the SPARQL 1.1 Service Description of the endpoint."""
    return described("service.ttl", **_common(service()))


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return what there is in the data, and where to get it: VoID and DCAT."""
    served = service()
    return described(
        "void.ttl",
        **_common(served),
        title=served.about.title,
        modified=served.about.modified,
        digest=served.about.digest,
        **_publisher(served),
        dumps=list(_dumps(served)),
        tables=archive_facts(served),
    )


def _publisher(served: Service) -> dict[str, str]:
    """Return what DCAT-AP wants of every dataset: a description, and a publisher."""
    about = schema_org(served)
    own = about.get("publisher", {"@id": f"{web_root()}#publisher", "name": web_root()})
    return {
        "description": about["description"],
        "publisher": own["@id"],
        "publisher_name": own["name"],
    }


def _dumps(served: Service) -> Iterator[dict[str, Any]]:
    """Yield what to say of each file: small ones are made for it, others only named."""
    counts = statistics(served)
    made = _files(served) if counts.quads <= _SMALL else None
    for name in dump_names(served, counts) if made is None else made:
        packed = name.endswith(".gz")
        file = made[name] if made else None
        yield {"name": name, "format": format_of(name), "packed": packed, "made": file}


def _files(served: Service) -> Mapping[str, Dump] | None:
    """Return the files of the dataset, None while they are being written."""
    try:
        return dumps(served)
    except ServerBusyError:
        return None


@blueprint.get("/.well-known/sparql-examples")
def sparql_examples() -> Response:
    """Return the questions of the front page, each with its query."""
    served = service()
    target, endpoint = NamedNode(f"{PREFIXES['schema']}target"), NamedNode(f"{web_root()}sparql")
    found = [quad.triple for quad in example_quads(DefaultGraph())] if served.about.own else []
    queries = sorted({t.subject for t in found if t.predicate.value.endswith("#prefixes")}, key=str)
    return sent([*found, *(Triple(query, target, endpoint) for query in queries)])


def _common(served: Service) -> dict[str, Any]:
    return {
        "base": BASE,
        "by_value": served.about.immutable,  # by our own store, and not by a server behind
        "dataset": f"{web_root()}.well-known/void#dataset",
        "endpoint": f"{web_root()}sparql",
        "here": f"{web_root()}.well-known/void",
        "license": served_project().license,
        "name": served_project().name,
        "own": served.about.own,
        "policies": list(policies().values()) if served.about.own else [],
        "prefixes": PREFIXES,
        "properties": properties_of_classes(served),
        "statistics": statistics(served),
        "union": served.about.own or served.about.union,
        "federated": bool(served.runner.limits.services),
    }
