"""The ready questions that a reader is offered, by what they are about."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from sparql_endpoint.endpoint.service import service
from sparql_endpoint.names import PREFIXES
from sparql_endpoint.query.catalogue import CompetencyQuestion, catalogue
from sparql_endpoint.site import kept
from sparql_endpoint.site.languages import gettext
from sparql_endpoint.site.wording import N_

__all__ = ["groups", "questions"]

_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        N_("How the Forum began"): (
            "who-started-the-forum",
            "founding-dates",
            "names-of-the-forum",
        ),
        N_("Meetings"): (
            "meetings",
            "attendees",
            "attendance",
            "addresses",
            "themes",
            "timeline",
            "subforum-sessions",
        ),
        N_("What came of them"): (
            "documents",
            "areas-of-plans",
            "initiatives",
            "financing",
            "appeals",
        ),
        N_("States and organizations"): (
            "celac-presidencies",
            "not-members",
            "celac-outside-oas",
            "dated-memberships",
        ),
        N_("Where sources differ"): (
            "disagreements",
            "figures",
            "resting-on-parties",
            "resting-on-one-source",
            "sources-by-tier",
        ),
    }
)

_THING = re.compile(r"(?:\bid:|<https://w3id\.org/forumgraph/id/)([a-z0-9-]+)")


def questions() -> list[CompetencyQuestion]:
    """Return the questions about the project's data; none where others' data are served.

    A question that names a thing which the data lack is left out. Titles and questions are in
    English, and messages to be translated.
    """
    if not service().about.own:
        return []
    known = kept.catalogue().names.keys()
    return [
        item
        for item in catalogue().values()
        if {f"{PREFIXES['id']}{slug}" for slug in _THING.findall(item.text)} <= known
    ]


def groups(*, every: bool = False) -> list[tuple[str, list[CompetencyQuestion]]]:
    """Return the questions by group, the group's title first; the rest only if ``every``."""
    by_slug = {item.slug: item for item in questions()}
    found = [
        (gettext(title), [by_slug.pop(slug) for slug in slugs if slug in by_slug])
        for title, slugs in _GROUPS.items()
    ]
    if every:
        found.append((gettext("About the evidence"), list(by_slug.values())))
    return [(title, items) for title, items in found if items]
