"""The interface in four languages: chosen as the reader asks, and whole in each."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

import sparql_endpoint.site
from sparql_endpoint.query.catalogue import catalogue as questions
from sparql_endpoint.query.trust import policies
from sparql_endpoint.site.languages import LANGUAGES, TRANSLATIONS

PACKAGE = Path(sparql_endpoint.site.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
OTHERS = [tag for tag in LANGUAGES if tag != "en"]
NAMES = {"BibTeX", "CSV", "JSON", "dfo", "Forum", "Graph", "SPARQL", "Turtle", "VoID"}
NAMES |= {"ASK", "BY", "CC", "CONSTRUCT", "DESCRIBE", "Protocol", "SELECT"}
PLACEHOLDER = re.compile(r"%\(\w+\)s")


def messages() -> set[str]:
    """Return every message that the site can show; of a plural, its singular.

    Ready questions and policies of trust are messages too, from the files of their queries.
    """
    found = extract_from_dir(PACKAGE, METHODS, OPTIONS, KEYWORDS)
    written = {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}
    asked = questions().values()
    trusted = {text for item in policies().values() for text in (item.title, item.trusts)}
    return written | trusted | {text for item in asked for text in (item.title, item.question)}


def catalogue(tag: str) -> Catalog:
    """Return the catalogue of a language as it stands in its file."""
    with (TRANSLATIONS / f"{tag}.po").open("rb") as file:
        return read_po(file, locale=tag)


def translated(tag: str) -> Iterator[Message]:
    """Yield the messages of a catalogue, without its header."""
    return (message for message in catalogue(tag) if message.id)


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the forms of a message or of its translation."""
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.mark.parametrize("tag", OTHERS)
def test_every_message_is_translated(tag: str) -> None:
    """Each message has a translation that is not in doubt; none is left over."""
    known = {forms(message.id)[0]: message for message in translated(tag)}
    assert set(known) == messages()
    for message in known.values():
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id


@pytest.mark.parametrize("tag", OTHERS)
def test_translations_keep_the_places_of_values(tag: str) -> None:
    """What a message fills in, each form of its translation fills in."""
    for message in translated(tag):
        wanted = set(PLACEHOLDER.findall(forms(message.id)[0]))
        for text in forms(message.string):
            assert set(PLACEHOLDER.findall(text)) == wanted, message.id


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_beside_its_messages(path: Path) -> None:
    """Text that stands in a template untranslated is a name or a code."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\{% trans .*?\{% endtrans %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% set (query|said) %\}.*?\{% endset %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.DOTALL)
    attributes = re.findall(r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"', text)
    text = re.sub(r"<[^>]*>", " ", text)
    words = re.findall(r"[^\W\d_]\w+", " ".join([text, *attributes]))
    assert {word for word in words if word not in NAMES} == set()


@pytest.mark.parametrize(
    ("accept", "query", "tag"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "", "es"),
        ("pt-BR", "", "pt"),
        ("zh-CN,zh;q=0.9", "", "zh"),
        ("de,fr;q=0.5", "", "en"),
        ("", "", "en"),
        ("es", "?lang=zh", "zh"),
        ("es", "?lang=xx", "es"),
    ],
)
def test_the_reader_s_language(client: FlaskClient, accept: str, query: str, tag: str) -> None:
    """By ``?lang=``, else by Accept-Language, else English; and the answer says so."""
    response = client.get(f"/browse{query}", headers={"Accept-Language": accept})
    assert f'<html lang="{tag}">' in response.text
    assert response.headers["Content-Language"] == tag
    assert {"Accept-Language", "Cookie"} <= set(response.vary.as_set(preserve_casing=True))


def test_a_chosen_language_is_remembered(client: FlaskClient) -> None:
    """In a cookie that only this site gets; links need not repeat it."""
    response = client.get("/browse?lang=pt")
    assert "SameSite=Lax" in response.headers["Set-Cookie"]
    assert '<html lang="pt">' in client.get("/help", headers={"Accept-Language": "es"}).text
    assert "Set-Cookie" not in client.get("/help").headers


def test_a_link_to_another_language_keeps_the_address(client: FlaskClient) -> None:
    """What was asked stays asked."""
    text = client.get("/search?q=chile&lang=en").text
    assert 'href="?q=chile&amp;lang=es"' in text


def test_names_and_dates_follow_the_language(client: FlaskClient) -> None:
    """Names as the data have them, else in the next best language, told by ``lang``."""
    text = client.get("/page/ccf-ministerial-2?lang=es").text
    assert "II Reunión Ministerial del Foro CELAC-China" in text
    assert "22 de enero de 2018" in text
    assert "celebrado el" in text or "programado" in text
    assert '<bdi lang="en">' in text


def test_other_words_for_one_of_something(client: FlaskClient) -> None:
    """Plurals are those of the language."""
    assert "1 elemento\n" in client.get("/browse/dcat:Dataset?lang=es").text
    assert re.search(r"\d+ elementos", client.get("/browse/dfo:State?lang=es").text)
    assert "个来源如此说" in client.get("/page/chile?lang=zh").text
