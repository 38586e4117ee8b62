"""Problems as pages: each says in the reader's language what to do."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from sparql_endpoint.errors import (
    ForumGraphError,
    QueryTimeoutError,
    TooManyRequestsError,
)
from sparql_endpoint.site.app import register
from sparql_endpoint.web.app import create_app
from sparql_endpoint.web.runner import Answer, Question
from sparql_endpoint.web.service import About

BROWSER = {"Accept": "text/html"}


class Failing:
    """A runner that always raises the same."""

    def __init__(self, error: ForumGraphError) -> None:
        self.error = error

    def run(self, question: Question) -> Answer:
        raise self.error


@pytest.mark.parametrize(
    ("path", "accept", "status", "advice"),
    [
        ("/id/nothing", "text/html", 404, "Search for the thing by a name"),
        ("/nowhere", "text/html", 404, "browse by kind"),
        ("/sparql?query=SELEC", "text/html", 400, "mend that and ask again"),
        ("/id/chile", "image/png, text/html;q=0", 406, ""),
    ],
)
def test_a_problem_says_what_to_do(
    client: FlaskClient, path: str, accept: str, status: int, advice: str
) -> None:
    """As a page where the reader takes one."""
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == status
    assert advice in response.text


@pytest.mark.parametrize(
    ("error", "status", "advice"),
    [
        (TooManyRequestsError("8 queries of yours are under way", 1), 429, "Wait until one"),
        (QueryTimeoutError("the query took longer than 10 s"), 503, "come back in a moment"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/page/chile", "/browse"])
def test_limits_are_explained_on_every_page(
    error: ForumGraphError, status: int, advice: str, path: str
) -> None:
    """A page that cannot be made says why, and when to come back."""
    about = About("1", datetime(2024, 5, 6, tzinfo=UTC))
    app = create_app(Failing(error), about)
    register(app)
    response = app.test_client().get(path, headers=BROWSER)
    assert response.status_code == status
    assert advice in response.text


def test_advice_is_translated(client: FlaskClient) -> None:
    """As everything else."""
    text = client.get("/nowhere?lang=zh", headers=BROWSER).text
    assert "未找到" in text


def test_a_long_detail_is_cut(client: FlaskClient) -> None:
    """A hostile address is shown as text, and not all of it."""
    text = client.get("/browse/" + "<b>" * 1000, headers=BROWSER).text
    assert "<b>" not in text
    assert len(text) < 8000
