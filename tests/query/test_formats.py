"""The table of formats."""

import pytest
from pyoxigraph import QueryResultsFormat, RdfFormat

from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.formats import RDF_FORMATS, RESULT_FORMATS, Format, named


@pytest.mark.parametrize("fmt", RESULT_FORMATS.values(), ids=lambda fmt: fmt.name)
def test_the_engine_knows_a_result_format_by_its_preferred_media_type(fmt: Format) -> None:
    """What we call a result format is what the engine writes under that media type."""
    assert QueryResultsFormat.from_media_type(fmt.media_type) == RESULT_FORMATS[fmt.name].engine


@pytest.mark.parametrize("fmt", RDF_FORMATS.values(), ids=lambda fmt: fmt.name)
def test_the_engine_knows_a_graph_format_by_its_preferred_media_type(fmt: Format) -> None:
    """What we call an RDF format is what the engine writes under that media type."""
    assert RdfFormat.from_media_type(fmt.media_type) == RDF_FORMATS[fmt.name].engine
    assert RdfFormat.from_extension(fmt.extension) == RDF_FORMATS[fmt.name].engine


def test_a_format_holds_named_graphs_exactly_if_the_engine_says_so() -> None:
    """The ``quads`` column agrees with the engine."""
    columns = {name: fmt.quads for name, fmt in RDF_FORMATS.items()}

    assert columns == {name: fmt.engine.supports_datasets for name, fmt in RDF_FORMATS.items()}


@pytest.mark.parametrize("formats", [RESULT_FORMATS, RDF_FORMATS], ids=["results", "rdf"])
def test_no_name_and_no_media_type_stands_for_two_formats(formats: dict[str, Format]) -> None:
    """Within one kind of answer every name picks exactly one format."""
    every = [
        name
        for fmt in formats.values()
        for name in {fmt.name, fmt.extension, *fmt.aliases, *fmt.media_types}
    ]

    assert sorted(every) == sorted(set(every))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("turtle", "turtle"),
        (" TTL ", "turtle"),
        ("xml", "rdfxml"),
        ("json", "jsonld"),
        ("application/n-quads", "nquads"),
    ],
)
def test_a_format_is_found_by_any_of_its_names(name: str, expected: str) -> None:
    """Short name, file ending, alias and media type all lead to the format, in any case."""
    assert named(name, RDF_FORMATS).name == expected


def test_a_misspelt_format_is_answered_with_the_nearest() -> None:
    """A near miss names the format that was probably meant."""
    with pytest.raises(UsageError, match=r"no format 'turtel' .*did you mean 'turtle'"):
        named("turtel", RDF_FORMATS)


def test_a_format_of_another_kind_is_answered_with_what_there_is() -> None:
    """Asking solutions as Turtle lists the formats that solutions have."""
    with pytest.raises(UsageError, match="there is json, xml, csv, tsv"):
        named("turtle", RESULT_FORMATS)


def test_a_content_type_names_a_charset_only_where_the_media_type_leaves_it_open() -> None:
    """CSV and Turtle carry ``charset``, JSON does not."""
    assert RESULT_FORMATS["csv"].content_type == "text/csv; charset=utf-8"
    assert RDF_FORMATS["turtle"].content_type == "text/turtle; charset=utf-8"
    assert RESULT_FORMATS["json"].content_type == "application/sparql-results+json"
