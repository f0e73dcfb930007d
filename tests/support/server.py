"""Titian in a process of its own, as ``titian serve`` runs it."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
SECONDS = 60


@contextmanager
def titian_serve(url: str, folder: Path) -> Iterator[str]:
    """Serve the database at ``url`` in demo mode; gives the server's address once it answers."""
    port = free_port()
    environment = os.environ | {
        "TITIAN_DATABASE_URL": url,
        "TITIAN_DATA": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "webapp.cli", "serve", "--demo", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            _wait(process, f"http://127.0.0.1:{port}/login", folder / "server.log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(SECONDS)


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=SECONDS).close()
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the server does not answer:\n{log.read_text()[-2000:]}")
