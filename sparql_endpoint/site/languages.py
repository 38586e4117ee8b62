"""The languages of the interface: which one a reader gets, and the words in it.

Catalogues are the ``.po`` files in ``translations/``, read when they are first needed: nothing has
to be compiled. https://babel.pocoo.org/en/latest/messages.html
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import cast
from urllib.parse import urlencode

from babel.core import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, Response, g, has_request_context, request
from markupsafe import Markup, escape

__all__ = [
    "LANGUAGES",
    "TRANSLATIONS",
    "gettext",
    "in_language",
    "language",
    "language_name",
    "locale",
    "ngettext",
    "register",
    "translations",
]

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "es": "Español", "pt": "Português", "zh": "中文"}
)
"""Each language's own name by its tag; the first is that of the source texts."""

TRANSLATIONS = Path(__file__).parent / "translations"

_COOKIE = "lang"
_WRITTEN = {"en": "en_GB"}
_YEAR = 365 * 24 * 60 * 60


def language() -> str:
    """Return the tag of the language of the page that is asked for."""
    try:
        return cast("str", g.language)
    except AttributeError:  # the first time in a request, of which a page asks thousands
        g.language = _chosen() if has_request_context() else "en"
        return cast("str", g.language)
    except RuntimeError:  # outside of a request
        return "en"


def locale() -> Locale:
    """Return how dates and numbers are written in that language."""
    return _locale(language())


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(_WRITTEN.get(tag, tag))


def gettext(message: str) -> str:
    """Return ``message`` in the language of the page."""
    return _translated(message, language())


def ngettext(singular: str, plural: str, number: int) -> str:
    """Return the message that fits ``number``, in the language of the page."""
    return str(translations(language()).ungettext(singular, plural, number))


def in_language(tag: str) -> str:
    """Return the address of the page that is asked for in another language, relative to itself."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return f"?{urlencode([*kept, ('lang', tag)])}"


def language_name(tag: str) -> str:
    """Return what the reader calls a language; its tag where there is no word for it."""
    if not tag:
        return gettext("in any language")
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


@cache
def translations(tag: str) -> NullTranslations:
    """Return the catalogue of a language; that of English is empty."""
    path = TRANSLATIONS / f"{tag}.po"
    if not path.exists():
        return NullTranslations()
    packed = BytesIO()
    with path.open("rb") as file:
        write_mo(packed, read_po(file, locale=tag))
    packed.seek(0)
    return Translations(packed)


@lru_cache(maxsize=10_000)
def _translated(message: str, tag: str) -> str:
    return str(translations(tag).ugettext(message))


def _worded(message: str, **values: object) -> Markup:
    """Return ``message`` for a template, its values filled in; Jinja's own way takes far longer."""
    words = _translated(message, language())
    if values:
        words %= {name: escape(value) for name, value in values.items()}
    return Markup(words)  # noqa: S704  # messages are our own, and values are escaped


def register(app: Flask) -> None:
    """Let ``app`` speak the reader's language, and remember one that was chosen."""
    app.after_request(_remember)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.globals.update(
        {
            "LANGUAGES": LANGUAGES,
            "_": _worded,
            "in_language": in_language,
            "language": language,
            "language_name": language_name,
        }
    )


def _chosen() -> str:
    """Return the language of ``?lang=``, else the one remembered, else that of Accept-Language."""
    asked = request.args.get("lang", "")
    kept = request.cookies.get(_COOKIE, "")
    accepted = request.accept_languages.best_match(list(LANGUAGES)) or "en"
    return next(tag for tag in (asked, kept, accepted) if tag in LANGUAGES)


def _remember(response: Response) -> Response:
    if response.mimetype != "text/html":
        return response
    response.headers["Content-Language"] = language()
    response.vary.update(["Accept-Language", "Cookie"])
    if request.args.get("lang", "") in LANGUAGES:
        response.set_cookie(
            _COOKIE,
            language(),
            max_age=_YEAR,
            path=f"{request.root_path}/",
            httponly=True,
            samesite="Lax",
        )
    return response
