"""What the interface calls terms of other vocabularies, which carry no label in our data."""

from collections.abc import Mapping
from types import MappingProxyType

from sparql_endpoint.names import expand

__all__ = ["N_", "REUSED"]


def N_(message: str) -> str:  # noqa: N802  # the name by which the extraction knows it
    """Mark ``message`` for translation; it is looked up where it is shown."""
    return message


REUSED: Mapping[str, str] = MappingProxyType(
    {
        expand(name): message
        for name, message in {
            "dcat:Dataset": N_("dataset"),
            "dcat:endDate": N_("end"),
            "dcat:startDate": N_("start"),
            "dcterms:PeriodOfTime": N_("period"),
            "dcterms:creator": N_("author"),
            "dcterms:description": N_("description"),
            "dcterms:issued": N_("published on"),
            "dcterms:language": N_("language"),
            "dcterms:license": N_("licence"),
            "dcterms:publisher": N_("publisher"),
            "dcterms:replaces": N_("replaces"),
            "dcterms:source": N_("names as printed in"),
            "dcterms:subject": N_("subject"),
            "dcterms:temporal": N_("period covered"),
            "dcterms:title": N_("title"),
            "foaf:Agent": N_("agent"),
            "foaf:Person": N_("person"),
            "foaf:page": N_("web page"),
            "geo:lat": N_("latitude"),
            "geo:long": N_("longitude"),
            "oa:SpecificResource": N_("quotation"),
            "oa:end": N_("end of the quotation"),
            "oa:exact": N_("words"),
            "oa:hasSelector": N_("place in the text"),
            "oa:hasSource": N_("quoted from"),
            "oa:start": N_("start of the quotation"),
            "org:FormalOrganization": N_("formal organization"),
            "org:Membership": N_("membership"),
            "org:Organization": N_("organization"),
            "org:OrganizationalCollaboration": N_("collaboration of organizations"),
            "org:OrganizationalUnit": N_("part of an organization"),
            "org:Post": N_("post"),
            "org:member": N_("member"),
            "org:memberDuring": N_("during"),
            "org:memberOf": N_("member of"),
            "org:organization": N_("organization"),
            "org:postIn": N_("post in"),
            "org:subOrganizationOf": N_("part of"),
            "org:unitOf": N_("part of"),
            "owl:AnnotationProperty": N_("property"),
            "owl:Axiom": N_("link with its reason"),
            "owl:Class": N_("class"),
            "owl:DatatypeProperty": N_("property"),
            "owl:NamedIndividual": N_("code"),
            "owl:ObjectProperty": N_("property"),
            "owl:Ontology": N_("ontology"),
            "owl:sameAs": N_("same as"),
            "rdf:object": N_("object"),
            "rdf:predicate": N_("property"),
            "rdf:subject": N_("thing spoken of"),
            "rdf:type": N_("kind"),
            "rdfs:comment": N_("comment"),
            "rdfs:label": N_("name"),
            "rdfs:seeAlso": N_("see also"),
            "schema:Article": N_("article"),
            "schema:City": N_("city"),
            "schema:CreativeWork": N_("work"),
            "schema:Event": N_("event"),
            "schema:EventSeries": N_("series of events"),
            "schema:OpinionNewsArticle": N_("opinion piece"),
            "schema:Place": N_("place"),
            "schema:attendee": N_("attended by"),
            "schema:containedInPlace": N_("lies in"),
            "schema:location": N_("took place in"),
            "schema:name": N_("name"),
            "schema:organizer": N_("organized by"),
            "schema:sha256": N_("SHA-256 of the text"),
            "schema:url": N_("web address"),
            "skos:Concept": N_("topic"),
            "skos:ConceptScheme": N_("list of topics"),
            "sh:PrefixDeclaration": N_("prefix"),
            "sh:SPARQLAskExecutable": N_("question"),
            "sh:SPARQLConstructExecutable": N_("question"),
            "sh:SPARQLExecutable": N_("question"),
            "sh:SPARQLSelectExecutable": N_("question"),
            "skos:altLabel": N_("also called"),
            "skos:broadMatch": N_("broader match"),
            "skos:broader": N_("part of the topic"),
            "skos:closeMatch": N_("close match"),
            "skos:definition": N_("definition"),
            "skos:editorialNote": N_("editorial note"),
            "skos:exactMatch": N_("exact match"),
            "skos:hasTopConcept": N_("top topic"),
            "skos:inScheme": N_("in the list"),
            "skos:narrowMatch": N_("narrower match"),
            "skos:notation": N_("notation"),
            "skos:note": N_("note"),
            "skos:prefLabel": N_("name"),
            "skos:relatedMatch": N_("related match"),
            "skos:scopeNote": N_("scope"),
            "skos:topConceptOf": N_("top topic of"),
            "void:Dataset": N_("dataset"),
        }.items()
    }
    | {"http://wikiba.se/ontology#Property": N_("property")}
)
"""Message by IRI."""
