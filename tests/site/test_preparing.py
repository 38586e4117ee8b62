"""What is done before the first reader comes."""

from datetime import UTC, datetime

from pyoxigraph import Store

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import ServerBusyError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.query.evaluation import (
    Query,
    QueryRunner,
    Result,
)
from sparql_endpoint.site.app import register
from sparql_endpoint.site.preparing import prepare

MODIFIED = datetime(2024, 5, 6, tzinfo=UTC)


class Counting:
    """A runner that counts what it is asked, and fails from the first question where told."""

    def __init__(self, store: Store, *, busy: bool = False) -> None:
        self._runner, self._busy = QueryRunner.over(store), busy
        self.asked: list[str] = []

    def run(self, query: Query) -> Result:
        self.asked.append(query.text)
        if self._busy:
            raise ServerBusyError("no room", 1)
        return self._runner.run(query)


def test_the_first_reader_waits_for_no_query_over_the_whole_dataset() -> None:
    """In no language; the counts of VoID are there too. It counts as no request."""
    runner = Counting(load_project())
    app = create_app(runner, About("1", MODIFIED, own=True))
    register(app)
    prepare(app)
    runner.asked.clear()
    client = app.test_client()
    assert "forumgraph_request_seconds_count" not in client.get("/metrics").text
    for path in ("/", "/browse/dfo:Claim", "/disagreements", "/ontology", "/.well-known/void"):
        for tag in ("en", "zh"):
            headers = {"Accept": "text/html", "Accept-Language": tag}
            assert client.get(path, headers=headers).status_code == 200
    assert runner.asked == []


def test_data_of_somebody_else_are_left_alone() -> None:
    """They are of any size, and may change: nothing is asked before there is a question."""
    runner = Counting(Store())
    app = create_app(runner, About("1", MODIFIED))
    register(app)
    prepare(app)
    assert runner.asked == []


def test_a_busy_engine_is_left_to_the_readers() -> None:
    """What could not be prepared is made when it is asked for."""
    runner = Counting(Store(), busy=True)
    app = create_app(runner, About("1", MODIFIED, own=True))
    register(app)
    prepare(app)
    assert runner.asked
    assert app.test_client().get("/help").status_code == 200
