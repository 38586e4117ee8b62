"""Counts the tests of the W3C's SHACL suite that ``forumgraph check`` passes.

    git clone https://github.com/w3c/data-shapes
    python -m benchmarks.shacl_suite data-shapes/data-shapes-test-suite/tests
    python -m benchmarks.shacl_suite … --by pyshacl      pySHACL's default mode
    python -m benchmarks.shacl_suite … --by oxigraph     pySHACL over an Oxigraph store

A test passes where the report has the verdict expected and the same results: focus node, path,
value, shape, component and severity (https://www.w3.org/TR/shacl/#validation-report). Paths are
compared by what they say, other blank nodes as such, since their labels mean nothing. The tests
that expect a failure pass where no report comes
(https://w3c.github.io/data-shapes/data-shapes-test-suite/).
The exit code is 0 whatever the count.
"""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

import pyshacl
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store
from rdflib import RDF, SH, Graph, Namespace
from rdflib.term import BNode, Node

from sparql_endpoint.cli.check import command

__all__ = ["SuiteTest", "cases", "main"]

_MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
_SHT = Namespace("http://www.w3.org/ns/shacl-test#")
_COMPARED = (
    SH.focusNode,
    SH.resultPath,
    SH.value,
    SH.sourceShape,
    SH.sourceConstraintComponent,
    SH.resultSeverity,
)

Outcome = tuple[bool, Counter[tuple[str, ...]]]
"""The verdict, and how often each result stands in the report."""


@dataclass(frozen=True)
class SuiteTest:
    """A test of the suite: its files and the outcome expected, None for a failure."""

    name: str
    data: Path
    shapes: Path
    expected: Outcome | None


def cases(folder: Path) -> Iterator[SuiteTest]:
    """Yield the tests of all manifests below ``folder``, in the order of their names."""
    for path in sorted(folder.rglob("*.ttl")):
        graph = Graph().parse(path, publicID=path.absolute().as_uri())
        for test in sorted(graph.subjects(RDF.type, _SHT.Validate), key=str):
            action = graph.value(test, _MF.action)
            report = graph.value(test, _MF.result)
            yield SuiteTest(
                str(path.relative_to(folder).with_suffix("")),
                _path(graph.value(action, _SHT.dataGraph)),
                _path(graph.value(action, _SHT.shapesGraph)),
                None if report in (None, _SHT.Failure) else _outcome(graph, report),
            )


def _path(iri: Node | None) -> Path:
    return Path(unquote(urlsplit(str(iri)).path))


def _outcome(graph: Graph, report: Node) -> Outcome:
    results = Counter(
        tuple(_text(graph, graph.value(result, name), name) for name in _COMPARED)
        for result in graph.objects(report, SH.result)
    )
    return str(graph.value(report, SH.conforms)) in ("true", "1"), results


def _text(graph: Graph, node: Node | None, name: Node) -> str:
    if node is None:
        return ""
    if not isinstance(node, BNode):
        return node.n3().removesuffix("^^<http://www.w3.org/2001/XMLSchema#string>")
    return _structure(graph, node) if name == SH.resultPath else "[]"


def _structure(graph: Graph, node: Node) -> str:
    """Return a path as text that does not depend on the labels of blank nodes."""
    if not isinstance(node, BNode):
        return node.n3()
    inner = sorted(f"{name.n3()} {_structure(graph, value)}" for name, value in graph[node])
    return f"[ {' ; '.join(inner)} ]"


def _by_check(test: SuiteTest) -> Outcome | None:
    arguments = ["--data", str(test.data), "--shapes", str(test.shapes), "--format", "turtle"]
    done = CliRunner().invoke(command, arguments)
    return _parsed(done.stdout) if done.exit_code in (0, 1) and done.stdout else None


def _by_pyshacl(test: SuiteTest) -> Outcome | None:
    return _validated(Graph().parse(test.data), test)


def _by_oxigraph(test: SuiteTest) -> Outcome | None:
    store = Store()
    base = test.data.absolute().as_uri()
    store.load(path=str(test.data), format=RdfFormat.TURTLE, base_iri=base)
    return _validated(store, test)


def _validated(data: Graph | Store, test: SuiteTest) -> Outcome | None:
    try:
        shapes = Graph().parse(test.shapes)
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001  # whatever pySHACL fails with is a failure
        return None
    if not isinstance(report, Graph):
        return None
    return _outcome(report, next(iter(report.subjects(RDF.type, SH.ValidationReport))))


def _parsed(turtle: str) -> Outcome:
    graph = Graph().parse(data=turtle, format="turtle")
    return _outcome(graph, next(iter(graph.subjects(RDF.type, SH.ValidationReport))))


_WAYS: Mapping[str, Callable[[SuiteTest], Outcome | None]] = MappingProxyType(
    {"check": _by_check, "pyshacl": _by_pyshacl, "oxigraph": _by_oxigraph}
)


def main(arguments: Sequence[str]) -> int:
    """Run the suite, print the tests that fail and how many pass."""
    parser = ArgumentParser(prog="python -m benchmarks.shacl_suite")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--by", choices=_WAYS, default="check")
    given = parser.parse_args(arguments)
    passed = of = 0
    for test in cases(given.folder):
        outcome = _WAYS[given.by](test)
        of += 1
        if outcome == test.expected:
            passed += 1
        else:
            print(test.name, _difference(outcome, test.expected))
    print(f"{passed} of {of} tests pass")
    return 0


def _difference(outcome: Outcome | None, expected: Outcome | None) -> str:
    if outcome is None:
        return "no report, where one is expected"
    if expected is None:
        return "a report, where none is expected"
    if outcome[0] != expected[0]:
        return f"conforms: {outcome[0]}"
    more, less = outcome[1] - expected[1], expected[1] - outcome[1]
    return f"results too many: {more.total()}, missing: {less.total()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
