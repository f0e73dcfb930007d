"""A whole case over HTTP against the floor: servers, workers, clients, databases."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.cases import floor_case, titian_case
from benchmarks.load import Outcome, run
from benchmarks.serving import command, free_port, serving
from benchmarks.table import print_table
from tests.support.postgresql import Server
from tests.support.service import load


@dataclass(frozen=True)
class Place:
    """Where a benchmark may work. ``server``: a durable PostgreSQL, None where none can be started."""

    folder: Path
    server: Server | None

    @contextmanager
    def databases(self, kind: str) -> Iterator[dict[str, str]]:
        """URLs of a fresh database for each app: ``titian`` (all agencies deployed) and ``bare``."""
        if kind == "sqlite":
            folder = self.folder / "sqlite"
            folder.mkdir()
            urls = {name: f"sqlite:///{folder}/{name}.db" for name in ("titian", "bare")}
            load(urls["titian"], folder)
            yield urls
            shutil.rmtree(folder)
            return
        assert self.server is not None
        names = ("titian", "bare")
        for name in names:
            self.server.execute(f"CREATE DATABASE {name}")
        load(self.server.url("titian"), self.folder)
        yield {name: self.server.url(name) for name in names}
        for name in names:
            self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def twin(self, url: str) -> Iterator[str]:
        """The URL of a copy of a database that nobody uses at the moment."""
        source = make_url(url)
        if source.get_backend_name() == "sqlite":
            file = Path(f"{source.database}.twin")
            shutil.copyfile(str(source.database), file)
            yield f"sqlite:///{file}"
            return
        assert self.server is not None
        self.server.execute(f"CREATE DATABASE twin TEMPLATE {source.database}")
        yield self.server.url("twin")
        self.server.execute("DROP DATABASE twin WITH (FORCE)")

    @property
    def kinds(self) -> tuple[str, ...]:
        return ("sqlite",) if self.server is None else ("sqlite", "postgresql")


SETUPS = (("waitress", 1), ("gunicorn", 1), ("granian", 1), ("gunicorn", 2), ("granian", 2))
"""WSGI server and worker processes."""

HEAD = ("server", "workers", "clients", "cases/s", "floor", "ratio", "complete", "p95", "form", "inbox")


def measure(place: Place, cases: int) -> None:
    """Print cases a second of Titian and of the floor, by server, workers and clients; milliseconds each."""
    for kind in place.kinds:
        rows = []
        for server, workers in SETUPS:
            with place.databases(kind) as urls:
                rows += [_row(place, urls, server, workers, clients, cases) for clients in (1, 4, 16)]
        print_table(f"A whole Pasuruan case over HTTP, {kind} (times in ms)", HEAD, rows)


def _row(
    place: Place, urls: dict[str, str], server: str, workers: int, clients: int, cases: int
) -> tuple[object, ...]:
    ours = _outcome(place, urls, server, "titian", workers, clients, cases)
    floor = _outcome(place, urls, server, "bare", workers, clients, cases)
    figures = (ours.half("complete"), ours.p95("complete"), ours.half("form"), ours.half("inbox"))
    rates = (f"{ours.rate:.1f}", f"{floor.rate:.1f}", f"{ours.rate / floor.rate:.2f}")
    return (server, workers, clients, *rates, *(f"{figure:.1f}" for figure in figures))


def _outcome(
    place: Place, urls: dict[str, str], server: str, app: str, workers: int, clients: int, cases: int
) -> Outcome:
    port, one_case = free_port(), titian_case if app == "titian" else floor_case
    with serving(command(server, app, port, workers), port, urls[app], place.folder):
        run(port, one_case, max(clients, 4), clients)  # warm: passwords checked, definitions read
        return run(port, one_case, cases, clients)
