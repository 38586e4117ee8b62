"""Files of RDF, whatever they are called and however they were saved."""

import bz2
import gzip
import io
import lzma
import zipfile
from pathlib import Path

import pytest
from backports import zstd
from pyoxigraph import Literal, RdfFormat

from sparql_endpoint.errors import DataError, RdfSyntaxError
from sparql_endpoint.graph.dataset import load_files, quads_of_files
from sparql_endpoint.graph.files import format_of

LINE = b'<http://e/s> <http://e/p> "x" .\n'
XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    b'<rdf:Description rdf:about="http://e/s"><e:p>%s</e:p></rdf:Description></rdf:RDF>'
)
BOM = b"\xef\xbb\xbf"


def values(path: Path) -> list[str]:
    """Return the values of the statements of a file."""
    found = [quad.object for quad in quads_of_files([path])]
    return [term.value for term in found if isinstance(term, Literal)]


def written(path: Path, content: bytes) -> Path:
    """Return ``path`` with ``content`` in it."""
    path.write_bytes(content)
    return path


def archive() -> bytes:
    """Return a zip archive with one file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x.nt", LINE)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("x.owl", RdfFormat.RDF_XML),
        ("x.rdfs", RdfFormat.RDF_XML),
        ("x.turtle", RdfFormat.TURTLE),
        ("x.json-ld", RdfFormat.JSON_LD),
        ("X.NT.GZ", RdfFormat.N_TRIPLES),
        ("x.TTL", RdfFormat.TURTLE),
        ("x.nq.xz", RdfFormat.N_QUADS),
        ("x.trig.bz2", RdfFormat.TRIG),
    ],
)
def test_the_endings_that_people_use_are_known(name: str, expected: RdfFormat) -> None:
    """Ontology editors save .owl; other systems write capital letters."""
    assert format_of(Path(name)) == expected


def test_an_unknown_ending_is_answered_with_the_options(tmp_path: Path) -> None:
    """The message names what every command that reads data has."""
    with pytest.raises(DataError, match=r"end in '\.xyz': .*--data-format.*--format"):
        list(quads_of_files([written(tmp_path / "x.xyz", LINE)]))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.nt.gz", gzip.compress(LINE, mtime=0)),
        ("x.nt.zst", zstd.compress(LINE)),
        ("x.nt.bz2", bz2.compress(LINE)),
        ("x.nt.xz", lzma.compress(LINE)),
        ("x.nt", gzip.compress(LINE, mtime=0)),
        ("x.nt.gz", gzip.compress(BOM + LINE, mtime=0)),
        ("x.nt", BOM + LINE),
        ("x.ttl", BOM + LINE),
        ("x.trig", BOM + LINE),
        ("x.nq", BOM + LINE),
        ("x.jsonld", BOM + b'{"@id": "http://e/s", "http://e/p": "x"}'),
        ("x.rdf", BOM + XML % b"x"),
    ],
)
def test_a_file_is_read_however_it_was_saved(tmp_path: Path, name: str, content: bytes) -> None:
    """Compressed, whatever the name says, and with a byte order mark, which is no text."""
    assert values(written(tmp_path / name, content)) == ["x"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.nt.gz", b"", "not compressed as its name says: it is empty"),
        ("x.nt.zst", b"", "not compressed as its name says: it is empty"),
        ("x.nt.gz", LINE, "not compressed as its name says: other bytes"),
        ("x.nt.gz", gzip.compress(LINE * 99, mtime=0)[:-9], "damaged"),
        ("x.nt.xz", lzma.compress(LINE * 99)[:-9], "damaged"),
        ("x.nt.bz2", bz2.compress(LINE * 99)[:-9], "damaged"),
        ("x.nt", archive(), "an archive of files: unpack it"),
        ("x.nt", LINE.decode().encode("utf-16"), "UTF-16: save the file as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    """RFC 1952, section 2.2: a gzip file has a member, so that an empty one is none."""
    with pytest.raises(DataError, match=message):
        load_files([written(tmp_path / name, content)])


def test_a_literal_of_sixteen_mebibytes_is_refused_in_one_line(tmp_path: Path) -> None:
    """The engine's parser takes no more, and the error says so."""
    content = b'<http://e/s> <http://e/p> "%s" .\n' % (b"x" * (17 << 20))

    with pytest.raises(DataError, match="longer than 16 MiB"):
        load_files([written(tmp_path / "x.nt", content)])


def entities(count: int, reference: bytes) -> bytes:
    """Return RDF/XML with entities each of which stands for ten of the one before."""
    declared = b'<!ENTITY e0 "0123456789">' + b"".join(
        b'<!ENTITY e%d "%s">' % (number, b"&e%d;" % (number - 1) * 10) for number in range(1, count)
    )
    return b"<!DOCTYPE rdf:RDF [" + declared + b"]>" + XML % reference


def test_entities_of_an_ontology_are_read(tmp_path: Path) -> None:
    """Editors shorten namespaces so: XML 1.0, section 4.4."""
    content = entities(2, b"&e0;, &e1;")

    assert values(written(tmp_path / "x.owl", content)) == ["0123456789, " + "0123456789" * 10]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (entities(8, b"&e7;"), "entities stand for more than 100 times the text"),
        (entities(5, b"&e4;" * 100), "entities stand for more than 100 times the text"),
        (b'<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>' + XML % b"&a;", "part of itself"),
    ],
)
def test_entities_that_multiply_are_refused(tmp_path: Path, content: bytes, message: str) -> None:
    """A few hundred bytes cannot become a hundred million characters."""
    with pytest.raises(DataError, match=message):
        load_files([written(tmp_path / "x.rdf", content)])


def test_a_context_on_the_web_is_named(tmp_path: Path) -> None:
    """No context is fetched, and the error says which one the file wants."""
    content = b'{"@context": ["https://schema.org/"], "@id": "http://e/s", "name": "x"}'

    with pytest.raises(
        RdfSyntaxError, match=r"the context <https://schema\.org/> stands on the web"
    ):
        load_files([written(tmp_path / "x.jsonld", content)])
