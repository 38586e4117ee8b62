"""The queries that the tools for assistants ask."""

from collections.abc import Iterable

from sparql_endpoint.errors import UsageError
from sparql_endpoint.names import expand

__all__ = [
    "CLASSES",
    "claimants_of",
    "claims_about",
    "iri_of",
    "members_of",
    "names_of",
    "values_of",
]

_NAME = "rdfs:label|skos:prefLabel|dcterms:title"
_FORBIDDEN = set('<>"{}|^`\\') | {chr(code) for code in range(0x21)}
"""Characters that no IRI of a query holds (SPARQL 1.1, section 19.8, IRIREF)."""

CLASSES = """
SELECT ?class ?meaning ?things {
  { SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) { ?thing a ?class } GROUP BY ?class }
  FILTER (!STRSTARTS(STR(?class), STR(owl:)) && !STRSTARTS(STR(?class), STR(sh:)))
  OPTIONAL { ?class skos:definition ?meaning . FILTER (LANG(?meaning) = "en") }
} ORDER BY DESC(?things) ?class
"""


def iri_of(name: str) -> str:
    """Return the IRI that a short name such as ``id:chile``, or an IRI, stands for.

    Raises:
        UsageError: it stands for none.
    """
    iri = expand(name.strip())
    if ":" not in iri or _FORBIDDEN & set(iri):
        raise UsageError(
            f"'{name}' is neither an IRI nor a name such as id:chile; use the tool find"
        )
    return iri


def names_of(iri: str) -> str:
    """Return the query for the names and the classes of a thing."""
    return f"""
SELECT ?kind ?name {{
  {{ <{iri}> a ?kind }} UNION {{ <{iri}> {_NAME} ?name }}
}} ORDER BY ?kind ?name
"""


def values_of(iri: str, language: str) -> str:
    """Return the query for what the graph itself states of a thing, apart from names and kinds."""
    return f"""
SELECT ?property ?value ?name {{
  <{iri}> ?property ?value .
  FILTER (?property NOT IN (rdf:type, rdfs:label, skos:prefLabel, skos:altLabel, dcterms:title,
    dcterms:source))
  OPTIONAL {{ ?value {_NAME} ?name . FILTER (LANGMATCHES(LANG(?name), "{language}")) }}
}} ORDER BY ?property ?value
"""


def claims_about(iri: str, language: str) -> str:
    """Return the query for claims with ``iri`` as subject or value, a row for each evidence."""
    name = f'FILTER (LANGMATCHES(LANG(?{{0}}), "{language}"))'
    return f"""
SELECT DISTINCT ?claim ?standing ?basis ?disputed ?subject ?subjectName ?property ?value
       ?valueName ?claimant ?claimantName ?source ?title ?place ?words {{
  {{ ?claim rdf:subject <{iri}> }} UNION {{ ?claim rdf:object <{iri}> }}
  ?claim rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?value ;
    dfo:standing ?standing ; dfo:evidence ?evidence .
  OPTIONAL {{ ?claim dfo:basis ?basis }}
  OPTIONAL {{ ?subject {_NAME} ?subjectName . {name.format("subjectName")} }}
  OPTIONAL {{ ?value {_NAME} ?valueName . {name.format("valueName")} }}
  OPTIONAL {{ ?claim dfo:claimant ?claimant
    OPTIONAL {{ ?claimant {_NAME} ?claimantName . {name.format("claimantName")} }} }}
  OPTIONAL {{ ?evidence oa:hasSource ?quoted ; oa:hasSelector/oa:exact ?words }}
  BIND (COALESCE(?quoted, ?evidence) AS ?source)
  OPTIONAL {{ ?source dcterms:title ?title }}
  OPTIONAL {{ ?claim dfo:locator ?place }}
  BIND (EXISTS {{ ?claim dfo:conflictsWith|^dfo:conflictsWith ?other }} || EXISTS {{
    ?property dfo:singleValued true .
    ?view rdf:subject ?subject ; rdf:predicate ?property ; rdf:object ?otherValue .
    FILTER (!STRSTARTS(STR(?value), STR(?otherValue)) && !STRSTARTS(STR(?otherValue), STR(?value)))
  }} AS ?disputed)
}} ORDER BY ?standing ?claim ?source
"""


def members_of(iri: str) -> str:
    """Return the query for the properties that things of a class have, and what they mean."""
    return f"""
SELECT ?property ?uses ?meaning {{
  {{ SELECT ?property (COUNT(*) AS ?uses) {{ ?thing a <{iri}> ; ?property ?value }}
    GROUP BY ?property }}
  OPTIONAL {{ ?property skos:definition ?meaning . FILTER (LANG(?meaning) = "en") }}
}} ORDER BY DESC(?uses) ?property
"""


def claimants_of(claims: Iterable[str]) -> str:
    """Return the query for the standing and the claimant of some claims, by their IRIs."""
    return f"""
SELECT ?claim ?standing ?claimant {{
  VALUES ?claim {{ {" ".join(f"<{iri}>" for iri in claims)} }}
  ?claim dfo:standing ?standing .
  OPTIONAL {{ ?claim dfo:claimant ?speaker . OPTIONAL {{ ?speaker {_NAME} ?name .
    FILTER (LANGMATCHES(LANG(?name), "en")) }} }}
  BIND (COALESCE(?name, ?speaker) AS ?claimant)
}} ORDER BY ?claim
"""
