"""The command line as its users meet it: words in, exit code and two streams out."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from sparql_endpoint.cli import main


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


Forumgraph = Callable[..., Outcome]


@pytest.fixture
def forumgraph(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Forumgraph:
    """Return a function that runs ``forumgraph`` with the words it is given."""

    def run(*words: object) -> Outcome:
        monkeypatch.setattr("sys.argv", ["forumgraph", *map(str, words)])
        with pytest.raises(SystemExit) as exit_:
            main()
        captured = capsys.readouterr()
        code = exit_.value.code
        return Outcome(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run
