"""A small graph, its shapes and its texts, to break and check."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sparql_endpoint.check.checked import Checked
from sparql_endpoint.check.report import Report
from sparql_endpoint.check.run import check

CASES = Path(__file__).parent / "cases"
GOOD = CASES / "good.ttl"
SHAPES = CASES / "shapes.ttl"
TEXTS = CASES / "texts"

Check = Callable[..., Report[Checked]]


@pytest.fixture(scope="session")
def cases() -> Path:
    """Return the folder of the cases."""
    return CASES


@pytest.fixture
def check_changed(tmp_path: Path) -> Check:
    """Return a function that checks the good graph with one text in it replaced by another."""

    def run(old: str = "", new: str = "") -> Report[Checked]:
        content = GOOD.read_text(encoding="utf-8")
        assert old in content
        path = tmp_path / "changed.ttl"
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return check([path], TEXTS, SHAPES, house_rules=True)

    return run
