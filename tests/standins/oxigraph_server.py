"""Oxigraph's own server on this machine, in memory and empty: a real SPARQL server to talk to."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

_PATIENCE = 20


@pytest.fixture(scope="module")
def oxigraph_server() -> Iterator[str]:
    """Return its address: queries go to ``/query``, graphs to ``/store``."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    assert program, "the test group installs oxigraph"
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [program, "serve", "--bind", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _await(address, process)
        yield address
    finally:
        process.terminate()
        process.wait()


def _await(address: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            httpx.get(address)
        except httpx.TransportError:
            assert process.poll() is None, "Oxigraph's server ended by itself"
            assert time.monotonic() < end, "Oxigraph's server does not answer"
            time.sleep(0.02)
        else:
            return
