"""``python -m benchmarks`` in its shortest form: us beside a real peer."""

import os
import subprocess
import sys
from pathlib import Path

SIZE = ["--size", "10000", "--rounds", "1", "--seconds", "1", "--peers-only"]
WHAT = ["--peer", "oxigraph", "--class", "point", "--class", "ask"]


def test_a_run_prints_and_writes_the_tables(tmp_path: Path) -> None:
    """Medians with the peer's ratio to ours, and start and memory of both."""
    output = tmp_path / "table.md"
    ended = subprocess.run(
        [sys.executable, "-m", "benchmarks", *SIZE, *WHAT, "-o", str(output)],
        env=os.environ | {"PATH": str(Path(sys.executable).parent)},  # oxigraph is there, wrk not
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert ended.stdout.strip() == output.read_text(encoding="utf-8").strip()
    lines = ended.stdout.splitlines()
    assert "| class | rows | forumgraph | oxigraph |" in lines
    for kind in ("point", "ask"):
        (row,) = (line for line in lines if line.startswith(f"| {kind} |"))
        assert row.endswith(") |")
    assert any(line.startswith("First or level in ") for line in lines)
    for measured in ("seconds to the first answer", "MB after loading", "MB at the end"):
        assert any(line.startswith(f"| {measured} |") for line in lines)
