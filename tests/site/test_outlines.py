"""Outlines of countries: where they are, and whose they are."""

import re
from pathlib import Path

import pytest

from sparql_endpoint.paths import DATA
from sparql_endpoint.site.outlines import Box, Country, Outlines, Ring, outlines

STATES = re.split(r"\n(?=id:)", (DATA / "states.ttl").read_text(encoding="utf-8"))[1:]


def value(state: str, name: str) -> str:
    """Return the value of a property of a state, as its file has it."""
    found = re.search(rf'{name} "?([-.\d]+)"?', state)
    assert found is not None
    return found[1]


def test_a_place_in_the_projection_of_mercator(sheets: Outlines) -> None:
    """Snyder's example for the sphere: 35° N, 105° east of the middle, is x 1.8325957, y 0.6528366.

    Map Projections: A Working Manual, 1987, page 266; https://doi.org/10.3133/pp1395.
    """
    assert (sheets.degree, sheets.west) == (16, -30)
    middle, equator = sheets.place(0, 150) or (0, -1)
    x, y = sheets.place(35, 150 + 105 - 360) or (0, 0)
    assert x - middle == pytest.approx(1.8325957 * 57.29578 * 16, abs=0.001)
    assert y == pytest.approx(-0.6528366 * 57.29578 * 16, abs=0.001)
    assert equator == pytest.approx(0)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90, 0), (-86, 10), (0, 181), (float("nan"), 0), (0, float("inf"))],
)
def test_what_lies_nowhere_on_the_sheet(
    sheets: Outlines, latitude: float, longitude: float
) -> None:
    """The poles and numbers that are no coordinates have no place."""
    assert sheets.place(latitude, longitude) is None


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.partition("\n")[0])
def test_each_state_of_the_graph_has_its_outline(sheets: Outlines, state: str) -> None:
    """By its code, around the coordinates that the graph has from elsewhere."""
    country = sheets.world[value(state, "dfo:unM49")]
    place = sheets.place(float(value(state, "geo:lat")), float(value(state, "geo:long")))
    assert place is not None
    left, top, right, bottom = country.box
    room = sheets.degree / 2
    assert left - room <= place[0] <= right + room
    assert top - room <= place[1] <= bottom + room


def test_the_outlines_are_small(sheets: Outlines) -> None:
    """The file is light, and so is what a page takes of it."""
    file = Path(outlines.__wrapped__.__code__.co_filename).with_name("outlines.json")
    assert file.stat().st_size < 65_000
    pacific = "".join(ring.path for country in sheets.pacific.values() for ring in country.rings)
    assert len(pacific) < 15_000
    assert set(pacific) <= set("Mlz0123456789 -")


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    """A package may be built without outlines."""
    assert outlines(tmp_path / "outlines.json") is None


def test_the_box_of_a_country_leaves_out_what_is_lost_beside_it() -> None:
    """A far island does not make a view of the country wider; one as large as it does."""
    main, island, other = Box(0, 0, 10, 10), Box(90, 0, 91, 1), Box(20, 0, 26, 6)
    rings = tuple(Ring(box, "") for box in (main, island, other))
    assert Country(rings).box == Box(0, 0, 26, 10)
    assert main.meets(Box(10, 10, 12, 12))
    assert not main.meets(other)
    assert main.holds(Box(2, 2, 3, 3))
    assert not main.holds(Box(2, 2, 3, 11))
