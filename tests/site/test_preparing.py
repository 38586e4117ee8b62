"""What is done before the first reader comes."""

from datetime import UTC, datetime

from flask import Flask
from pyoxigraph import Store
from query_runners import CountingRunner, FailingRunner

from sparql_endpoint.app import create_app
from sparql_endpoint.describe.dumps import write_all
from sparql_endpoint.describe.tables import write_tables
from sparql_endpoint.endpoint.service import About, service
from sparql_endpoint.errors import ServerBusyError
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.site.app import register
from sparql_endpoint.site.preparing import prepare

MODIFIED = datetime(2024, 5, 6, tzinfo=UTC)


def prepare_all(app: Flask) -> None:
    """Do every step."""
    for _ in prepare(app):
        pass


def test_the_first_reader_waits_for_no_query_over_the_whole_dataset() -> None:
    """In no language; the counts of VoID are there too. It counts as no request.

    Only the files of the dataset are left to a task of their own.
    """
    runner = CountingRunner(load_project())
    app = create_app(runner, About("1", MODIFIED, own=True))
    register(app)
    prepare_all(app)
    write_all(service(app))
    write_tables(service(app))
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
    runner = CountingRunner(Store())
    app = create_app(runner, About("1", MODIFIED))
    register(app)
    prepare_all(app)
    assert runner.asked == []


def test_a_busy_engine_is_left_to_the_readers() -> None:
    """What could not be prepared is made when it is asked for."""
    runner = FailingRunner(ServerBusyError("no room", 1))
    app = create_app(runner, About("1", MODIFIED, own=True))
    register(app)
    prepare_all(app)
    assert runner.asked
    assert app.test_client().get("/help").status_code == 200
