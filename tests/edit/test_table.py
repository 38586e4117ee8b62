"""Claims to CSV and back."""

import csv
import io
from pathlib import Path

import pytest
from own_project import ARTICLE, TEXTS
from pyoxigraph import NamedNode, Store

from sparql_endpoint.edit.changes import Changes
from sparql_endpoint.edit.table import add_rows, draft_of, read_rows
from sparql_endpoint.errors import DataError, UsageError
from sparql_endpoint.export.claims_csv import claims_csv
from sparql_endpoint.graph.dataset import load_project
from sparql_endpoint.names import PREFIXES, expand

CLAIM = PREFIXES["claim"]


def _said(store: Store, claim: NamedNode) -> set[tuple[str, str]]:
    return {(q.predicate.value, str(q.object)) for q in store.quads_for_pattern(claim, None, None)}


def _exported(store: Store) -> list[dict[str, str]]:
    quads = list(store)
    return list(csv.DictReader(io.StringIO(claims_csv(quads, quads).decode(), newline="")))


def test_every_claim_comes_back_from_its_row_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Written anew from its row, a claim says what it said: nothing is lost on the way.

    Every fourth claim is tried.
    """
    changes = Changes()
    monkeypatch.setattr(Changes, "text", lambda _changes, _path: "# No matter.\n")
    rows = _exported(changes.store)
    lost = []
    for row in rows[::4]:
        before = _said(changes.store, NamedNode(row["claim"]))
        again = changes.claim(draft_of(row, None))
        if _said(changes.store, again) != before:
            lost.append(row["claim"].removeprefix(CLAIM))
    assert lost == []


def test_rows_that_name_their_claim_change_nothing() -> None:
    """A table that was exported, and to which nothing was added, adds nothing."""
    changes = Changes()
    assert add_rows(changes, _exported(changes.store), None) == []
    assert changes.files == {}


def test_a_row_without_a_claim_is_a_new_one(tmp_path: Path) -> None:
    """Names and words suffice; a spreadsheet's byte order mark does no harm."""
    path = tmp_path / "claims.csv"
    words = "Seventeen subforum sessions have been held"
    path.write_text(
        "\ufeffsource,subject,predicate,object,quote,standing\r\n"
        f"closer-partnership-2018,China-CELAC Forum,characterized as,busy,{words},attributed\r\n",
        encoding="utf-8",
    )
    (tmp_path / "closer-partnership-2018.txt").write_text(f"First. {words}.", encoding="utf-8")
    changes = Changes()
    (claim,) = add_rows(changes, read_rows(path), tmp_path)
    assert (expand("dfo:evidence"), f"<{PREFIXES['quote']}closer-partnership-2018-7-49>") in _said(
        changes.store, claim
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"claim": "claim:none-01"}, "row 2: there is no claim claim:none-01"),
        (
            {"claim": "claim:closer-partnership-2018-01", "note": "new"},
            "has another note in the data",
        ),
        ({"subject": "CELAK"}, "row 2: nothing is called 'CELAK'"),
        ({"source": ARTICLE, "quote": "zzz"}, "row 2: .*does not have these words"),
    ],
)
def test_a_row_that_is_wrong_is_named_by_its_number(row: dict[str, str], message: str) -> None:
    """The header is row 1, as in a spreadsheet."""
    whole = {"source": "closer-partnership-2018", "subject": "CELAC", "predicate": "theme",
             "object": "x"}  # fmt: skip
    with pytest.raises(UsageError, match=message):
        add_rows(Changes(load_project()), [{**({} if "claim" in row else whole), **row}], TEXTS)


def test_a_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    """The message names the columns that are missing."""
    path = tmp_path / "claims.csv"
    path.write_text("subject,object\nx,y\n", encoding="utf-8")
    with pytest.raises(DataError, match="no column predicate, source"):
        read_rows(path)
