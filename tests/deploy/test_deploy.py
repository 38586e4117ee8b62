"""The systemd unit and the container image, as an operator runs them."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click import Option
from flask.testing import FlaskClient

import sparql_endpoint
from sparql_endpoint.cli import cli, serve

TOP = Path(sparql_endpoint.__file__).parent.parent
DEPLOY = TOP / "sparql_endpoint" / "deploy"
UNIT = DEPLOY / "forumgraph.service"
CONTAINERFILE = DEPLOY / "Containerfile"
BUILDAH = ["buildah", "--storage-driver", "vfs"]
BASE = os.environ.get("FORUMGRAPH_IMAGE_BASE", "")
"""A local image with Python to build on; the one of the Containerfile is in a registry."""


def commands_shown() -> list[list[str]]:
    """Return the arguments of each ``forumgraph`` command in both files."""
    unit, container = UNIT.read_text(), CONTAINERFILE.read_text()
    lines = re.findall(r"^ExecStart=\S+/forumgraph (.+)$", unit, re.MULTILINE)
    lines += re.findall(r"forumgraph \\\n#\s+(serve .+)$", container, re.MULTILINE)
    (default,) = re.findall(r"^CMD (\[.+\])$", container, re.MULTILINE)
    return [*map(shlex.split, lines), json.loads(default)]


def test_the_unit_is_rated_below_two() -> None:
    """``systemd-analyze security`` finds its exposure under 2.0 of 10."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze, of the package systemd, is not installed")
    rating = ["systemd-analyze", "security", "--offline=true", "--threshold=19", str(UNIT)]
    done = subprocess.run(rating, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("arguments", commands_shown(), ids=" ".join)
def test_a_command_of_unit_and_image_is_one_that_there_is(arguments: list[str]) -> None:
    """Each option of ``serve`` that they give is one, so that the service starts."""
    name, *words = arguments
    known = {flag for option in serve.command.params for flag in option.opts}
    assert name in cli.list_commands(None)  # type: ignore[arg-type]
    assert {word for word in words if word.startswith("--")} <= known
    assert all(isinstance(option, Option) for option in serve.command.params)


def test_the_image_s_health_check_asks_an_address_that_answers(client: FlaskClient) -> None:
    """A container is healthy once the server is ready."""
    (path,) = re.findall(r"http://127\.0\.0\.1:8000(/\w+)", CONTAINERFILE.read_text())
    assert client.get(path).status_code == 200


@pytest.fixture(scope="module")
def image() -> Iterator[str]:
    """Build the image, and yield a container of it."""
    if shutil.which("buildah") is None:
        pytest.skip("buildah is not installed")
    if not BASE:
        pytest.skip("FORUMGRAPH_IMAGE_BASE names no local image with Python to build on")
    build = ["build", "--isolation", "chroot", "--network", "host", "--format", "docker"]
    named = ["--build-arg", f"BASE={BASE}", "-t", "localhost/forumgraph-test"]
    file = ["-f", str(CONTAINERFILE), str(TOP)]
    subprocess.run([*BUILDAH, *build, *named, *file], check=True)
    made = subprocess.run(
        [*BUILDAH, "from", "localhost/forumgraph-test"], capture_output=True, text=True, check=True
    )
    container = made.stdout.strip()
    try:
        yield container
    finally:
        subprocess.run([*BUILDAH, "rm", container], check=True)


def test_the_image_answers_without_root(image: str) -> None:
    """The server in a container of the image answers a query, as a user without rights."""
    run = [*BUILDAH, "run", "--isolation", "chroot", image, "--"]
    user = subprocess.run([*run, "id", "-u"], capture_output=True, text=True, check=True)
    assert user.stdout.strip() == "10001"
    serve_it = [*run, "forumgraph", "serve", "--port", "0"]
    with subprocess.Popen(serve_it, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().rpartition(" at ")[2].strip()
            answer = httpx.get(f"{address}question/meetings.csv", timeout=60)
        finally:
            server.terminate()
    assert "Second Ministerial Meeting" in answer.text
