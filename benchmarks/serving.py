"""Server processes: which WSGI server, how many workers, which app, on which database."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

THREADS = 8
"""Threads that answer, in each server; what `titian serve` has too."""


@dataclass(frozen=True)
class Serving:
    """A running server. ``cold``: seconds from its start to the first 200; ``pid`` leads its processes."""

    port: int
    pid: int
    cold: float

    @property
    def memory(self) -> int:
        """Bytes that its processes hold and share with nobody else (Linux: Pss)."""
        return sum(_pss(pid) for pid in _family(self.pid))


def command(server: str, app: str, port: int, workers: int) -> list[str]:
    """The command line of a server (``waitress``, ``gunicorn``, ``granian``) for an app of ``apps``."""
    target, where = f"benchmarks.apps:{app}", f"127.0.0.1:{port}"
    threads = str(THREADS)
    options = {
        "waitress": f"waitress --listen {where} --threads {threads} --call {target}",
        "gunicorn": f"gunicorn --bind {where} --workers {workers} --worker-class gthread --threads {threads}"
        f" --log-level warning {target}()",
        "granian": f"granian --interface wsgi --host 127.0.0.1 --port {port} --workers {workers}"
        f" --blocking-threads {threads} --no-ws --no-log --factory {target}",
    }
    return [sys.executable, "-m", *options[server].split()]


@contextmanager
def serving(argv: list[str], port: int, url: str, data: Path) -> Iterator[Serving]:
    """Run a server's command line until the end of the block. Raises ``TimeoutError`` after a minute."""
    settings = {"TITIAN_DATABASE_URL": url, "TITIAN_DATA": str(data), "TITIAN_DEMO": "1"}
    begun = time.perf_counter()
    process = subprocess.Popen(
        argv, env=os.environ | settings, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        yield Serving(port, process.pid, _answers(port, process) - begun)
    finally:
        if process.poll() is None:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int, process: "subprocess.Popen[bytes]") -> float:
    """When ``/healthz`` first answered 200, on the clock of ``perf_counter``."""
    for _ in range(6000):
        if process.poll() is not None:
            raise TimeoutError(f"the server ended with {process.returncode}")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return time.perf_counter()
        except OSError:
            pass
        time.sleep(0.01)
    raise TimeoutError("the server did not answer within a minute")


def _family(pid: int) -> list[int]:
    """A process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in _family(int(child)))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
