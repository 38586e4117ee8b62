"""Drawing a picture as SVG by Observable Plot, which runs in QuickJS.

Plot and what it needs are one script, made when the package is built (``frontend/pictures.js``). It
is loaded when the first picture is drawn. A package built without it has no pictures.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from threading import Lock

__all__ = ["draw", "is_drawing", "prepare"]

_FILE = Path(__file__).with_name("pictures.js")
_MOST_SECONDS = 5
_MOST_BYTES = 128 * 1024 * 1024
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML holds: https://www.w3.org/TR/xml/#charsets."""
_lock = Lock()


def is_drawing() -> bool:
    """Return whether the package was built with what draws pictures."""
    return _FILE.is_file()


def prepare() -> None:
    """Load what draws pictures, where the package has it, so that no reader waits for it."""
    if is_drawing():
        _drawing()


def draw(picture: Mapping[str, object]) -> str:
    """Return a picture as the text of an SVG; its members are those that ``pictures.js`` reads.

    Raises:
        quickjs.JSException: it cannot be drawn within 5 seconds and 128 MiB.
    """
    with _lock:
        return _NO_XML.sub("\ufffd", _drawing()(json.dumps(picture, ensure_ascii=False)))


@cache
def _drawing() -> Callable[[str], str]:
    """Return the function ``draw`` of the script."""
    import quickjs  # noqa: PLC0415  # 20 ms that only the first picture takes

    context = quickjs.Context()
    context.set_time_limit(_MOST_SECONDS)
    context.set_memory_limit(_MOST_BYTES)
    context.eval(_FILE.read_text(encoding="utf-8"))
    drawing: Callable[[str], str] = context.get("draw")
    return drawing
