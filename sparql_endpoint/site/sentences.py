"""A claim as one sentence: what it states of what, who says so, where and when."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Flask
from markupsafe import Markup, escape

from sparql_endpoint.names import expand
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.claims import Claim
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.provenance import speaker_of
from sparql_endpoint.site.showing import link, name_of, show, text_of
from sparql_endpoint.site.sources import Record, record
from sparql_endpoint.site.wording import N_

__all__ = ["plain_statement", "register", "sentence", "statement"]

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        expand(name): message
        for name, message in {
            "dcterms:creator": N_("%(subject)s was written by %(object)s"),
            "dcterms:issued": N_("%(subject)s was published on %(object)s"),
            "dcterms:publisher": N_("%(subject)s was published by %(object)s"),
            "dcterms:replaces": N_("%(subject)s took the place of %(object)s"),
            "dcterms:subject": N_("%(subject)s is about %(object)s"),
            "dcterms:temporal": N_("%(subject)s covers %(object)s"),
            "dcterms:title": N_("%(subject)s has the title “%(object)s”"),
            "dfo:addressee": N_("%(subject)s was addressed to %(object)s"),
            "dfo:callsFor": N_("%(subject)s calls for: %(object)s"),
            "dfo:chairedBy": N_("%(subject)s was chaired by %(object)s"),
            "dfo:characterizedAs": N_("%(subject)s: “%(object)s”"),
            "dfo:deliveredAt": N_("%(subject)s was delivered at %(object)s"),
            "dfo:deliveredBy": N_("%(subject)s was delivered by %(object)s"),
            "dfo:directedAt": N_("%(subject)s was meant for %(object)s"),
            "dfo:establishedIn": N_("%(subject)s was founded on %(object)s"),
            "dfo:fundedBy": N_("%(subject)s was paid by %(object)s"),
            "dfo:hasCount": N_("%(subject)s: %(object)s"),
            "dfo:hasParty": N_("%(object)s is a party to %(subject)s"),
            "dfo:heldOn": N_("%(subject)s was held on %(object)s"),
            "dfo:heldUntil": N_("%(subject)s lasted until %(object)s"),
            "dfo:hostedBy": N_("%(subject)s was hosted by %(object)s"),
            "dfo:inSeries": N_("%(subject)s belongs to the series %(object)s"),
            "dfo:initiatedBy": N_("%(subject)s was initiated by %(object)s"),
            "dfo:isNotMemberOf": N_("%(subject)s is not a member of %(object)s"),
            "dfo:launchedIn": N_("%(subject)s was launched on %(object)s"),
            "dfo:madeIn": N_("%(subject)s was made in %(object)s"),
            "dfo:mode": N_("%(subject)s took place %(object)s"),
            "dfo:ofForum": N_("%(subject)s belongs to %(object)s"),
            "dfo:ofPost": N_("%(subject)s is a tenure of %(object)s"),
            "dfo:ordinal": N_("%(subject)s is number %(object)s of its series"),
            "dfo:outcome": N_("%(subject)s led to %(object)s"),
            "dfo:previousMeeting": N_("%(subject)s came after %(object)s"),
            "dfo:proposedIn": N_("%(subject)s was proposed on %(object)s"),
            "dfo:readBy": N_("%(subject)s was read out by %(object)s"),
            "dfo:representedState": N_("%(object)s was represented at %(subject)s"),
            "dfo:scheduledOn": N_("%(subject)s was announced for %(object)s"),
            "dfo:scheduledUntil": N_("%(subject)s was announced to last until %(object)s"),
            "dfo:theme": N_("%(subject)s had the theme “%(object)s”"),
            "org:member": N_("%(subject)s was held by %(object)s"),
            "org:memberDuring": N_("%(subject)s lasted during %(object)s"),
            "org:memberOf": N_("%(subject)s is a member of %(object)s"),
            "org:organization": N_("%(subject)s is in %(object)s"),
            "org:unitOf": N_("%(subject)s is part of %(object)s"),
            "rdf:type": N_("%(subject)s is a thing of the kind %(object)s"),
            "schema:attendee": N_("%(object)s attended %(subject)s"),
            "schema:containedInPlace": N_("%(subject)s lies in %(object)s"),
            "schema:location": N_("%(subject)s took place in %(object)s"),
            "schema:name": N_("%(subject)s is called “%(object)s”"),
            "schema:organizer": N_("%(subject)s was organized by %(object)s"),
            "skos:altLabel": N_("%(subject)s is also called “%(object)s”"),
        }.items()
    }
)
"""The sentence of each property; of others, ``statement`` makes a line of three parts."""

_LESS_PRECISE: Mapping[str, str] = MappingProxyType(
    {
        expand(name): message
        for name, message in {
            "dcterms:issued": N_("%(subject)s was published in %(object)s"),
            "dfo:establishedIn": N_("%(subject)s was founded in %(object)s"),
            "dfo:heldOn": N_("%(subject)s was held in %(object)s"),
            "dfo:launchedIn": N_("%(subject)s was launched in %(object)s"),
            "dfo:proposedIn": N_("%(subject)s was proposed in %(object)s"),
            "dfo:scheduledOn": N_("%(subject)s was announced for some day of %(object)s"),
        }.items()
    }
)
"""The sentences of days of which only the month or the year is known."""


def register(app: Flask) -> None:
    """Let the templates of ``app`` say claims as sentences."""
    app.jinja_env.globals.update({"sentence": sentence, "statement_of": statement})


def statement(subject: Term, predicate: str, value: Term) -> Markup:
    """Return what a claim states, with links."""
    message = _message(predicate, value)
    if message is None:
        parts = (show(subject), link(predicate), show(value))
        return Markup('{} <span class="arrow">{}</span> {}').format(*parts)
    worded = Markup(gettext(message))  # noqa: S704  # messages are our own
    return worded % {"subject": show(subject), "object": show(value)}


def _message(predicate: str, value: Term) -> str | None:
    whole = value.datatype == expand("xsd:date")
    message = _SENTENCES.get(predicate)
    return message if whole else _LESS_PRECISE.get(predicate, message)


def plain_statement(claim: Claim) -> str:
    """Return what a claim states, as plain text."""
    values = {"subject": text_of(claim.subject), "object": text_of(claim.object)}
    message = _message(claim.predicate, claim.object)
    if message is None:
        return f"{values['subject']} · {name_of(claim.predicate).text} · {values['object']}"
    return gettext(message) % values


def sentence(claim: Claim) -> Markup:
    """Return a claim as a sentence with who says so: “…, says Wang Yi in …, 19 January 2018.”."""
    source = record(claim.sources[0]) if claim.sources else Record("")
    who = speaker_of(claim) or (source.publisher.value if source.publisher else "")
    parts = [link(source.iri, 90)] if source.iri else []
    if source.issued:
        parts.append(show(source.issued))
    values = {
        "statement": statement(claim.subject, claim.predicate, claim.object),
        "who": link(who) if who else "",
        "source": Markup(", ").join(parts),
    }
    if who and who != source.iri:
        worded = gettext("%(statement)s, says %(who)s in %(source)s.")
    else:
        worded = gettext("%(statement)s, says %(source)s.")
    return escape(worded) % values
