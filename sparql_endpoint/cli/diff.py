"""``forumgraph diff``: what changed between two releases, in sentences or as RDF."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, serialize

from sparql_endpoint.errors import NotFoundError
from sparql_endpoint.graph.comparison import Change, changes
from sparql_endpoint.graph.dataset import load_files, load_project
from sparql_endpoint.names import PREFIXES, expand

__all__ = ["command"]

_CHANGESET = "http://purl.org/vocab/changeset/schema#"


@click.command(
    epilog="Examples:\n\n  forumgraph diff forumgraph-0.2.0.nq.gz"
    "\n\n  forumgraph diff ../release-0.2.0 . --format turtle"
)
@click.argument("before", metavar="A", type=click.Path(path_type=Path))
@click.argument("after", metavar="[B]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "turtle"]),
    default="text",
    show_default=True,
    help="Sentences, or RDF in the ChangeSet vocabulary.",
)
def command(before: Path, after: Path | None, format_name: str) -> None:
    """Say what changed from release A to release B, one sentence a thing.

    Each is an RDF file, such as a dump, or the folder of a project; without B it is this project.
    Only what the statements mean counts: files written in another order, in other files or with
    other blank nodes do not differ. The exit code is 1 where something changed, as that of diff.
    """
    found = changes(_graph(before), load_project() if after is None else _graph(after))
    if format_name == "turtle":
        serialize(
            _change_sets(found),
            sys.stdout.buffer,
            RdfFormat.TURTLE,
            prefixes={**PREFIXES, "cs": _CHANGESET},
        )
    else:
        for change in found:
            click.echo(change.sentence)
    sys.exit(bool(found))


def _graph(path: Path) -> Store:
    """Return what a file holds, or the files of a project's ontology and data.

    Raises:
        NotFoundError: there is nothing of the kind.
    """
    if not path.is_dir():
        return load_files([path])
    files = [file for part in ("ontology", "data") for file in (path / part).rglob("*.ttl")]
    if not files:
        raise NotFoundError(f"{path}: no project, which has Turtle in 'ontology' and 'data'")
    return load_files(sorted(files))


def _change_sets(found: Sequence[Change]) -> Iterator[Triple]:
    """Yield each change as a cs:ChangeSet (http://purl.org/vocab/changeset/schema#)."""
    for change in found:
        node = BlankNode()
        yield Triple(node, _name("rdf:type"), NamedNode(f"{_CHANGESET}ChangeSet"))
        yield Triple(node, NamedNode(f"{_CHANGESET}subjectOfChange"), change.subject)
        yield Triple(node, _name("rdfs:comment"), Literal(change.sentence, language="en"))
        for part, triples in (("addition", change.added), ("removal", change.removed)):
            for triple in triples:
                statement = BlankNode()
                yield Triple(node, NamedNode(f"{_CHANGESET}{part}"), statement)
                yield Triple(statement, _name("rdf:type"), _name("rdf:Statement"))
                yield Triple(statement, _name("rdf:subject"), triple.subject)
                yield Triple(statement, _name("rdf:predicate"), triple.predicate)
                yield Triple(statement, _name("rdf:object"), triple.object)


def _name(short: str) -> NamedNode:
    return NamedNode(expand(short))
