"""Problems as pages: each says once, in the reader's language, what to do."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from query_runners import FailingRunner
from werkzeug.exceptions import default_exceptions

from sparql_endpoint.app import create_app
from sparql_endpoint.endpoint.service import About
from sparql_endpoint.errors import (
    ForumGraphError,
    Place,
    QuerySyntaxError,
    QueryTimeoutError,
    RemoteTimeoutError,
    TooManyRequestsError,
)
from sparql_endpoint.site.app import register

ASK = "/sparql?query=ASK+%7B+%22mine%22%7D"
BROWSER = {"Accept": "text/html"}
SYNTAX = QuerySyntaxError(
    "unknown prefix 'foo:'", Place(2, 9, "WHERE { ?x foo:y 1 }"), "Did you mean 'foaf:'?"
)


def failing(error: Exception) -> FlaskClient:
    """Return a reader of a site whose every query meets ``error``."""
    app = create_app(FailingRunner(error), About("1", datetime(2024, 5, 6, tzinfo=UTC)))
    register(app)
    return app.test_client()


@pytest.mark.parametrize(
    ("path", "method", "status", "advice"),
    [
        ("/id/nothing", "GET", 404, "Search for the thing by a name, or browse by kind."),
        ("/nowhere", "GET", 404, "Search for the thing by a name, or browse by kind."),
        ("/sparql?query=SELEC", "GET", 400, "Mend what is named here, and ask again."),
        ("/sparql?update=CLEAR+ALL", "GET", 403, "Leave out what is named here, and ask again."),
        ("/browse", "POST", 405, "Go there by a link."),
        ("/sparql?query=ASK%7B%7D&format=png", "GET", 406, "Ask for one of the forms named here"),
        (f"/sparql?query={'x' * 9000}", "GET", 414, "Send a shorter query;"),
        ("/sparql", "POST", 415, "Send the query as one of the types named here."),
    ],
)
def test_a_problem_says_what_to_do(
    client: FlaskClient, path: str, method: str, status: int, advice: str
) -> None:
    """In one sentence, without what werkzeug says of every problem of its kind."""
    response = client.open(path, method=method, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert response.text.count(advice) == 1
    usual = default_exceptions[status].description
    assert usual is not None
    assert usual[:40] not in response.text


@pytest.mark.parametrize(
    ("error", "status", "advice"),
    [
        (TooManyRequestsError("8 queries of yours are under way", 1), 429, "Wait a moment"),
        (QueryTimeoutError("the query took longer than 10 s"), 503, "come back in a moment"),
        (RemoteTimeoutError("the store was silent for 9 s"), 504, "Come back in a moment"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/page/chile", "/browse", ASK])
def test_limits_are_explained_on_every_page(
    error: ForumGraphError, status: int, advice: str, path: str
) -> None:
    """A page that cannot be made says what to do, and which limit was met."""
    response = failing(error).get(path, headers=BROWSER)
    assert response.status_code == status
    assert response.text.count(advice) == 1
    assert response.text.count(f'<p lang="en">{error}</p>') == 1


def test_a_failure_of_ours_is_owned() -> None:
    """Nothing of it is told but the id under which the log has it."""
    response = failing(KeyError("secret")).get(ASK, headers=BROWSER)
    assert response.status_code == 500
    assert "It is no fault of yours." in response.text
    assert response.headers["X-Query-Id"] in response.text
    assert "secret" not in response.text


@pytest.mark.parametrize(
    ("tag", "title", "advice"),
    [
        ("es", "No encontrado", "Busque"),
        ("pt", "Não encontrado", "Procure"),
        ("zh", "未找到", "按名称"),
    ],
)
def test_advice_is_translated(client: FlaskClient, tag: str, title: str, advice: str) -> None:
    """As everything else; only particulars stay English, and say so."""
    text = client.get(f"/nowhere?lang={tag}", headers=BROWSER).text
    assert f"<h1>{title}</h1>" in text
    assert advice in text
    assert 'lang="en"' not in text.partition("<main")[2].partition("</main>")[0]


def test_what_is_not_there_can_be_searched_for(client: FlaskClient) -> None:
    """The words of the address lead to the search, which knows names that are nearly so."""
    text = client.get("/page/xi-jinpin", headers=BROWSER).text
    assert '<a href="../search?q=xi+jinpin">Search for “xi jinpin”</a>' in text


def test_a_query_is_there_to_be_mended() -> None:
    """Its place, a hint, and the form with the query in it."""
    response = failing(SYNTAX).get(ASK, headers=BROWSER)
    assert (response.status_code, response.mimetype) == (400, "text/html")
    for text in ("unknown prefix", "Did you mean", "?x foo:y 1", "ASK { &#34;mine&#34;}"):
        assert text in response.text


def test_no_markup_is_reflected(client: FlaskClient) -> None:
    """What a request says stands on a page as text."""
    bad = "<script>alert(1)</script>"
    for path in (f"/{bad}", f"/sparql?query={bad}", f"/sparql?query=ASK%7B%7D&format={bad}"):
        response = client.get(path, headers=BROWSER)
        assert response.mimetype == "text/html"
        assert "<script>" not in response.text


def test_a_long_detail_is_cut(client: FlaskClient) -> None:
    """A hostile address is shown as text, and not all of it."""
    text = client.get("/browse/" + "<b>" * 1000, headers=BROWSER).text
    assert "<b>" not in text
    assert len(text) < 8000


def test_the_page_of_a_problem_works_below_any_path(project: Flask) -> None:
    """The way to the style sheet is relative to where the problem is."""
    text = project.test_client().get("/no/such/page", headers=BROWSER).text
    assert 'href="../../static/style.css"' in text
