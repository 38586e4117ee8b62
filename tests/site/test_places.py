"""Where the site stands: links are relative, so it works below any path."""

import re
from urllib.parse import urljoin

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client
from werkzeug.wrappers import Response


@pytest.mark.parametrize(
    "path", ["/", "/sparql/", "/page/chile", "/page/claim/closer-partnership-2018-07"]
)
def test_the_site_works_below_a_path(project: Flask, path: str) -> None:
    """No link begins with a slash; following one stays below the path."""
    nowhere = Response("nothing here", status=404)
    client = Client(DispatcherMiddleware(nowhere, {"/graph": project}))
    text = client.get(f"/graph{path}", headers={"Accept": "text/html"}).text
    links = set(re.findall(r'\s(?:href|action)="([^"]+)"', text))
    assert not [link for link in links if link.startswith("/")]
    first = next(link for link in links if link.startswith(".") and "static" not in link)
    assert client.get(urljoin(f"/graph{path}", first)).status_code == 200
    response = client.get("/graph/id/chile", headers={"Accept": "text/html"})
    assert response.headers["Location"] == "../page/chile"


def test_the_language_is_remembered_below_the_path_only(project: Flask) -> None:
    """Other applications of the host get no cookie of ours."""
    client = Client(DispatcherMiddleware(Response(status=404), {"/graph": project}))
    response = client.get("/graph/browse?lang=es")
    assert "Path=/graph/" in response.headers["Set-Cookie"]
