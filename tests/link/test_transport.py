"""The client's manners: one at a time, patient, with a memory."""

import threading
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
import stamina
from no_network import OutsideError
from wikidata_standin import RECORDED, Answer, WikidataStandIn

from sparql_endpoint import __version__
from sparql_endpoint.errors import RemoteError
from sparql_endpoint.link.settings import Settings
from sparql_endpoint.link.transport import PoliteTransport, http_client
from sparql_endpoint.link.wikidata import Wikidata

_MAXLAG = (RECORDED / "error-maxlag.json").read_text("utf-8")


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the waits between attempts, which take no time here."""
    slept: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", slept.append)
    return slept


def test_tells_who_asks(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """The User-Agent names project, version and the contact of the settings."""
    settings = wikidata_standin.settings(tmp_path, contact="mailto:editor@example.org")
    with Wikidata(settings) as wikidata:
        wikidata.items(["Q298"])
    _, _, headers = wikidata_standin.requests[0]
    agent = f"forumgraph/{__version__} (mailto:editor@example.org) python-httpx"
    assert headers["User-Agent"] == agent


def test_sends_maxlag(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """Each request to the API offers to wait when replicas lag more than the setting."""
    with Wikidata(wikidata_standin.settings(tmp_path, maxlag=7)) as wikidata:
        wikidata.items(["Q298"])
    _, parameters, _ = wikidata_standin.requests[0]
    assert parameters["maxlag"] == "7"


@pytest.mark.parametrize(
    "fault",
    [
        Answer("", 429, headers={"Retry-After": "7"}),
        Answer("", 503, headers={"Retry-After": "7"}),
        Answer(_MAXLAG, 200, headers={"Retry-After": "7"}),
        Answer(_MAXLAG, 200, headers={"Retry-After": "7", "MediaWiki-API-Error": "maxlag"}),
    ],
    ids=["429", "503", "maxlag in the body", "maxlag in a header"],
)
def test_waits_as_long_as_the_server_says(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float], fault: Answer
) -> None:
    """A busy server is asked again after the seconds of its Retry-After."""
    wikidata_standin.faults = [fault, fault]
    with Wikidata(wikidata_standin.settings(tmp_path)) as wikidata:
        found = wikidata.items(["Q298"])
    assert found["Q298"] is not None
    assert waits == [7.0, 7.0]


def test_understands_a_date_to_retry_after(tmp_path: Path, waits: list[float]) -> None:
    """Retry-After as an HTTP date means the seconds until then."""
    now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    later = format_datetime(now.replace(second=20), usegmt=True)
    answers = [httpx.Response(503, headers={"Retry-After": later}), httpx.Response(200)]
    inner = httpx.MockTransport(lambda _: answers.pop(0))
    polite = PoliteTransport(inner, Settings(), clock=now.timestamp)
    assert polite.handle_request(httpx.Request("GET", "http://x")).status_code == 200
    assert waits == [20.0]


def test_backs_off_where_the_server_names_no_time(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float]
) -> None:
    """Without Retry-After, or with one nobody can read, waits grow by themselves."""
    wikidata_standin.faults = [Answer("", 503), Answer("", 502, headers={"Retry-After": "soon"})]
    with Wikidata(wikidata_standin.settings(tmp_path)) as wikidata:
        wikidata.items(["Q298"])
    assert len(waits) == 2
    assert all(0 < wait < 5 for wait in waits)


def test_tells_of_each_wait(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float]
) -> None:
    """Whoever waits is told why and how long, not after the last attempt."""
    wikidata_standin.faults = [Answer("", 429, headers={"Retry-After": "7"}), Answer("", 503)] * 2
    told: list[str] = []
    settings = wikidata_standin.settings(tmp_path, attempts=3)
    with Wikidata(settings, tell=told.append) as wikidata, pytest.raises(RemoteError):
        wikidata.items(["Q298"])
    assert told == [
        "Wikidata: it answered 429 Too Many Requests; again in 7 s",
        "Wikidata: it answered 503 Service Unavailable; again soon",
    ]
    assert len(waits) == 2


def test_gives_up_when_asked_to_wait_too_long(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float]
) -> None:
    """A wait beyond the patience of the settings ends with an error that says when to return."""
    wikidata_standin.faults = [Answer("", 429, headers={"Retry-After": "3600"})]
    with (
        Wikidata(wikidata_standin.settings(tmp_path)) as wikidata,
        pytest.raises(RemoteError, match=r"127\.0\.0\.1 is busy: .*429.*wait 3600 s"),
    ):
        wikidata.items(["Q298"])
    assert waits == []


def test_gives_up_after_the_last_attempt(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float]
) -> None:
    """A server that stays busy is asked as often as the settings say, and no more."""
    wikidata_standin.faults = [Answer(_MAXLAG)] * 9
    with (
        Wikidata(wikidata_standin.settings(tmp_path, attempts=3)) as wikidata,
        pytest.raises(RemoteError, match="replicas lag behind"),
    ):
        wikidata.items(["Q298"])
    assert len(wikidata_standin.requests) == 3
    assert len(waits) == 2


def test_says_which_host_cannot_be_reached(tmp_path: Path) -> None:
    """A host that does not answer is named."""
    settings = Settings(site="http://127.0.0.1:9", cache_lifetime=0, attempts=2)
    with (
        stamina.set_testing(True, attempts=2),
        Wikidata(settings) as wikidata,
        pytest.raises(RemoteError, match=r"127\.0\.0\.1 cannot be reached"),
    ):
        wikidata.items(["Q298"])


def test_one_request_at_a_time(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """Threads that share a client take turns."""
    with http_client(wikidata_standin.settings(tmp_path)) as client:
        url = f"{wikidata_standin.url}/w/api.php?action=wbgetentities&ids=Q298"
        threads = [threading.Thread(target=client.get, args=(url,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(wikidata_standin.requests) == 8
    assert wikidata_standin.most_under_way == 1


def test_answers_are_kept_on_disk(wikidata_standin: WikidataStandIn, tmp_path: Path) -> None:
    """A second client gets the same answer from the file of the first, without a request."""
    settings = wikidata_standin.settings(tmp_path / "new", cache_lifetime=3600)
    for _ in range(2):
        with Wikidata(settings) as wikidata:
            assert wikidata.items(["Q298"])["Q298"] is not None
    assert settings.cache_path.is_file()
    assert len(wikidata_standin.requests) == 1


def test_failures_are_not_kept(
    wikidata_standin: WikidataStandIn, tmp_path: Path, waits: list[float]
) -> None:
    """A busy answer never comes back from the cache."""
    wikidata_standin.faults = [Answer(_MAXLAG)]
    settings = wikidata_standin.settings(tmp_path, cache_lifetime=3600, attempts=1)
    with Wikidata(settings) as wikidata, pytest.raises(RemoteError):
        wikidata.items(["Q298"])
    with Wikidata(settings) as wikidata:
        assert wikidata.items(["Q298"])["Q298"] is not None


def test_old_answers_are_asked_for_again(
    wikidata_standin: WikidataStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer older than the lifetime of the cache is not used."""
    settings = wikidata_standin.settings(tmp_path, cache_lifetime=0.001)
    for _ in range(2):
        with Wikidata(settings) as wikidata:
            wikidata.items(["Q298"])
        threading.Event().wait(0.01)
    assert len(wikidata_standin.requests) == 2


def test_no_test_can_reach_wikidata() -> None:
    """The default settings name the real hosts, and under test nothing reaches them."""
    settings = Settings(cache_lifetime=0)
    assert settings.site == "https://www.wikidata.org"
    with Wikidata(settings) as wikidata, pytest.raises(OutsideError, match=r"www\.wikidata\.org"):
        wikidata.items(["Q298"])
