"""The dataset for search engines and archives: schema.org, RO-Crate and Croissant, as JSON-LD.

One description in schema.org's terms (https://schema.org/Dataset); the others add to it what theirs
ask for: https://www.researchobject.org/ro-crate/specification/1.1/ and
https://docs.mlcommons.org/croissant/docs/croissant-spec.html.
"""

import json
from typing import Any

from flask import Blueprint, Response

from sparql_endpoint.describe.dumps import Dump, dumps
from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.documents import finished
from sparql_endpoint.endpoint.service import Service, served_project, service
from sparql_endpoint.project import Project
from sparql_endpoint.query.formats import RDF_FORMATS

__all__ = ["blueprint", "schema_org"]

blueprint = Blueprint("dataset_metadata", __name__)

Json = dict[str, Any]

_JSONLD = "application/ld+json"
_CRATE = "https://w3id.org/ro/crate/1.1"
_CROISSANT = "http://mlcommons.org/croissant/"


def schema_org(served: Service) -> Json:
    """Return the dataset as a ``schema:Dataset``, with the addresses of its latest files."""
    root, ours = web_root(), served_project()
    described: Json = {
        "@context": "https://schema.org/",
        "@id": ours.iri or root,
        "@type": "Dataset",
        "name": ours.name,
        "url": root,
        "dateModified": served.about.modified.date().isoformat(),
        "identifier": f"sha256:{served.about.digest}",
    }
    if served.about.own:
        described |= {
            **_of_project(ours),
            "isAccessibleForFree": True,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "contentUrl": f"{root}dump/latest.{fmt.extension}",
                    "encodingFormat": fmt.media_type,
                }
                for fmt in RDF_FORMATS.values()
            ],
        }
    if "description" not in described:
        described["description"] = f"RDF served at {root}: {ours.name}."
    return described


def _of_project(ours: Project) -> Json:
    """Return what a project says of itself; what it leaves out is absent."""
    author: Json = {"@id": ours.author_iri or f"{web_root()}#author", "@type": "Organization"}
    author |= {"name": ours.author} | ({"url": ours.address} if ours.address else {})
    said: Json = {
        "description": ours.description,
        "creator": author if ours.author else None,
        "publisher": author if ours.author else None,
        "license": ours.license,
        "inLanguage": list(ours.languages),
        "keywords": list(ours.keywords),
        "temporalCoverage": ours.period,
        "version": ours.version,
    }
    return {name: value for name, value in said.items() if value}


@blueprint.get("/dataset.jsonld")
def as_schema_org() -> Response:
    """Return the dataset in schema.org's terms."""
    return _sent(schema_org(service()))


@blueprint.get("/ro-crate-metadata.json")
def as_crate() -> Response:
    """Return the metadata of an RO-Crate 1.1 whose data entities are the files of the dataset."""
    dataset = schema_org(service())
    files = [
        {name: value for name, value in file.items() if name != "sha256"}
        | {"@id": file["contentUrl"], "@type": "File"}
        for file in _files(service())
    ]
    root = {
        name: value for name, value in dataset.items() if name not in {"@context", "distribution"}
    }
    root |= {
        "@id": "./",
        "hasPart": [{"@id": file["@id"]} for file in files],
        "datePublished": dataset["dateModified"],
    }
    agents = [root["creator"]] if "creator" in root else []
    for name in ("creator", "publisher"):
        if name in root:
            root[name] = {"@id": root[name]["@id"]}
    if "license" in root:
        ours = served_project()
        root["license"] = {"@id": ours.license}
        name = ours.license_name or ours.license
        agents.append({"@id": ours.license, "@type": "CreativeWork", "name": name})
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CRATE},
        "about": {"@id": "./"},
    }
    return _sent({"@context": f"{_CRATE}/context", "@graph": [about, root, *files, *agents]})


@blueprint.get("/croissant.json")
def as_croissant() -> Response:
    """Return the dataset with Croissant 1.0's terms, a ``cr:FileObject`` a file."""
    dataset = schema_org(service())
    context = {
        "@vocab": "https://schema.org/",
        "sc": "https://schema.org/",
        "cr": _CROISSANT,
        "dct": "http://purl.org/dc/terms/",
        "conformsTo": "dct:conformsTo",
        "citeAs": "cr:citeAs",
    }
    files = [file | {"@type": "cr:FileObject", "@id": file["name"]} for file in _files(service())]
    dataset |= {
        "@context": context,
        "@type": "sc:Dataset",
        "conformsTo": f"{_CROISSANT}1.0",
        "datePublished": dataset["dateModified"],
        "citeAs": f"{dataset['name']} {dataset.get('version', '')}. {dataset['@id']}".strip(),
        "distribution": files,
    }
    return _sent(dataset)


def _files(served: Service) -> list[Json]:
    """Return what to say of each file.

    Raises:
        ServerBusyError: they are being written.
        ForumGraphError: the data could not be read.
    """
    return [_file(web_root(), dump) for dump in dumps(served).values()]


def _file(root: str, dump: Dump) -> Json:
    packed = "application/gzip" if dump.packed else dump.format.media_type
    return {
        "@type": "DataDownload",
        "name": dump.name,
        "description": f"{dump.format.title}{', packed by gzip' if dump.packed else ''}",
        "contentUrl": f"{root}dump/{dump.name}",
        "encodingFormat": packed,
        "contentSize": f"{dump.size} B",
        "sha256": dump.sha256,
    }


def _sent(document: Json) -> Response:
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return finished(Response(text, content_type=_JSONLD))
