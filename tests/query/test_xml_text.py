"""Repairing XML, however it is cut into pieces."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from sparql_endpoint.query.xml_text import XmlRepair


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_cut_in_the_middle_of_a_character_changes_nothing(cuts: list[int]) -> None:
    """The repaired text is the same for every way to cut it."""
    text = "<a>x\ry\x00\ufffe\uffff\ufffd\ufeff é漢\n</a>\uffff".encode()
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces: list[bytes] = []
    repair = XmlRepair(pieces.append)
    for start, end in itertools.pairwise(edges):
        repair.write(text[start:end])
    repair.flush()

    assert b"".join(pieces).decode() == "<a>x&#13;y\ufffd\ufffd\ufffd\ufffd\ufeff é漢\n</a>\ufffd"
