"""Settings of the Wikidata client."""

from dataclasses import fields
from pathlib import Path

import pytest

from sparql_endpoint.errors import UsageError
from sparql_endpoint.link.settings import Settings


def test_the_environment_overrides_every_setting() -> None:
    """Each setting has a variable of its own, read in the setting's kind."""
    given = {
        "site": "http://127.0.0.1:1/",
        "query_service": "http://127.0.0.1:2",
        "reconciliation": "http://127.0.0.1:3/api",
        "contact": "mailto:a@example.org",
        "timeout": "1.5",
        "attempts": "2",
        "patience": "3",
        "maxlag": "4",
        "cache_folder": "/tmp/x",
        "cache_lifetime": "60",
    }
    assert set(given) == {setting.name for setting in fields(Settings)}
    environment = {f"FORUMGRAPH_WIKIDATA_{name.upper()}": text for name, text in given.items()}
    assert Settings.from_environment(environment) == Settings(
        site="http://127.0.0.1:1",
        query_service="http://127.0.0.1:2",
        reconciliation="http://127.0.0.1:3/api",
        contact="mailto:a@example.org",
        timeout=1.5,
        attempts=2,
        patience=3.0,
        maxlag=4,
        cache_folder=Path("/tmp/x"),
        cache_lifetime=60.0,
    )


def test_a_number_that_is_none_is_refused() -> None:
    """The error names the variable and what it holds."""
    with pytest.raises(UsageError, match="FORUMGRAPH_WIKIDATA_TIMEOUT: 'soon' is no float"):
        Settings.from_environment({"FORUMGRAPH_WIKIDATA_TIMEOUT": "soon"})


def test_the_cache_lies_where_the_desktop_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a setting the cache is in XDG_CACHE_HOME, else in ~/.cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert Settings().cache_path == Path("/caches/forumgraph/wikidata.sqlite")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert Settings().cache_path == Path.home() / ".cache/forumgraph/wikidata.sqlite"
