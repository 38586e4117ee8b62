"""How names, values and links are written in a page: safe, in the reader's language, not too long.

Names stand in ``bdi``, so that one that runs from right to left leaves its surroundings alone.
"""

from datetime import date
from functools import lru_cache
from urllib.parse import quote, urlencode

from babel.core import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal
from flask import Flask, g, request
from markupsafe import Markup, escape

from sparql_endpoint.describe.rdf import web_root
from sparql_endpoint.endpoint.service import served_project
from sparql_endpoint.endpoint.urls import root
from sparql_endpoint.names import BASE, PREFIXES
from sparql_endpoint.query.catalogue import catalogue as questions
from sparql_endpoint.site import kept
from sparql_endpoint.site.addresses import href, page_path, short
from sparql_endpoint.site.asking import Term
from sparql_endpoint.site.catalogue import Name
from sparql_endpoint.site.languages import gettext, language, locale
from sparql_endpoint.site.wording import REUSED

__all__ = ["link", "name_of", "period", "register", "show", "text_of", "when"]

_DASH = "\u2013"
_LONGEST = 180
_XSD = PREFIXES["xsd"]
_DAYS = frozenset({"date", "gYear", "gYearMonth"})
_QUESTIONS = f"{BASE}query/"
_LANGUAGE_CODES = "http://id.loc.gov/vocabulary/iso639-1/"


def register(app: Flask) -> None:
    """Let the templates of ``app`` show terms."""
    app.jinja_env.globals.update(
        {
            "canonical": canonical,
            "cited": cited,
            "classes_of": classes_of,
            "href": href,
            "link": link,
            "name_of": name_of,
            "number": number,
            "page_path": page_path,
            "period": period,
            "short": short,
            "show": show,
            "text_of": text_of,
        }
    )
    app.jinja_env.filters["cut"] = cut
    app.context_processor(lambda: {"root": root(), "project": served_project()})


def canonical() -> str:
    """Return the whole address of the page that is asked for, whatever its language."""
    kept_args = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    query = f"?{urlencode(kept_args)}" if kept_args else ""
    path = quote(request.path.lstrip("/"), safe="/-._~!$&'()*+,;=:@")
    return f"{web_root()}{path}{query}"


def name_of(iri: str) -> Name:
    """Return the name of anything in the reader's language, or in the next best there is."""
    if iri in REUSED:
        return Name(gettext(REUSED[iri]), language())
    if iri.startswith(_LANGUAGE_CODES):
        tag = iri.removeprefix(_LANGUAGE_CODES)
        return Name(locale().languages.get(tag, tag), language())
    if iri.startswith(_QUESTIONS) and (asked := questions().get(iri.removeprefix(_QUESTIONS))):
        return Name(gettext(asked.title), language())
    return kept.catalogue().name(iri, language()) or Name(short(iri).strip("<>"), "")


def classes_of(iri: str) -> list[str]:
    """Return the classes of a thing, the most specific only."""
    return kept.catalogue().most_specific(iri)


def text_of(term: Term) -> str:
    """Return a term as plain text."""
    return name_of(term.value).text if term.is_iri else when(term) or term.value


def link(iri: str, longest: int = _LONGEST) -> Markup:
    """Return the name of an IRI, leading to its page, or to the web for one that is not ours."""
    written: dict[tuple[str, int], Markup] = g.setdefault("links", {})
    found = written.get((iri, longest))
    if found is None:
        name = name_of(iri)
        text = _written(cut(name.text, longest), name.language)
        address = href(iri)
        found = Markup(f'<a href="{escape(address)}">{text}</a>') if address else text  # noqa: S704  # both are escaped
        written[iri, longest] = found
    return found


def cited(iri: str) -> Markup:
    """Return a link to the page of a claim, where it can be cited."""
    word = escape(gettext("claim"))
    text = f'{word}<span class="hidden"> {escape(short(iri))}</span>'
    return Markup(f'<a class="cite" href="{escape(href(iri))}">{text}</a>')  # noqa: S704  # as above


def show(term: Term) -> Markup:
    """Return a value: a link, a date, a number, or words with their language."""
    if term.is_iri:
        return link(term.value)
    day = when(term)
    if day:
        value = escape(term.value)
        return Markup(f'<time datetime="{value}">{escape(day)}</time>')  # noqa: S704  # as above
    if term.datatype == f"{_XSD}boolean":
        return escape(gettext("yes") if term.value == "true" else gettext("no"))
    words = _written(term.value, term.language)
    if term.language and term.language != language():
        return words + Markup(' <small class="tag">{}</small>').format(term.language)
    return words


def when(term: Term) -> str:
    """Return a year, month or day as the reader writes it, or nothing where it is none of these."""
    kind = term.datatype.removeprefix(_XSD)
    return _day(term.value, kind, locale()) if kind in _DAYS else ""


def period(first: Term, last: Term | None) -> str:
    """Return from when until when, as the reader writes it: 8-9 January 2015, with a dash."""
    if last is None or last.value == first.value:
        return when(first)
    kinds = [term.datatype.removeprefix(_XSD) for term in (first, last)]
    if kinds == ["date", "date"]:
        return _days(first.value, last.value, locale())
    return f"{when(first)} {_DASH} {when(last)}"


@lru_cache(maxsize=10_000)
def _days(first: str, last: str, written: Locale) -> str:
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return f"{first} {_DASH} {last}"
    if written.language != "en":
        return str(format_interval(start, end, skeleton="yMMMMd", locale=written))
    # CLDR has no pattern with a full month for British intervals.
    whole = format_date(end, "long", locale=written)
    if (start.year, start.month) == (end.year, end.month):
        return f"{start.day}{_DASH}{whole}"
    return f"{format_date(start, 'long', locale=written)} {_DASH} {whole}"


@lru_cache(maxsize=10_000)
def _day(value: str, kind: str, written: Locale) -> str:
    try:
        match kind:
            case "date":
                return format_date(date.fromisoformat(value), "long", locale=written)
            case "gYearMonth":
                return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=written)
            case _:
                return value
    except ValueError:
        return value


def cut(text: str, longest: int = _LONGEST) -> str:
    """Return ``text``, or its beginning where it is longer than ``longest`` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def number(count: int) -> str:
    """Return a number as the reader writes it."""
    return _number(count, locale())


@lru_cache(maxsize=10_000)
def _number(count: int, written: Locale) -> str:
    return str(format_decimal(count, locale=written))


def _written(text: str, tag: str) -> Markup:
    foreign = f' lang="{escape(tag)}"' if tag and tag != language() else ""
    return Markup(f"<bdi{foreign}>{escape(text)}</bdi>")  # noqa: S704  # both are escaped
