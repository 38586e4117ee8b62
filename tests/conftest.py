"""What every test may ask for."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def articles() -> Path:
    """Return the folder of the articles' texts, which are not part of the repository."""
    folder = os.environ.get("FORUMGRAPH_ARTICLES")
    if folder:
        return Path(folder)
    if os.environ.get("CI"):
        pytest.fail("CI must set FORUMGRAPH_ARTICLES to the folder of the articles' texts")
    pytest.skip("FORUMGRAPH_ARTICLES names no folder of the articles' texts")
