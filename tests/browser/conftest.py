"""A browser of the machine, a server of the project's data, and a page that is watched."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

import sparql_endpoint

PACKAGE = Path(sparql_endpoint.__file__).parent
AXE = PACKAGE / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SERVE = [sys.executable, "-m", "sparql_endpoint", "serve", "--port", "0"]
SERVE += ["--requests-per-second", "0", "--max-queries-per-client", "64"]
EDITOR = PACKAGE / "endpoint" / "static" / "editor" / "editor.js"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def needed(found: object, what: str) -> None:
    """Skip where ``what`` is not on this machine; with CI set, that is a failure."""
    if not found and os.environ.get("CI"):
        pytest.fail(f"CI must have {what}")
    if not found:
        pytest.skip(f"there is no {what}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return the machine's own Chromium; Playwright never fetches one."""
    program = shutil.which("chromium")
    needed(program, "chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """Return the address of the whole service over the project's data."""
    server = subprocess.Popen(SERVE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    greeting = server.stdout.readline()
    found = re.search(r"http://\S+/", greeting)
    assert found, greeting
    yield found[0]
    server.terminate()
    server.communicate(timeout=20)


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script that holds pages to the rules of accessibility."""
    needed(AXE.is_file(), "axe-core: npm ci --ignore-scripts in sparql_endpoint/frontend")
    return AXE.read_text(encoding="utf-8")


class Watch:
    """What a browser said of the pages that it was shown, and whom it asked."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.faults: list[str] = []
        context.on("console", lambda said: self._said(said.type, said.text))
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("request", lambda asked: self._asked(asked.url, site))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.faults.append(f"{kind}: {text}")

    def _asked(self, url: str, site: str) -> None:
        if not url.startswith((site, "data:", "blob:")):
            self.faults.append(f"asked {url}")


@pytest.fixture
def open_page(chromium: Browser, site: str) -> Iterator[Callable[..., tuple[Page, Watch]]]:
    """Return a function that gives an empty page of a context, and the watch over it."""
    contexts = []

    def make(width: int = 1280, scheme: str = "light", **options: object) -> tuple[Page, Watch]:
        context = chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]  # light or dark
            base_url=site,
            **options,  # type: ignore[arg-type]  # of new_context
        )
        contexts.append(context)
        return context.new_page(), Watch(context, site)

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def open_editor(open_page: Callable[..., tuple[Page, Watch]]) -> Callable[..., Page]:
    """Return a function that gives a page whose form has become an editor; ``watch`` is its own."""
    needed(EDITOR.is_file(), "query editor: it is bundled when the package is installed")

    def make(path: str = "sparql", **options: Any) -> Page:
        page, watch = open_page(**{"locale": "en", **options})
        page.watch = watch  # type: ignore[attr-defined]  # for tests that ask for faults
        page.goto(path)
        expect(page.locator(".editor .CodeMirror")).to_be_visible()
        return page

    return make
