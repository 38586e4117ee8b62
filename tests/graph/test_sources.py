"""The texts that quotes are taken from."""

from pathlib import Path

import pytest

from sparql_endpoint.errors import DataError, NotFoundError
from sparql_endpoint.graph.sources import read_source, source_slug


def test_a_text_is_read_as_it_was_published(tmp_path: Path) -> None:
    """No newline is translated, no byte order mark is stripped, and the digest is of the bytes."""
    (tmp_path / "a.txt").write_bytes("\ufeffone\r\ntwo é".encode())
    text = read_source(tmp_path, "a")
    assert text.text == "\ufeffone\r\ntwo é"
    assert text.sha256 == "fb9285d457a0e2d81ce0b3f257613e08dd82dfa97cd732fc9521905d5f335e0c"


def test_a_missing_text_is_told_with_those_that_are_there(tmp_path: Path) -> None:
    """The message lists the slugs that would have done."""
    (tmp_path / "other.txt").touch()
    with pytest.raises(NotFoundError, match=r"a\.txt: no such text; the folder has: other"):
        read_source(tmp_path, "a")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """A folder that is not there is another mistake than a text that is not."""
    with pytest.raises(NotFoundError, match="no such folder of texts"):
        read_source(tmp_path / "gone", "a")


def test_a_text_in_another_encoding_is_told(tmp_path: Path) -> None:
    """The message says at which byte it stops to be UTF-8."""
    (tmp_path / "a.txt").write_bytes(b"a\xf1o")
    with pytest.raises(DataError, match="not UTF-8 at byte 1"):
        read_source(tmp_path, "a")


def test_a_source_is_known_by_the_end_of_its_iri() -> None:
    """The slug names the text's file too."""
    assert source_slug("https://w3id.org/forumgraph/source/some-paper-2018") == "some-paper-2018"
