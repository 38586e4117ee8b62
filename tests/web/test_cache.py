"""Answers that are kept: their bounds, and that they spare the engine."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from pyoxigraph import Store
from sparql_endpoint.web.cache import AnswerCache
from sparql_endpoint.query.evaluation import Answer, InProcessRunner, Question

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.endpoint.settings import Settings

ABOUT = About("1", datetime(2024, 5, 6, tzinfo=UTC))
LONG = "SELECT (CONCAT('x', REPLACE('" + "y" * 2000 + "', 'y', 'z')) AS ?x) {}"
FORM = "application/x-www-form-urlencoded"


class Counting:
    """A runner that counts what it is asked."""

    def __init__(self, store: Store) -> None:
        self.inner = InProcessRunner(store)
        self.asked: list[Question] = []

    def run(self, question: Question) -> Answer:
        self.asked.append(question)
        return self.inner.run(question)


def counting(store: Store, **settings: int) -> tuple[FlaskClient, list[Question]]:
    """Return a client, and the list of what its engine was asked."""
    runner = Counting(store)
    return create_app(runner, ABOUT, Settings(**settings)).test_client(), runner.asked


def test_the_least_recently_used_is_given_up() -> None:
    """By number and by bytes alike."""
    cache = AnswerCache(entries=2, size=100)
    cache.put("a", b"1")
    cache.put("b", b"2")
    cache.get("a")
    cache.put("c", b"3")
    assert [cache.get(key) for key in "abc"] == [b"1", None, b"3"]
    small = AnswerCache(entries=9, size=100)
    for key in "abcde":
        small.put(key, b"x" * 25)
    assert (small.get("a"), small.get("b"), small.size, len(small)) == (None, b"x" * 25, 100, 4)


def test_a_key_put_again_counts_once() -> None:
    """The new body takes the place of the old."""
    cache = AnswerCache(entries=9, size=100)
    cache.put("a", b"12")
    cache.put("a", b"345")
    assert (cache.get("a"), cache.size, len(cache)) == (b"345", 3, 1)


def test_a_very_long_answer_is_not_kept() -> None:
    """One answer does not push out all others."""
    cache = AnswerCache(entries=9, size=100)
    cache.put("a", b"x" * 26)
    assert (cache.get("a"), len(cache), cache.largest) == (None, 0, 25)


def test_a_repeated_question_does_not_reach_the_engine(store: Store) -> None:
    """By whatever method and however compressed."""
    client, asked = counting(store)
    query = "ASK { ?s ?p ?o }"
    bodies = {
        client.get("/sparql", query_string={"query": query}).data,
        client.get("/sparql", query_string={"query": query}).data,
        client.get("/sparql/", query_string={"query": query}, headers={"Accept": "*/*"}).data,
        client.post("/sparql", data={"query": query}, content_type=FORM).data,
        client.post("/sparql", data=query, content_type="application/sparql-query").data,
        client.post("/sparql", data=query, content_type="application/sparql-query").data,
    }
    assert (len(bodies), len(asked)) == (1, 1)


def test_what_differs_is_asked_anew(store: Store) -> None:
    """Another format, another query, other graphs."""
    client, asked = counting(store)
    for more in ({}, {"format": "xml"}, {"default-graph-uri": "https://example.org/g1"}):
        client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }", **more})
    assert len(asked) == 3


def test_ready_answers_are_the_same_as_first_ones(store: Store) -> None:
    """Status, headers and body, apart from the id."""
    client, asked = counting(store)
    for headers in ({}, {"Accept": "text/csv"}, {"Accept-Encoding": "gzip"}):
        answers = [
            client.get("/sparql", query_string={"query": LONG}, headers=headers) for _ in range(3)
        ]
        for answer in answers:
            answer.headers.pop("X-Query-Id")
        assert answers[0].data == answers[1].data == answers[2].data
        assert answers[0].headers == answers[1].headers == answers[2].headers
    assert len(asked) == 2


def test_a_ready_answer_to_head_has_no_body(store: Store) -> None:
    """And the length that GET has."""
    client, _ = counting(store)
    client.get("/sparql", query_string={"query": LONG})
    head = client.head("/sparql", query_string={"query": LONG})
    assert (head.data, int(head.headers["Content-Length"]) > 2000) == (b"", True)


def test_what_was_given_up_is_asked_anew(store: Store) -> None:
    """The thin path forgets with the cache, and has a bound of its own."""
    client, asked = counting(store, cache_entries=1)
    for query in ("ASK { ?a ?b ?c }", "ASK { ?d ?e ?f }", "ASK { ?a ?b ?c }"):
        client.get("/sparql", query_string={"query": query})
    assert len(asked) == 3


def test_a_body_of_unknown_length_is_left_to_the_application(store: Store) -> None:
    """The thin path reads no more than is announced and allowed."""
    client, asked = counting(store, max_body_bytes=20)
    too_long = client.post("/sparql", data=b"A" * 21, content_type="application/sparql-query")
    assert (too_long.status_code, asked) == (413, [])


def test_an_answer_that_is_cut_is_not_kept(store: Store) -> None:
    """What is not whole is never given again, and says so."""
    asked: list[Question] = []

    class Cut:
        def run(self, question: Question) -> Answer:
            asked.append(question)
            return Answer(graph=False, chunks=[b"{}"], complete=False, rows=2)

    client = create_app(Cut(), ABOUT).test_client()
    for path in ("/sparql", "/sparql", "/sparql/"):
        answer = client.get(f"{path}?query=ASK%7B%7D")
        assert answer.headers["X-Result-Complete"] == "false"
        assert (answer.headers.get("ETag"), answer.headers["Cache-Control"]) == (None, "no-store")
    assert len(asked) == 3
