"""The map of the front page: who is party to the first of the graph's forums, and by which bloc."""

from collections.abc import Mapping
from dataclasses import dataclass

from sparql_endpoint.names import expand
from sparql_endpoint.project import project
from sparql_endpoint.site import kept
from sparql_endpoint.site.asking import Row, rows
from sparql_endpoint.site.maps import Map, State, draw
from sparql_endpoint.site.outlines import Box, Outlines, around, outlines

__all__ = ["FORUM", "MembersMap", "Party", "is_drawn", "members_map"]

FORUM = expand(f"id:{project().forum or '-'}")
"""The forum of the front page."""
_QUERY = f"""
SELECT ?party ?state ?code {{
    <{FORUM}> dfo:hasParty ?party . ?party ^(org:memberOf?) ?state .
    ?state a dfo:State ; dfo:unM49 ?code
}} ORDER BY ?party ?state"""
_CROWDED = ((28.0, -93.0), (7.0, -58.5))
"""North-west and south-east of Central America and the Caribbean, where states are smallest."""
_MARGIN = 6


@dataclass(frozen=True)
class Party:
    """A party to the forum: the states of it that are drawn; itself, where it is a state."""

    iri: str
    kind: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class MembersMap:
    """Who is drawn, the map of all of them, and one of where they are smallest."""

    forum: str
    parties: tuple[Party, ...]
    whole: Map
    closer: Map
    frame: Box
    """Where on the first map the second lies."""


def members_map() -> MembersMap | None:
    """Return the map, asked for once; None without a party in the graph, or without outlines.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    drawn = outlines()
    if drawn is None:
        return None
    states: dict[str, State] = {}
    parties: dict[str, list[str]] = {}
    for row in kept.once(__name__, _ask):
        party, state, code = (row[name].value for name in ("party", "state", "code"))
        if code in drawn.world and state not in parties.get(party, ()):
            states[code] = State(state, "party" if state == party else "member")
            parties.setdefault(party, []).append(state)
    if not states:
        return None
    view = _crowded(drawn)
    near = {code for code in states if view.holds(drawn.world[code].box)}
    frame = _frame(drawn, near)
    return MembersMap(
        FORUM,
        tuple(
            Party(party, "party" if party in members else "member", tuple(members))
            for party, members in parties.items()
        ),
        draw(drawn.pacific, drawn.frame, _again(states, near)),
        draw(drawn.world, view, _again(states, states.keys() - near), least=drawn.degree),
        frame,
    )


def is_drawn(iri: str) -> bool:
    """Return whether the map shows an organization by its members.

    Raises:
        ForumGraphError: the runner has no answer.
    """
    pairs = ((row["party"].value, row["state"].value) for row in kept.once(__name__, _ask))
    return any(party == iri and state != party for party, state in pairs)


def _ask() -> list[Row]:
    return rows(_QUERY)


def _crowded(drawn: Outlines) -> Box:
    corners = [place for corner in _CROWDED if (place := drawn.place(*corner))]
    return Box(*(round(number) for corner in corners for number in corner))


def _frame(drawn: Outlines, near: set[str]) -> Box:
    """Return the box around those states of the Pacific's sheet that the closer map shows whole."""
    boxes = [drawn.pacific[code].box for code in near if code in drawn.pacific]
    left, top, right, bottom = around(boxes or [Box(0, 0, 0, 0)])
    return Box(left - _MARGIN, top - _MARGIN, right + _MARGIN, bottom + _MARGIN)


def _again(states: Mapping[str, State], elsewhere: set[str]) -> dict[str, State]:
    return {
        code: State(state.iri, state.kind, again=code in elsewhere)
        for code, state in states.items()
    }
