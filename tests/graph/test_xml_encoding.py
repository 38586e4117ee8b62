"""RDF/XML in other encodings than UTF-8."""

import gzip
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from pyoxigraph import Literal, NamedNode

from sparql_endpoint.errors import DataError
from sparql_endpoint.graph.dataset import read_quads

XML = """<?xml version="1.0"{declared}?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
<rdf:Description rdf:about="http://e/a"><e:p>{text}</e:p></rdf:Description></rdf:RDF>
"""


def values(path: Path) -> list[Literal]:
    """Return the values in a file."""
    return [quad.object for quad in read_quads(path) if isinstance(quad.object, Literal)]


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("", "utf-8", "café 智利"),
        (' encoding="UTF-8"', "utf-8", "café 智利"),
        (' encoding="utf8"', "utf-8", "café 智利"),
        (' encoding="ISO-8859-1"', "latin-1", "café"),
        (" encoding = 'iso-8859-15' standalone='yes'", "iso-8859-15", "café €"),
        (' encoding="windows-1252"', "windows-1252", "“café”"),
        (' encoding="UTF-16"', "utf-16", "café 智利 😀"),
        ("", "utf-16", "café 智利 😀"),
        (' encoding="GB18030"', "gb18030", "智利"),
        (' encoding="Shift_JIS"', "shift_jis", "日本"),
        (' encoding="US-ASCII"', "ascii", "cafe"),
    ],
)
@pytest.mark.parametrize("times", [1, 50_000])
def test_a_document_is_read_in_the_encoding_that_it_declares(
    tmp_path: Path, declared: str, encoding: str, text: str, times: int
) -> None:
    """XML 1.0, section 4.3.3; a character may stand across the blocks in which a file is read."""
    path = tmp_path / "data.rdf"
    path.write_bytes(XML.format(declared=declared, text=text * times).encode(encoding))
    assert values(path) == [Literal(text * times)]


def test_a_packed_document_is_too(tmp_path: Path) -> None:
    """What is packed has an encoding as well."""
    path = tmp_path / "data.rdf.gz"
    path.write_bytes(gzip.compress(XML.format(declared="", text="é").encode("utf-16")))
    assert values(path) == [Literal("é")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (XML.format(declared=' encoding="EBCDIC-X"', text="a").encode(), "'EBCDIC-X' is not known"),
        (XML.format(declared=' encoding="rot13"', text="a").encode(), "'rot13' is not known"),
        (XML.format(declared=' encoding="US-ASCII"', text="é").encode(), "not US-ASCII"),
        (XML.format(declared="", text="é").encode("utf-16")[:-1], "not utf-16"),
    ],
)
def test_what_is_not_of_its_encoding_is_refused(
    tmp_path: Path, content: bytes, message: str
) -> None:
    """XML 1.0, section 4.3.3: a fatal error."""
    path = tmp_path / "data.rdf"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        values(path)


LANGUAGES = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"
 xml:lang="en"><rdf:Description rdf:about="http://e/a" e:q="w" {space}><e:p>x</e:p>
<e:p xml:lang="">y</e:p><e:p xml:lang = ''>z</e:p><e:p>xml:lang=""</e:p>
<e:p rdf:parseType="Literal"><b xml:lang="">t</b></e:p></rdf:Description></rdf:RDF>
"""


@pytest.mark.parametrize("spaces", [1, *range(65_280, 65_560, 7)])
def test_an_empty_language_is_none(tmp_path: Path, spaces: int) -> None:
    """RDF/XML, section 2.7: so it is also where the element around it has one."""
    path = tmp_path / "data.rdf"
    path.write_text(LANGUAGES.format(space=" " * spaces), encoding="utf-8")
    markup = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#XMLLiteral")
    found = values(path)
    assert {value for value in found if value.datatype != markup} == {
        *(Literal("w", language="en"), Literal("x", language="en"), Literal("y"), Literal("z")),
        Literal('xml:lang=""', language="en"),
    }
    (literal,) = (value for value in found if value.datatype == markup)
    assert 'xml:lang=""' in literal.value
    assert "x-none" not in literal.value


def test_an_xml_literal_is_xml(tmp_path: Path) -> None:
    """RDF/XML, section 7.2.17, and XML 1.0, section 3.1: no attribute stands twice in a tag."""
    path = tmp_path / "data.rdf"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" '
        'xmlns="http://default/"><rdf:Description rdf:about="http://e/a">'
        '<e:p rdf:parseType="Literal"><b xmlns="http://x/" xmlns:e="http://other/" '
        'e:k="&lt; > &quot;">'
        '<c xmlns="http://y/">t</c><e:d/></b> and <i>u</i></e:p></rdf:Description></rdf:RDF>',
        encoding="utf-8",
    )
    (literal,) = values(path)
    root = ET.fromstring(f"<r>{literal.value}</r>")
    assert [element.tag for element in root.iter()] == [
        *("r", "{http://x/}b", "{http://y/}c", "{http://other/}d", "{http://default/}i")
    ]
    assert root[0].attrib == {"{http://other/}k": '< > "'}
    assert root[0].tail == " and "
