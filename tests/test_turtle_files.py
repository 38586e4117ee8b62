"""The Turtle of ontology/, data/ and shapes/ as an editor writes it and as tools read it."""

import re
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from rdflib import RDF, SH
from rdflib.compare import isomorphic

from sparql_endpoint.graph.dataset import turtle_files
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.paths import DATA, ONTOLOGY, SHAPES, TOP

FILES = [path.relative_to(TOP).as_posix() for path in turtle_files([DATA, ONTOLOGY, SHAPES])]
PREFIX_LINE = re.compile(r"^@prefix (\w+):( +)<([^>]*)> \.$")
QUERY = re.compile(r'"""[\s\S]*?"""')
NO_NAMES = re.compile(r'"""[\s\S]*?"""|"(?:[^"\\]|\\.)*"|<[^>]*>|^#.*$|^@prefix.*$', re.MULTILINE)

every_file = pytest.mark.parametrize("name", FILES)


def _lines(name: str) -> list[str]:
    return (TOP / name).read_text(encoding="utf-8").split("\n")


def _prefix_lines(name: str) -> list[tuple[str, str, str]]:
    found = (PREFIX_LINE.match(line) for line in _lines(name))
    return [(match[1], match[2], match[3]) for match in found if match]


def _subjects(name: str) -> list[str]:
    body = (line for line in _lines(name) if line and line[0] not in " #@")
    return [line.split()[0] for line in body]


def _as_oxigraph_reads(path: Path) -> rdflib.Graph:
    triples = (quad.triple for quad in pyoxigraph.parse(path=path))
    data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert data is not None
    return rdflib.Graph().parse(data=data, format="nt")


@every_file
def test_two_parsers_read_a_file_alike(name: str) -> None:
    """What rdflib and Oxigraph read from a file is the same graph, and is not empty."""
    graph = rdflib.Graph().parse(TOP / name)
    assert len(graph)
    assert isomorphic(graph, _as_oxigraph_reads(TOP / name))


@every_file
def test_no_literal_contradicts_its_datatype(name: str) -> None:
    """A date such as 29/08/2017 or a number with letters never stands in the data."""
    literals = [x for x in rdflib.Graph().parse(TOP / name).objects() if hasattr(x, "ill_typed")]
    assert [literal for literal in literals if literal.ill_typed] == []


@every_file
def test_no_node_is_blank_but_in_a_list_or_path_of_a_shape(name: str) -> None:
    """Every node has a name, so that exports are the same on every run."""
    graph = rdflib.Graph().parse(TOP / name)
    inner = {*graph.objects(predicate=SH.path), *graph.objects(predicate=RDF.rest)}
    lists = {node for node in graph.subjects(RDF.first) if name.startswith("shapes/")}
    blank = {term for triple in graph for term in triple if isinstance(term, rdflib.BNode)}
    assert blank - inner - lists == set()
    assert not blank or name.startswith("shapes/")


@every_file
def test_a_file_opens_with_a_comment_and_its_prefixes(name: str) -> None:
    """One or two lines say what the file holds; the prefixes follow at once."""
    lines = _lines(name)
    comments = next(number for number, line in enumerate(lines) if not line.startswith("# "))
    assert comments in {1, 2}
    assert lines[comments].startswith("@prefix ")


@every_file
def test_prefixes_are_the_project_s_sorted_and_aligned(name: str) -> None:
    """A prefix stands for one namespace in all files; the lines are in order and in columns."""
    prefixes = _prefix_lines(name)
    assert {prefix: iri for prefix, _, iri in prefixes}.items() <= PREFIXES.items()
    assert [prefix for prefix, _, _ in prefixes] == sorted(prefix for prefix, _, _ in prefixes)
    widths = {len(prefix) + len(gap) for prefix, gap, _ in prefixes}
    assert widths == {max(len(prefix) for prefix, _, _ in prefixes) + 1}


@every_file
def test_no_prefix_is_unused(name: str) -> None:
    """A file declares a prefix only for names that it writes."""
    body = NO_NAMES.sub(" ", (TOP / name).read_text(encoding="utf-8"))
    body += " ".join(re.findall(r"\^\^(\w+:)", (TOP / name).read_text(encoding="utf-8")))
    used = set(re.findall(r"(?<!\w)(\w+):", body))
    assert {prefix for prefix, _, _ in _prefix_lines(name)} == used


@every_file
def test_a_subject_has_one_block_that_names_its_class_first(name: str) -> None:
    """All that a file says of a thing stands together, four spaces in, and ends with ' .'."""
    text = QUERY.sub('""', (TOP / name).read_text(encoding="utf-8"))
    lines = [line for line in text.split("\n") if line and line[0] not in "#@"]
    assert len(_subjects(name)) == len(set(_subjects(name)))
    assert [line for line in lines if line.startswith(" ") and not line.startswith("    ")] == []
    assert [line for line in lines if line != line.rstrip() or "\t" in line] == []
    late = [line for line in lines if line.startswith("    a ")]
    heads = [number for number, line in enumerate(lines) if not line.startswith(" ")]
    first = [line for number in heads for line in lines[number + 1 : number + 2]]
    assert [line for line in first if line.startswith("    a ")] == late
    assert sum(line.endswith(" .") for line in lines) == len(heads)


@every_file
def test_a_file_ends_with_one_newline(name: str) -> None:
    """Files are UTF-8 with Unix line ends and no empty line at the end."""
    data = (TOP / name).read_bytes()
    assert b"\r" not in data
    assert re.search(rb"[^\n]\n\Z", data)
