"""XML that must have its end."""

import io
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from sparql_endpoint.errors import RdfSyntaxError
from sparql_endpoint.graph.dataset import read_quads
from sparql_endpoint.graph.whole_xml import whole_xml

RDF = b"""<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [ <!ENTITY e "http://e/"> ]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
  <rdf:Description rdf:about="&e;a"><e:p>x</e:p></rdf:Description>
  <!-- the last -->
</rdf:RDF>
"""


def test_a_whole_document_comes_through_as_it_is() -> None:
    """Declared entities and white space behind the end included."""
    assert whole_xml(io.BytesIO(RDF)).read() == RDF
    assert len(list(parse(whole_xml(io.BytesIO(RDF)), RdfFormat.RDF_XML))) == 1


def test_a_document_that_breaks_off_is_refused_wherever_that_is() -> None:
    """Oxigraph alone takes one that ends between two elements."""
    end = len(RDF.rstrip())
    for cut in range(end):
        with pytest.raises(SyntaxError):
            list(parse(whole_xml(io.BytesIO(RDF[:cut])), RdfFormat.RDF_XML))


def test_a_file_that_was_cut_is_told(tmp_path: Path) -> None:
    """A broken download is not loaded as less than it was."""
    path = tmp_path / "cut.rdf"
    path.write_bytes(RDF.partition(b"  <!--")[0])
    with pytest.raises(RdfSyntaxError, match="the document breaks off before its end"):
        list(read_quads(path, RdfFormat.RDF_XML))
