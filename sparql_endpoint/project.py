"""What a project says of itself in ``forumgraph.toml``: name, author, licence, front page.

The file is TOML 1.0 (https://toml.io/en/v1.0.0). A field that it leaves out is shown nowhere.
"""

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from sparql_endpoint.errors import UsageError
from sparql_endpoint.paths import TOP

__all__ = ["FILE", "Project", "project", "read"]

FILE = "forumgraph.toml"
"""The name of the file, at the top of the project's folder."""


@dataclass(frozen=True)
class Project:
    """The fields of the file; ``forum`` is the slug of the forum of the front page."""

    name: str = "A graph of forums"
    description: str = ""
    iri: str = ""
    address: str = ""
    keywords: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    period: str = ""
    version: str = ""
    author: str = ""
    author_iri: str = ""
    license: str = ""
    license_name: str = ""
    forum: str = ""


@cache
def project() -> Project:
    """Return what the project of this process says of itself.

    Raises:
        UsageError: its file cannot be read, as ``read`` tells.
    """
    return read(TOP / FILE)


def read(path: Path) -> Project:
    """Return the fields of a file; without the file, all are empty but the name.

    Raises:
        UsageError: the file is no TOML, or a field is unknown or of another kind.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Project()
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path}: {error}; see https://toml.io/") from error
    known = {field.name: type(field.default) for field in fields(Project)}
    values: dict[str, str | tuple[str, ...]] = {}
    for name, value in found.items():
        if name not in known:
            raise UsageError(f"{path}: no field '{name}'; take one of {', '.join(known)}")
        if known[name] is str and isinstance(value, str):
            values[name] = value
        elif known[name] is tuple and isinstance(value, list) and _are_texts(value):
            values[name] = tuple(value)
        else:
            kind = "a text" if known[name] is str else "a list of texts"
            raise UsageError(f"{path}: write {kind} for '{name}'")
    return Project(**values)  # type: ignore[arg-type]  # each value is of its field's type


def _are_texts(values: list[object]) -> bool:
    return all(isinstance(value, str) for value in values)
