"""The known deviations of the engine: that each is one, and what is done about it."""

import io
from collections.abc import Iterable

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.deviations import Case, Deviation, deviations
from sparql_endpoint.query.patterns import digits_of_group
from sparql_endpoint.query.run import run_with_notices

CASES = [(known, case) for known in deviations() for case in known.cases]
IDS = [f"{known.code}: {case.query}" for known, case in CASES]


def store_of(case: Case) -> Store:
    """Return the data of a case."""
    store = Store()
    store.load(io.BytesIO(case.data.encode()), RdfFormat.TRIG)
    return store


def rows_of(results: object) -> tuple[str, ...]:
    """Return the rows of an answer as the table writes them."""
    if not isinstance(results, QuerySolutions):
        return (str(bool(results)).lower(),)
    return tuple(sorted(" ".join(_shown(row)) for row in results))


def _shown(row: Iterable[object]) -> list[str]:
    return ["-" if term is None else str(getattr(term, "value", term)) for term in row]


@pytest.mark.parametrize(("known", "case"), CASES, ids=IDS)
@pytest.mark.xfail(strict=True, reason="a known deviation of the engine")
def test_the_engine_itself_answers_as_the_specification_asks(known: Deviation, case: Case) -> None:
    """A case that passes here is a deviation no longer, and leaves the table."""
    results = store_of(case).query(case.query, prefixes=dict(PREFIXES))

    assert rows_of(results) == case.rows


@pytest.mark.parametrize(
    ("known", "case"),
    [pair for pair in CASES if pair[0].remedy == "mended"],
    ids=[name for name, pair in zip(IDS, CASES, strict=True) if pair[0].remedy == "mended"],
)
def test_a_mended_deviation_is_answered_right(known: Deviation, case: Case) -> None:
    """What is run here gives the rows that the specification asks for."""
    results, _ = run_with_notices(store_of(case), case.query)

    assert rows_of(results) == case.rows


@pytest.mark.parametrize(
    ("known", "case"),
    [pair for pair in CASES if pair[0].remedy == "warned"],
    ids=[name for name, pair in zip(IDS, CASES, strict=True) if pair[0].remedy == "warned"],
)
def test_a_deviation_that_stays_is_warned_of(known: Deviation, case: Case) -> None:
    """None passes in silence."""
    _, notices = run_with_notices(store_of(case), case.query)

    assert known.code in {notice.code for notice in notices}


def test_every_deviation_names_its_source_and_a_case() -> None:
    """The table is read by people, too."""
    for known in deviations():
        assert known.source.startswith("https://www.w3.org/TR/")
        assert known.sentence.endswith(".")
        assert known.cases
    assert len({known.code for known in deviations()}) == len(deviations())


@pytest.mark.parametrize(
    ("digits", "groups", "length"),
    [
        *(("1", 1, 1), ("10", 1, 1), ("12", 12, 2), ("123", 12, 2), ("9", 1, 1), ("001", 1, 3)),
        *(("002", 1, 2), ("0" * 5000 + "1", 1, 5001), ("9" * 5000, 1, 1), ("000", 0, 3)),
    ],
)
def test_a_group_takes_as_many_digits_as_name_one(digits: str, groups: int, length: int) -> None:
    """F&O 3.1, section 5.6.4: the last digit is a literal while there are fewer groups."""
    assert digits_of_group(digits, groups) == length
