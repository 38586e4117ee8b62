"""``/changes``: the changelog as a page."""

import re

from flask import Blueprint, render_template
from markupsafe import Markup

from sparql_endpoint.paths import TOP

__all__ = ["blueprint"]

blueprint = Blueprint("changes", __name__)

_FILE = TOP / "CHANGELOG.md"
_BRACKETS = re.compile(r"^## \[(.+?)\]", re.MULTILINE)


@blueprint.get("/changes")
def page() -> str:
    """Show what changed from version to version."""
    from markdown_it import MarkdownIt  # noqa: PLC0415  # only this page needs it

    text = _FILE.read_text(encoding="utf-8") if _FILE.is_file() else ""
    body = _BRACKETS.sub(r"## \1", text.partition("\n")[2])
    html = MarkdownIt("commonmark", {"html": False}).render(body)
    return render_template("site/changes.html", body=Markup(html))  # noqa: S704  # HTML is escaped
