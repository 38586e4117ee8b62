"""SPARQL 1.1 Protocol, section by section: https://www.w3.org/TR/sparql11-protocol/."""

import gzip
import socket
from pathlib import Path
from urllib.parse import quote_plus, urlencode

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

ASK = "ASK { ?s ?p ?o }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
KNOWING = "SELECT ?s { ?s <https://example.org/knows> ?o } ORDER BY ?s"
GRAPHS = "SELECT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"


def values(response: TestResponse, name: str) -> list[str]:
    """Return what a variable is bound to, shortened."""
    assert response.status_code == 200, response.text
    bindings = response.get_json()["results"]["bindings"]
    return [row[name]["value"].removeprefix("https://example.org/") for row in bindings]


def test_a_query_by_get(client: FlaskClient) -> None:
    """Section 2.1.1: the query is the URL's parameter 'query'."""
    response = client.get("/sparql", query_string={"query": ASK})
    assert (response.status_code, response.get_json()["boolean"]) == (200, True)


def test_a_query_by_post_with_urlencoded_parameters(client: FlaskClient) -> None:
    """Section 2.1.2: the query is a parameter of the form in the body."""
    response = client.post("/sparql", data=f"query={quote_plus(ASK)}", content_type=FORM)
    assert (response.status_code, response.get_json()["boolean"]) == (200, True)


def test_a_query_by_post_directly(client: FlaskClient) -> None:
    """Section 2.1.3: the query is the body itself, unencoded."""
    response = client.post("/sparql", data=ASK, content_type=QUERY)
    assert (response.status_code, response.get_json()["boolean"]) == (200, True)


@pytest.mark.parametrize("content_type", [FORM, QUERY])
@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"'])
def test_a_charset_of_utf_8_may_be_named(
    client: FlaskClient, content_type: str, charset: str
) -> None:
    """Section 2.1.3: UTF-8 is the only valid charset, and naming it is fine."""
    query = 'ASK { ?s ?p "Á"@es }'
    body = query if content_type == QUERY else f"query={quote_plus(query)}"
    response = client.post(
        "/sparql", data=body.encode(), content_type=f"{content_type}; charset={charset}"
    )
    assert response.get_json()["boolean"] is True


@pytest.mark.parametrize("content_type", [FORM, QUERY])
def test_another_charset_is_a_415(client: FlaskClient, content_type: str) -> None:
    """Section 2.1.3: no other charset is taken for UTF-8."""
    response = client.post(
        "/sparql", data=ASK.encode(), content_type=f"{content_type}; charset=iso-8859-1"
    )
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("body", "content_type"), [(b"ASK { ?s ?p '\xe1' }", QUERY), (b"query=%E1", FORM)]
)
def test_a_body_that_is_not_utf_8_is_a_400(
    client: FlaskClient, body: bytes, content_type: str
) -> None:
    """Section 2.1.3: bytes that are not UTF-8 are no query."""
    response = client.post("/sparql", data=body, content_type=content_type)
    assert (response.status_code, "UTF-8" in response.get_json()["detail"]) == (400, True)


def test_a_url_that_is_not_utf_8_is_a_400(client: FlaskClient) -> None:
    """Section 2.1.1: nor is such a URL's query."""
    assert client.get("/sparql?query=%E1").status_code == 400


def test_form_values_are_decoded_once(client: FlaskClient) -> None:
    """Section 2.1.2: a plus sign and a percent sign that were encoded stay what they were."""
    query = 'SELECT ("1+1 %41 é" AS ?x) {}'
    response = client.post("/sparql", data=f"query={quote_plus(query)}", content_type=FORM)
    assert values(response, "x") == ["1+1 %41 é"]


@pytest.mark.parametrize(
    "parameters",
    ["query=ASK%7B%7D&query=ASK%7B%7D", "default-graph-uri=https://example.org/g1", "query"],
)
def test_not_exactly_one_query_is_a_400(client: FlaskClient, parameters: str) -> None:
    """Section 2.1.1 and 2.1.2: there is exactly one query."""
    assert client.get(f"/sparql?{parameters}").status_code == 400
    assert client.post("/sparql", data=parameters, content_type=FORM).status_code == 400


def test_a_post_without_a_query_is_a_400(client: FlaskClient) -> None:
    """Section 2.1.2: a form without any parameter asks nothing."""
    assert client.post("/sparql", data="", content_type=FORM).status_code == 400


def test_a_query_in_the_url_and_in_the_body_is_a_400(client: FlaskClient) -> None:
    """Section 2.1.3: that would be two queries."""
    response = client.post("/sparql?query=ASK%7B%7D", data=ASK, content_type=QUERY)
    assert response.status_code == 400


def test_more_parameters_than_anybody_needs_are_a_400(client: FlaskClient) -> None:
    """A form of a million fields costs the sender more than us."""
    response = client.post("/sparql", data="a=1&" * 2000, content_type=FORM)
    assert response.status_code == 400


@pytest.mark.parametrize("query", ["SELEKT ?s {}", "ASK {", "", "ASK {} x"])
def test_a_query_outside_the_grammar_is_a_400(client: FlaskClient, query: str) -> None:
    """Section 2.1.7: 400 if the query is not in the language."""
    assert client.get("/sparql", query_string={"query": query}).status_code == 400


@pytest.mark.parametrize("how", ["url", "form", "direct"])
def test_default_graphs_of_the_request_are_merged(client: FlaskClient, how: str) -> None:
    """Section 2.1.4: each default-graph-uri adds to the default graph, by any of the methods."""
    graphs = "default-graph-uri=https://example.org/g1&default-graph-uri=https://example.org/g2"
    encoded = f"{graphs}&query={quote_plus(KNOWING)}"
    response = {
        "url": lambda: client.get(f"/sparql?{encoded}"),
        "form": lambda: client.post("/sparql", data=encoded, content_type=FORM),
        "direct": lambda: client.post(f"/sparql?{graphs}", data=KNOWING, content_type=QUERY),
    }[how]()
    assert values(response, "s") == ["one", "two"]


def test_named_graphs_of_the_request_are_those_to_ask(client: FlaskClient) -> None:
    """Section 2.1.4: each named-graph-uri is a named graph, and the default graph is empty then."""
    named = {"named-graph-uri": "https://example.org/g2"}
    assert values(client.get("/sparql", query_string={"query": GRAPHS, **named}), "g") == ["g2"]
    everything = client.get("/sparql", query_string={"query": ASK, **named})
    assert everything.get_json()["boolean"] is False


def test_the_graphs_of_the_request_override_from(client: FlaskClient) -> None:
    """Section 2.1.4: the dataset of the request is used, not that of the query."""
    query = KNOWING.replace("{", "FROM <https://example.org/g1> {", 1)
    assert values(client.get("/sparql", query_string={"query": query}), "s") == ["one"]
    given = {"query": query, "default-graph-uri": "https://example.org/g2"}
    assert values(client.get("/sparql", query_string=given), "s") == ["two"]


@pytest.mark.parametrize("where", ["parameter", "FROM", "FROM NAMED"])
def test_an_unknown_graph_is_empty_and_never_fetched(
    client: FlaskClient, tmp_path: Path, where: str
) -> None:
    """Section 2.1.4: what is not there has no triples, on a web server and in a file alike."""
    file = tmp_path / "one.ttl"
    file.write_text("<https://example.org/s> <https://example.org/knows> 1 .")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        port = listening.getsockname()[1]
        for iri in (f"http://127.0.0.1:{port}/one.ttl", file.as_uri()):
            if where == "parameter":
                given = {"query": KNOWING, "default-graph-uri": iri}
            else:
                given = {"query": KNOWING.replace("{", f"{where} <{iri}> {{", 1)}
            assert values(client.get("/sparql", query_string=given), "s") == []
        with pytest.raises(TimeoutError):
            listening.accept()


@pytest.mark.parametrize("graph", ["relative", "https://e.org/<x>", "https://[", "a:b c"])
def test_a_graph_that_is_no_absolute_iri_is_a_400(client: FlaskClient, graph: str) -> None:
    """Section 2.1.4: the parameter is an IRI."""
    given = {"query": ASK, "default-graph-uri": graph}
    assert client.get("/sparql", query_string=given).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_a_405(client: FlaskClient, method: str) -> None:
    """Section 2.1: a query is sent by GET or POST; the answer names what is allowed."""
    response = client.open("/sparql", method=method)
    allowed = set(response.headers["Allow"].split(", "))
    assert (response.status_code, allowed) == (405, {"GET", "HEAD", "OPTIONS", "POST"})


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "", None])
def test_another_type_of_body_is_a_415(client: FlaskClient, content_type: str | None) -> None:
    """Section 2.1.2 and 2.1.3: a body is a form or a query."""
    response = client.post("/sparql", data=ASK, content_type=content_type)
    assert (response.status_code, QUERY in response.get_json()["detail"]) == (415, True)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("INSERT DATA { <a:a> <a:b> 1 }", "application/sparql-update"),
        ("update=CLEAR+ALL", FORM),
        ("query=ASK%7B%7D&update=CLEAR+ALL", FORM),
    ],
)
def test_an_update_is_refused_and_changes_nothing(
    client: FlaskClient, body: str, content_type: str
) -> None:
    """Section 2.2: an update by either way of sending it is a 403 here, since all is read only."""
    before = client.get("/sparql?query=CONSTRUCT+WHERE+%7B+?s+?p+?o+%7D&format=nt").data
    response = client.post("/sparql", data=body, content_type=content_type)
    assert (response.status_code, "read only" in response.get_json()["detail"]) == (403, True)
    after = client.get("/sparql?query=CONSTRUCT+WHERE+%7B+?s+?p+?o+%7D&format=nt").data
    assert sorted(after.splitlines()) == sorted(before.splitlines())


def test_an_update_by_get_is_refused(client: FlaskClient) -> None:
    """Section 2.2: an update is never sent by GET, and here not at all."""
    assert client.get("/sparql?update=CLEAR+ALL").status_code == 403


def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient) -> None:
    """RFC 9110, section 9.3.2: HEAD is GET without the content."""
    got = client.get("/sparql", query_string={"query": ASK})
    head = client.head("/sparql", query_string={"query": ASK})
    differing = {"X-Query-Id"}
    assert head.data == b""
    assert {k: v for k, v in head.headers.items() if k not in differing} == {
        k: v for k, v in got.headers.items() if k not in differing
    }


def test_options_tells_what_is_allowed(client: FlaskClient) -> None:
    """RFC 9110, section 9.3.7: OPTIONS names the methods."""
    response = client.options("/sparql")
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_the_endpoint_with_a_slash_at_its_end_is_the_same(client: FlaskClient) -> None:
    """A slash too many is no error."""
    assert client.get("/sparql/", query_string={"query": ASK}).get_json()["boolean"] is True


def test_format_and_output_are_one_choice(client: FlaskClient) -> None:
    """Two different formats cannot both be given."""
    assert client.get(f"/sparql?query={quote_plus(ASK)}&format=csv&output=xml").status_code == 400
    assert client.get(f"/sparql?query={quote_plus(ASK)}&format=csv&output=csv").status_code == 200


@pytest.mark.parametrize(
    ("query", "names", "media_type"),
    [
        (ASK, ["tsv", "text/tab-separated-values"], "text/tab-separated-values"),
        ("DESCRIBE <x:y>", ["rdf+xml", "application/rdf+xml"], "application/rdf+xml"),
        (
            "DESCRIBE <x:y>",
            ["json-ld", "application/ld+json,application/x-json+ld"],
            "application/ld+json",
        ),
        ("DESCRIBE <x:y>", ["n3"], "text/turtle"),
        ("DESCRIBE <x:y>", ["xml"], "application/rdf+xml"),
        (ASK, ["xml"], "application/sparql-results+xml"),
    ],
)
def test_several_names_of_one_format_are_one_choice(
    client: FlaskClient, query: str, names: list[str], media_type: str
) -> None:
    """SPARQLWrapper 2.0 repeats each of its three parameters with every name that it knows."""
    asked = [("query", query)]
    asked += [(parameter, name) for parameter in ("format", "output", "results") for name in names]
    for answer in (
        client.get(f"/sparql?{urlencode(asked)}", headers={"Accept": media_type}),
        client.post("/sparql", data=urlencode(asked), content_type=FORM),
    ):
        assert (answer.status_code, answer.mimetype) == (200, media_type)


def test_parameters_of_others_are_nothing_to_us(client: FlaskClient) -> None:
    """Editors send marks of their own, as ``ac=1`` of sib-swiss and ``timeout=0`` of Virtuoso's."""
    asked = {"ac": "1", "query": ASK, "timeout": "0", "debug": "on"}
    response = client.get("/sparql", query_string=asked)
    assert response.get_json()["boolean"] is True
    assert "X-Query-Warning" not in response.headers


def test_an_unknown_parameter_is_named(client: FlaskClient) -> None:
    """One that is nearly ours is a 400, for the client relies on it; another is a warning."""
    slip = {"query": ASK, "defualt-graph-uri": "https://example.org/g"}
    for response in (
        client.get("/sparql", query_string=slip),
        client.post("/sparql", data=slip),
    ):
        assert response.status_code == 400
        assert "did you mean 'default-graph-uri'?" in response.get_json()["detail"]
    response = client.get("/sparql", query_string={"query": ASK, "utm_source": "letter"})
    assert response.status_code == 200
    warning = "unknown-parameter \"'utm_source' means nothing here\""
    assert response.headers["X-Query-Warning"] == warning


def test_an_update_sent_as_a_query_is_a_400_that_says_so(client: FlaskClient) -> None:
    """Section 2.1.6: it is no sequence of characters of the query language."""
    response = client.post("/sparql", data="query=CLEAR+ALL", content_type=FORM)

    assert response.status_code == 400
    assert "an update sent as a query" in response.get_json()["detail"]


def test_a_graph_field_left_empty_names_no_graph(client: FlaskClient) -> None:
    """Forms of other servers send every field, and the query's own dataset holds."""
    plain = client.get(f"/sparql?query={quote_plus(KNOWING)}&format=csv").data
    empty = "default-graph-uri=&named-graph-uri="
    assert client.get(f"/sparql?query={quote_plus(KNOWING)}&format=csv&{empty}").data == plain
    assert client.get(f"/sparql?{empty}", headers={"Accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("name", ["text/csv; charset=utf-8", "csv;charset=UTF-8"])
def test_a_format_may_have_a_charset(client: FlaskClient, name: str) -> None:
    """The media type is what names the format."""
    response = client.get("/sparql", query_string={"query": KNOWING, "format": name})

    assert (response.status_code, response.mimetype) == (200, "text/csv")


def test_an_accept_header_without_a_media_range_takes_anything(client: FlaskClient) -> None:
    """What is no range is passed over."""
    response = client.get("/sparql", query_string={"query": KNOWING}, headers={"Accept": "json"})

    assert response.status_code == 200


@pytest.mark.parametrize("content_type", [f"{FORM}; charset=us-ascii", FORM])
def test_a_query_in_ascii_or_by_gzip_is_read(client: FlaskClient, content_type: str) -> None:
    """ASCII is a part of UTF-8; RFC 9110, section 8.4: gzip is a content coding."""
    body = gzip.compress(urlencode({"query": KNOWING, "format": "csv"}).encode())
    headers = {"Content-Encoding": "gzip"}
    response = client.post("/sparql", data=body, content_type=content_type, headers=headers)

    assert (response.status_code, response.mimetype) == (200, "text/csv")


@pytest.mark.parametrize(
    ("body", "coding", "status"),
    [
        (b"query=ASK%7B%7D", "zstd", 415),
        (b"query=ASK%7B%7D", "gzip", 400),
        (gzip.compress(b"query=ASK%7B%7D")[:-4], "gzip", 400),
        (gzip.compress(b"query=ASK%7B%7D" + bytes(17 << 20)), "gzip", 413),
    ],
    ids=["unknown coding", "no gzip", "cut", "too large"],
)
def test_a_body_that_cannot_be_decoded_is_refused(
    client: FlaskClient, body: bytes, coding: str, status: int
) -> None:
    """RFC 9110, section 15.5.16: a coding that is not known is a 415; what unpacks is bounded."""
    headers = {"Content-Encoding": coding}
    response = client.post("/sparql", data=body, content_type=FORM, headers=headers)

    assert response.status_code == status


def test_relative_iris_resolve_against_the_address_of_the_service(client: FlaskClient) -> None:
    """SPARQL 1.1 Query, section 4.1.1.2, with RFC 3986, section 5.1.3."""
    query = "SELECT (STR(<a>) AS ?x) {}"
    for host in ("http://one.example", "http://two.example"):
        response = client.get(
            "/sparql", base_url=host, query_string={"query": query, "format": "csv"}
        )
        assert response.get_data(as_text=True).split() == ["x", f"{host}/a"]


def test_an_answer_that_is_not_as_specified_has_a_warning(client: FlaskClient) -> None:
    """The header names the deviation by its code, and says how to write it otherwise."""
    query = "SELECT (<https://example.org/f>(1) AS ?x) {}"
    for _ in range(2):  # a cache must not lose it
        response = client.get("/sparql", query_string={"query": query, "format": "csv"})
        warning = response.headers["X-Query-Warning"]
        assert warning.startswith('unknown-function "the function <https://example.org/f>')

    plain = client.get("/sparql", query_string={"query": KNOWING, "format": "csv"})
    assert "X-Query-Warning" not in plain.headers
