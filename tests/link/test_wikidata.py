"""Wikidata's answers as objects."""

import json
from pathlib import Path

import pytest
from wikidata_standin import RECORDED, Answer, WikidataStandIn

from sparql_endpoint.errors import RemoteError
from sparql_endpoint.link.item import parse_item
from sparql_endpoint.link.wikidata import Hit, Wikidata


@pytest.fixture
def wikidata(wikidata_standin: WikidataStandIn, tmp_path: Path) -> Wikidata:
    """Return a client of the stand-in."""
    return Wikidata(wikidata_standin.settings(tmp_path))


def test_reads_a_recorded_search(wikidata: Wikidata) -> None:
    """A hit has id, label, description, and tells by which name it was found."""
    assert wikidata.search("abc", "en") == [
        Hit(
            "Q169889",
            "American Broadcasting Company",
            "American broadcast television network",
            "alias search 'abc'@en",
        ),
        Hit("Q286874", "ABC", "Wikimedia disambiguation page", "label search 'abc'@en"),
        Hit(
            "Q26298",
            "Agricultural Bank of China",
            "major bank in the People's Republic of China",
            "alias search 'abc'@en",
        ),
    ]


def test_a_search_without_hits_is_empty(wikidata: Wikidata) -> None:
    """Nothing found is no error."""
    assert wikidata.search("zzzz", "pt") == []


def test_reads_an_item(wikidata: Wikidata) -> None:
    """Labels, aliases, classes, codes and coordinates come from the best statements."""
    chile = wikidata.items(["Q298"])["Q298"]
    assert chile is not None
    assert chile.label("zh") == "智利"
    assert list(chile.names("es")) == ["Chile", "República de Chile"]
    assert chile.items("P31") == ("Q3624078",)
    assert chile.strings("P298") == ("CHL",)
    assert chile.strings("P625") == ()
    assert len(chile.coordinates()) == 1


def test_reads_times_with_their_precision(wikidata: Wikidata) -> None:
    """A time keeps the precision that Wikidata gives it."""
    celac = wikidata.items(["Q1045401"])["Q1045401"]
    assert celac is not None
    assert celac.times("P571") == (("+2011-12-03T00:00:00Z", 11),)


def test_reads_a_recorded_redirect() -> None:
    """The body of a merged item is that of the item it was merged into."""
    recorded = json.loads((RECORDED / "entitydata-redirect-Q16231742.json").read_text("utf-8"))
    item = parse_item(recorded["entities"]["Q3571994"], asked="Q16231742")
    assert (item.id, item.redirected_from, item.label("de")) == ("Q3571994", "Q16231742", "Kangnam")


def test_the_api_tells_redirects_too(wikidata: Wikidata) -> None:
    """An item that took another's place says so, under the id asked for or under its own."""
    found = wikidata.items(["Q990001", "Q990002"])
    told = {asked: item and (item.id, item.redirected_from) for asked, item in found.items()}
    assert told == {"Q990001": ("Q298", "Q990001"), "Q990002": ("Q148", "Q990002")}


def test_what_does_not_exist_is_none(wikidata: Wikidata) -> None:
    """A deleted item, and an id that cannot be, both give None; the others of the call stay."""
    found = wikidata.items(["Q298", "Q999999999", "Q0"])
    assert {key: item and item.id for key, item in found.items()} == {
        "Q298": "Q298",
        "Q999999999": None,
        "Q0": None,
    }


def test_asks_for_at_most_fifty_items_at_once(
    wikidata: Wikidata, wikidata_standin: WikidataStandIn
) -> None:
    """A longer list goes in several requests, each id once."""
    found = wikidata.items([f"Q{number}" for number in range(1, 121)] + ["Q1"])
    assert len(found) == 120
    sizes = [len(parameters["ids"].split("|")) for _, parameters, _ in wikidata_standin.requests]
    assert sizes == [50, 50, 20]


def test_reconciles_a_name_with_values(
    wikidata: Wikidata, wikidata_standin: WikidataStandIn
) -> None:
    """A batch of one query goes out with types and properties; its candidates come back."""
    hits = wikidata.reconcile("Chile", ["Q6256"], {"P298": "CHL"}, limit=3)
    assert hits == [Hit("Q298", "Chile", "country in South America", "reconciliation, score 100")]
    path, parameters, _ = wikidata_standin.requests[0]
    assert path == "/en/api"
    assert json.loads(parameters["queries"]) == {
        "q0": {
            "query": "Chile",
            "limit": 3,
            "type": ["Q6256"],
            "type_strict": "should",
            "properties": [{"pid": "P298", "v": "CHL"}],
        }
    }


def test_reconciles_a_bare_name(wikidata: Wikidata, wikidata_standin: WikidataStandIn) -> None:
    """Without types and values the query is the name alone."""
    wikidata.reconcile("Chile")
    _, parameters, _ = wikidata_standin.requests[0]
    assert json.loads(parameters["queries"]) == {"q0": {"query": "Chile", "limit": 5}}


def test_selects_from_the_query_service(wikidata: Wikidata) -> None:
    """Rows of a SELECT are plain values by variable; an unbound variable is absent."""
    query = "SELECT ?s ?none { ?s <http://www.wikidata.org/prop/direct/P298> 'CHL' }"
    assert wikidata.select(query) == [{"s": "http://www.wikidata.org/entity/Q298"}]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Answer("<html>", 200, "text/html"), "no JSON object"),
        (Answer("[]"), "no JSON object"),
        (Answer("", 500), "answered 500 Internal Server Error"),
        (Answer("sorry, maxlag", 200), "no JSON object"),
        (Answer('["maxlag"]', 200), "no JSON object"),
        (Answer("", 301, headers={"Location": "http://:x"}), "Invalid port"),
        (
            Answer('{"error": {"code": "param-missing", "info": "The ids are missing"}}'),
            "Wikidata refuses the request: The ids are missing",
        ),
    ],
    ids=["HTML", "array", "500", "words", "maxlag elsewhere", "bad redirect", "API error"],
)
def test_a_strange_answer_is_an_error_in_words(
    wikidata: Wikidata, wikidata_standin: WikidataStandIn, fault: Answer, message: str
) -> None:
    """What cannot be read ends in one line, never in a traceback of a parser."""
    wikidata_standin.faults = [fault]
    with pytest.raises(RemoteError, match=message):
        wikidata.items(["Q298"])


def test_an_address_that_is_none_is_an_error_in_words(
    wikidata_standin: WikidataStandIn, tmp_path: Path
) -> None:
    """A setting that is no HTTP address is named."""
    settings = wikidata_standin.settings(tmp_path, site="ftp://example.org")
    with Wikidata(settings) as client, pytest.raises(RemoteError, match="'ftp://'"):
        client.items(["Q298"])


def test_labels_fall_back_to_any_language_then_english_then_the_id() -> None:
    """``mul`` stands for every language."""
    labels = {"mul": {"language": "mul", "value": "ALBA"}, "en": {"language": "en", "value": "E"}}
    assert parse_item({"id": "Q1", "labels": labels}).label("pt") == "ALBA"
    del labels["mul"]
    assert parse_item({"id": "Q1", "labels": labels}).label("pt") == "E"
    assert parse_item({"id": "Q1", "labels": []}).label("pt") == "Q1"


def test_the_best_rank_counts() -> None:
    """Preferred statements hide normal ones, deprecated ones never count, nor do unknown values."""

    def statement(rank: str, value: str | None) -> dict[str, object]:
        snak: dict[str, object] = {"snaktype": "somevalue"}
        if value is not None:
            snak = {"snaktype": "value", "datavalue": {"value": value}}
        return {"rank": rank, "mainsnak": snak}

    normal = [statement("normal", "a"), statement("deprecated", "b"), statement("normal", None)]
    assert parse_item({"id": "Q1", "claims": {"P1": normal}}).strings("P1") == ("a",)
    preferred = [*normal, statement("preferred", "c")]
    assert parse_item({"id": "Q1", "claims": {"P1": preferred}}).strings("P1") == ("c",)


def test_items_are_read_in_both_forms_of_an_entity_id() -> None:
    """Old data give the number of an item only."""
    snak = {"snaktype": "value", "datavalue": {"value": {"numeric-id": 6256}}}
    other = {"snaktype": "value", "datavalue": {"value": "text"}}
    claims = {"P31": [{"mainsnak": snak}, {"mainsnak": other}]}
    assert parse_item({"id": "Q1", "claims": claims}).items("P31") == ("Q6256",)
