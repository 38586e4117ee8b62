"""Repairing XML, however it is cut into pieces."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparql_endpoint.errors import UsageError
from sparql_endpoint.query.xml_text import XmlRepair


@given(st.lists(st.integers(0, 40), max_size=6))
def test_a_cut_in_the_middle_of_a_character_changes_nothing(cuts: list[int]) -> None:
    """The repaired text is the same for every way to cut it."""
    text = "<a>x\ry\ufffd\ufeff é漢\n</a>".encode()
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    pieces: list[bytes] = []
    repair = XmlRepair(pieces.append)
    for start, end in itertools.pairwise(edges):
        repair.write(text[start:end])
    repair.flush()

    assert b"".join(pieces).decode() == "<a>x&#13;y\ufffd\ufeff é漢\n</a>"


def write_all(repair: XmlRepair, *pieces: bytes) -> None:
    """Write pieces to their end."""
    for piece in pieces:
        repair.write(piece)
    repair.flush()


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
@pytest.mark.parametrize("cut", range(1, 9))
def test_a_character_that_xml_does_not_have_is_refused(character: str, cut: int) -> None:
    """XML 1.0, section 2.2; the error shows where it stands."""
    text = f"<a>é{character}b</a>".encode()
    repair = XmlRepair(lambda _piece: None)

    with pytest.raises(UsageError, match=f"cannot hold the character U.{ord(character):04X} in "):
        write_all(repair, text[:cut], text[cut:])
