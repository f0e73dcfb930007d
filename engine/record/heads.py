"""The heads of the chain outside the database: a line for each block, and a file for each day to carry away.

Every process that links keeps its own folder complete: what another has linked is added at the next round.
Days are those of UTC.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import orjson
from sqlalchemy import Connection, Engine, Row, select

from engine import clock
from engine.record.blocks import Head, moment_of, of_restoration
from engine.record.place import RecordPlace, place_of
from engine.store import reading
from engine.store.tables import AccessBlock, table_of

try:
    import fcntl
except ImportError:  # Windows, where one process is the rule
    fcntl = None  # type: ignore[assignment]

LINES, DAYS = "heads.jsonl", "heads"
_BLOCK = table_of(AccessBlock)
_AT_ONCE = 10_000
_TAIL = 65_536
_turn = Lock()


def head_of(block: Row[tuple[object, ...]]) -> Head:
    """The head of a row of ``access_block``."""
    return Head(block.number, moment_of(block.at), block.total, block.hash.hex(), block.signature.hex())


def keep_heads(database: Engine) -> int:
    """Write down the heads that the database has and the folder has not; returns how many."""
    place, kept = place_of(database), 0
    with _alone(place):
        while added := _keep_some(database, place):
            kept += added
    return kept


def _keep_some(database: Engine, place: RecordPlace) -> int:
    last = _last_number(place.heads / LINES)
    with reading(database) as tx:
        wanted = select(_BLOCK).where(_BLOCK.c.number > last).order_by(_BLOCK.c.number).limit(_AT_ONCE)
        heads = [head_of(block) for block in tx.execute(wanted)]
    if heads:
        _append(place.heads / LINES, b"".join(orjson.dumps(head) + b"\n" for head in heads))
        for head in {head.at[:10]: head for head in heads}.values():
            _keep_day(place, head)
    return len(heads)


@contextmanager
def _alone(place: RecordPlace) -> Iterator[None]:
    """Nobody else writes in the folder meanwhile, of this process or of another on this machine."""
    place.heads.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _turn, (place.heads / ".lock").open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
        yield


def current_head(database: Engine) -> dict[str, object] | None:
    """The newest head with the public key that checks its signature; None where nothing is linked yet."""
    with reading(database) as tx:
        block = _newest(tx)
    return _with_key(place_of(database), head_of(block)) if block else None


def note_restored(database: Engine) -> None:
    """Write down, signed, that a backup has taken the place of the database: blocks that came after the
    backup's last one are no longer missed, but the note stays."""
    place, at = place_of(database), moment_of(clock.now())
    with reading(database) as tx:
        block = _newest(tx)
    number = block.number if block else 0
    signature = place.seal.sign(of_restoration(number, at)).hex()
    line = {"restored": number, "at": at, "signature": signature}
    with _alone(place):
        _last_number(place.heads / LINES)  # cuts what a crash left of a line
        _append(place.heads / LINES, orjson.dumps(line) + b"\n")


def _newest(tx: Connection) -> Row[tuple[object, ...]] | None:
    return tx.execute(select(_BLOCK).order_by(_BLOCK.c.number.desc()).limit(1)).one_or_none()


def _with_key(place: RecordPlace, head: Head) -> dict[str, object]:
    return {"number": head.number, "at": head.at, "total": head.total} | {
        "hash": head.hash,
        "signature": head.signature,
        "key": place.seal.public_hex,
    }


def _last_number(path: Path) -> int:
    """The number of the last block that was written down, 0 for none. A line that a crash has cut off is
    removed."""
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read()
        whole = tail.rfind(b"\n") + 1
        if whole < len(tail):
            file.truncate(size - (len(tail) - whole))
    for line in reversed(tail[:whole].splitlines()):
        try:
            found = orjson.loads(line)
            return int(found["restored"] if "restored" in found else found["number"])
        except (ValueError, KeyError, TypeError):
            continue  # somebody's scribble: `titian audit verify` says so
    return 0


def _append(path: Path, lines: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(lines)
        file.flush()
        os.fsync(descriptor)


def _keep_day(place: RecordPlace, head: Head) -> None:
    """The day's file has the newest head of the day, whole at every moment."""
    folder = place.heads / DAYS
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{head.at[:10]}.json"
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_bytes(orjson.dumps(_with_key(place, head), option=orjson.OPT_INDENT_2) + b"\n")
    draft.replace(path)


def read_lines(path: Path) -> Iterator[tuple[int, object]]:
    """The lines of the heads' file with their numbers; None for one that cannot be read."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield number, orjson.loads(line)
            except ValueError:
                yield number, None
