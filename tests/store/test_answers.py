"""Answers of other servers, in the layouts that they have and broken in the ways that they break.

The files in ``answers`` were made by hand in the layout of the server that names them.
"""

import io
import json
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions

from sparql_endpoint.names import expand
from sparql_endpoint.query.deviations import Notice
from sparql_endpoint.store.answers import read_answer, rewritten

ANSWERS = sorted((Path(__file__).parent / "answers").iterdir())
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml; charset=utf-8"
HEAD = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
ROW = "<result><binding name='x'>%s</binding></result>"
END = "</results></sparql>"

Rows = list[tuple[object, ...]]


def xml(*terms: str) -> str:
    """Return rows of one variable."""
    return f"{HEAD}<results>{''.join(ROW % term for term in terms)}{END}"


def table(*terms: str, before: str = "", inside: str = "", behind: str = "") -> str:
    """Return rows of one variable in JSON, with other members before, within and behind them."""
    rows = ",".join(f'{{"x":{term}}}' for term in terms)
    head = '"head":{"vars":["x"]}'
    return f'{{{before}{head},"results":{{"bindings":[{rows}]{inside}}}{behind}}}'


def rows(text: str | bytes, kind: str, notices: list[Notice] | None = None) -> Rows:
    """Read an answer to a SELECT."""
    body = io.BytesIO(text.encode() if isinstance(text, str) else text)
    solutions = read_answer(body, kind, [] if notices is None else notices, ask=False)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(solution) for solution in solutions]


def truth(text: str, kind: str) -> bool:
    """Read an answer to an ASK."""
    answer = read_answer(io.BytesIO(text.encode()), kind, [], ask=True)
    assert isinstance(answer, QueryBoolean)
    return bool(answer)


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_the_layout_of_a_server_is_read(path: Path) -> None:
    """Whatever the order of members, the white space, the labels and what is behind the rows."""
    notices: list[Notice] = []
    found = rows(path.read_bytes(), JSON if path.suffix == ".json" else XML, notices)
    (thing, name, count, node), other = found
    assert (thing, name) == (NamedNode("http://e/thing"), Literal("Name", language="en"))
    assert count == Literal("7", datatype=NamedNode(expand("xsd:int")))
    assert isinstance(node, BlankNode)
    assert other == (NamedNode("http://e/other"), None, None, None)
    assert notices == []


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.name)
def test_an_answer_that_breaks_off_anywhere_is_none(path: Path) -> None:
    """Be it between rows, within one, or at the very end."""
    whole = path.read_bytes().rstrip()
    kind = JSON if path.suffix == ".json" else XML
    for end in range(1, len(whole), 7):
        with pytest.raises(SyntaxError):
            rows(whole[:end], kind)
    with pytest.raises(SyntaxError):
        rows(whole[:-1], kind)


BOOLEANS = [
    ('{"head":{},"boolean":true}', JSON, True),
    ('{"boolean":false,"head":{},"meta":{"a":[1,2]}}', "application/json", False),
    (f"{HEAD}<boolean>true</boolean></sparql>", XML, True),
    (f"{HEAD}<boolean> false </boolean></sparql>", "text/xml", False),
    (
        (
            '{"head":{"link":[],"vars":["__ASK_RETVAL"]},"results":{"distinct":false,"ordered":true,'
            '"bindings":[{"__ASK_RETVAL":{"type":"typed-literal","datatype":'
            '"http://www.w3.org/2001/XMLSchema#integer","value":"1"}}]}}'
        ),
        JSON,
        True,
    ),
    ('{"head":{"vars":["__ASK_RETVAL"]},"results":{"bindings":[]}}', JSON, False),
]


@pytest.mark.parametrize(("text", "kind", "expected"), BOOLEANS)
def test_an_ask_is_answered_by_a_boolean(text: str, kind: str, *, expected: bool) -> None:
    """Virtuoso sends a table of one cell in its place."""
    assert truth(text, kind) is expected


@pytest.mark.parametrize(("text", "kind"), [case[:2] for case in BOOLEANS])
def test_a_boolean_that_breaks_off_is_none(text: str, kind: str) -> None:
    """Neither is one that was cut behind the word."""
    for end in range(1, len(text)):
        with pytest.raises(SyntaxError):
            truth(text[:end], kind)


A = '{"type":"literal","value":"a"}'


@pytest.mark.parametrize(
    "text",
    [
        table(A),
        table(A, behind=',"meta":{"query-time-ms":3}'),
        table(A, before='"meta":{"a":"}]"},'),
        table(A, inside=',"distinct":false,"ordered":true'),
        f"\ufeff{table(A)}\n\n",
        f'{{"results":{{"bindings":[{{"x":{A}}}]}},"head":{{"vars":["x"]}}}}',
        table('{"type":"literal","value":"a","more":1}'),
        table('{"type":"literal","value":"a","datatype":"","xml:lang":""}'),
    ],
)
def test_members_may_stand_in_any_order_and_others_among_them(text: str) -> None:
    """RFC 8259, section 4: an object is not ordered; SPARQL results in JSON, section 3."""
    assert rows(text, JSON) == [(Literal("a"),)]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" lead", " lead"),
        ("trail ", "trail "),
        ("  ", "  "),
        ("&#10;x", "\nx"),
        ("a<!-- c -->b", "ab"),
        ("<![CDATA[a<b ]]>", "a<b "),
        ("", ""),
    ],
)
def test_a_literal_in_xml_has_the_text_that_xml_says(written: str, read: str) -> None:
    """XML 1.0, sections 2.5, 2.7 and 2.10: comments are none of it, CDATA and white space are."""
    assert rows(xml(f"<literal>{written}</literal>"), XML) == [(Literal(read),)]


def test_white_space_around_an_iri_is_the_layout_s() -> None:
    """No IRI has any."""
    assert rows(xml("\n <uri> http://e/a </uri> "), XML) == [(NamedNode("http://e/a"),)]


def test_a_label_is_the_same_for_the_same_node_and_another_for_another() -> None:
    """SPARQL results in JSON, section 3.2.2: it means nothing beyond the answer."""
    labels = ["nodeID://b1", "nodeID://b2", "nodeID://b1", "_:b0", "-b", "a.b", "x_61", "b1"]
    nodes = [cell for (cell,) in rows(xml(*(f"<bnode>{each}</bnode>" for each in labels)), XML)]
    assert nodes[0] == nodes[2]
    assert len(set(nodes)) == len(set(labels))


ODD = [
    ('{"type":"uri","value":"http://e/a b"}', None, "<http://e/a b> is no absolute IRI"),
    ('{"type":"uri","value":"relative"}', None, "<relative> is no absolute IRI"),
    ('{"type":"colour","value":"red"}', None, "no term of RDF"),
    ('{"type":"literal"}', None, "no term of RDF"),
    ("7", None, "no term of RDF"),
    ('{"type":"literal","value":"v","xml:lang":"en_US"}', Literal("v"), 'the language "en_US"'),
    ('{"type":"literal","value":"v","datatype":"a b"}', Literal("v"), "the datatype <a b>"),
    ('{"type":"literal","value":"v\\ud800"}', Literal("v\ufffd"), "half of a surrogate pair"),
]


@pytest.mark.parametrize(("term", "read", "told"), ODD)
def test_a_value_that_is_no_rdf_costs_itself_and_a_notice(
    term: str, read: Literal | None, told: str
) -> None:
    """The rest of the answer is right, and the notice names the value."""
    notices: list[Notice] = []
    assert rows(table(A, term, A), JSON, notices) == [(Literal("a"),), (read,), (Literal("a"),)]
    (notice,) = notices
    assert notice.code == "remote-value"
    assert told in notice.text


def test_null_is_no_value_and_no_fault() -> None:
    """Some servers send it for what is not bound."""
    notices: list[Notice] = []
    assert rows(table("null"), JSON, notices) == [(None,)]
    assert notices == []


def test_a_cell_of_no_column_is_told() -> None:
    """The head says which variables there are."""
    notices: list[Notice] = []
    text = f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{{"x":{A},"y":{A}}}]}}}}'
    assert rows(text, JSON, notices) == [(Literal("a"),)]
    assert "?y" in notices[0].text


TRIPLE = ("http://e/s", "http://e/p", "http://e/o")


@pytest.mark.parametrize(
    ("outer", "parts"), [("triple", ("subject", "predicate", "object")), ("statement", "spo")]
)
def test_a_triple_term_is_read_in_both_spellings(outer: str, parts: tuple[str, ...]) -> None:
    """SPARQL 1.2's, and the one that Stardog has (rdf4j#2495)."""
    inner = "".join(f"<{p}><uri>{i}</uri></{p}>" for p, i in zip(parts, TRIPLE, strict=True))
    ((by_xml,),) = rows(xml(f"<{outer}>{inner}</{outer}>"), XML)
    members = ",".join(
        f'"{p}":{{"type":"uri","value":"{i}"}}' for p, i in zip(parts, TRIPLE, strict=True)
    )
    ((by_json,),) = rows(table(f'{{"type":"{outer}","value":{{{members}}}}}'), JSON)
    assert str(by_xml) == str(by_json)
    assert [str(part) for part in by_xml][:3] == [f"<{iri}>" for iri in TRIPLE]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<html><body>Welcome</body></html>", "text/html"),
        ("<html><body>Welcome</body></html>", XML),
        (table(A), ""),
        (table(A) + "\nTransaction timed out", JSON),
        (table(A)[:-3] + ",\njava.util.concurrent.TimeoutException", JSON),
        (xml("<literal>a</literal>") + "<error/>", XML),
        (f"<!DOCTYPE s [<!ENTITY a 'hi'>]>{xml('<literal>&a;</literal>')}", XML),
        ("[" * 100_000, JSON),
        ('{"a":' * 100_000, JSON),
        ("7", JSON),
        ("{}", JSON),
        ('{"head":{"vars":["x"]}}', JSON),
        ('{"results":{"bindings":[]}}', JSON),
        ('{"head":{"vars":["x"]},"results":{"bindings":[7]}}', JSON),
        (table(A)[:-1] + ',"results":{"bindings":[]}}', JSON),
        ('{"head":{},"boolean":true}', JSON),
        (HEAD + "</sparql>", XML),
    ],
)
def test_what_is_no_answer_to_a_select_is_refused(text: str, kind: str) -> None:
    """A page, an answer with an error in or behind it, entities, one too deep, a boolean."""
    with pytest.raises(SyntaxError):
        rows(text, kind)


def test_rows_are_there_before_the_last_has_come() -> None:
    """What is large is not held."""

    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self._left = table(A).removesuffix("]}}").encode()

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
            self._left += b',{"x":%b}' % A.encode()
            buffer[: len(taken)] = taken
            return len(taken)

    body = io.BufferedReader(Endless())
    solutions = read_answer(body, JSON, [], ask=False)
    assert tuple(next(iter(solutions))) == (Literal("a"),)  # type: ignore[arg-type]


def test_an_answer_for_service_is_rewritten_whole_or_not_at_all() -> None:
    """The engine's own reader takes XML without its end for a whole answer."""
    text = xml("<literal> a<!-- c --> </literal>", "<bnode>nodeID://b1</bnode>")
    told = json.loads(rewritten(text.encode(), XML))
    assert told["results"]["bindings"][0] == {"x": {"type": "literal", "value": " a "}}
    with pytest.raises(SyntaxError):
        rewritten(text.removesuffix(END).encode(), XML)
    with pytest.raises(SyntaxError, match="boolean"):
        rewritten(b'{"head":{},"boolean":true}', JSON)


def test_a_member_that_means_nothing_may_be_a_number_of_any_size() -> None:
    """Results JSON, section 3, and RFC 8259, section 6: Python reads 4,300 digits at most."""
    assert rows(table(before=f'"n":{"9" * 5000},'), JSON) == []
