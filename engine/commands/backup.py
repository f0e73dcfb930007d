"""A copy of everything in one file while work goes on, and the proof of such a file when it is restored.

The file is a SQLite database, whatever was copied, so a backup of SQLite may be restored into PostgreSQL and
the other way round.
"""

import shutil
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from engine import clock
from engine.commands.keeping import seal_open_data
from engine.errors import BackupRefused, DatabaseUnavailable
from engine.queries.soundness import unsound_instances
from engine.record import begin_record, is_kept, note_restored, record
from engine.store import migrate, open_database, reading, writing
from engine.store.copying import close_file, copy_to_file, count_rows, new_file, replace_rows
from engine.store.migrate import known_versions, schema_version
from engine.store.tables import Agency, ApiToken, LoginSession, PushSubscription, SignInChallenge, User
from engine.types import SYSTEM, RecordAction

_SHOWN = 5


@dataclass(frozen=True)
class BackupView:
    """What a backup holds: its schema's version, and how many rows each table has. Of one that was restored:
    how many good ``logins`` and API ``tokens`` it would have brought back."""

    version: str
    rows: dict[str, int]
    logins: int = 0
    tokens: int = 0


def back_up(database: Engine, file: Path, *, force: bool = False) -> BackupView:
    """Copy everything, as it is at one moment, into one new file; work goes on meanwhile.

    The copy is looked over before it gets its name, and is on the disk when this returns. ``force``: an
    older file of that name is replaced. Raises ``BackupRefused``, ``DatabaseUnavailable``.
    """
    if file.exists() and not force:
        raise BackupRefused(file=str(file), reason="the file exists already")
    with reading(database) as tx:
        version = schema_version(tx)
    if version != known_versions()[0]:
        raise BackupRefused(file=str(file), reason=f"the database has the schema {version}: run titian init")
    with writing(database) as tx:  # before everything leaves, and in the copy too
        record(tx, SYSTEM, RecordAction.BACKUP, subject=f"file:{file.name}")
    with new_file(file) as draft:
        copy_to_file(database, draft)
        return _looked_over(draft, file)


def restore(database: Engine, file: Path, *, force: bool = False, keep_logins: bool = False) -> BackupView:
    """Put what a backup holds into a database: all of it, looked over before, or nothing.

    A backup of an earlier release is upgraded. ``force``: what is in the database is replaced; a SQLite file
    that a server has open is not. Its logins and API tokens end: some of them were ended since, because a
    phone was stolen or a token leaked. ``keep_logins``: they do not, as where a machine is only moved.
    Raises ``BackupRefused``, ``DatabaseUnavailable``.
    """
    if not file.is_file():
        raise BackupRefused(file=str(file), reason="there is no such file")
    place = Path(str(database.url.database)) if database.dialect.name == "sqlite" else None
    if not force and _is_in_use(database, place):
        raise BackupRefused(file=str(file), reason="the database holds data already")
    if place is None:
        found = _restore_rows(database, file, keep_logins)
    else:
        with new_file(place) as draft:
            found = _upgraded(file, draft, keep_logins)
            database.dispose()
            if place.exists():
                _require_closed(place, file)
    _note_restored(database, file)
    return found


def _note_restored(database: Engine, file: Path) -> None:
    """In the log, and beside its heads: what came after the backup is gone, and nobody took it away in
    secret."""
    seal_open_data(database)  # of an older release, before the history is tied down
    begin_record(database)
    with writing(database) as tx:
        record(tx, SYSTEM, RecordAction.RESTORE, subject=f"file:{file.name}")
    if is_kept(database):
        note_restored(database)


def _restore_rows(database: Engine, file: Path, keep_logins: bool) -> BackupView:
    draft = file.with_name(f".{file.name}.restoring")
    try:
        found = _upgraded(file, draft, keep_logins)
        source = open_database(f"sqlite:///{draft}")
        replace_rows(source, database)
        source.dispose()
    finally:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{draft}{suffix}").unlink(missing_ok=True)
    return found


def _upgraded(file: Path, draft: Path, keep_logins: bool) -> BackupView:
    """Copy a backup to ``draft``, look it over, and bring it to the schema of this release. What ends, ends
    there: at no moment is it let in."""
    shutil.copyfile(file, draft)
    _looked_over(draft, file)
    database = open_database(f"sqlite:///{draft}")
    migrate(database)
    with writing(database) as tx:
        logins, tokens = (_count_good(tx, table) for table in (LoginSession, ApiToken))
        if not keep_logins:
            for ended in (LoginSession, PushSubscription, SignInChallenge, ApiToken):
                tx.execute(delete(ended))
    close_file(database)
    return replace(_looked_over(draft, file), logins=logins, tokens=tokens)


def _count_good(tx: Connection, table: type[LoginSession | ApiToken]) -> int:
    good = select(func.count()).where(table.expires_at > clock.now())
    return tx.scalars(good).one()


def _looked_over(draft: Path, file: Path) -> BackupView:
    """What a file holds. Raises ``BackupRefused`` where it is damaged, foreign or not sound."""
    database = open_database(f"sqlite:///{draft}")
    try:
        with reading(database) as tx:
            found = _checked(tx, file)
    except (DatabaseUnavailable, SQLAlchemyError) as error:
        raise BackupRefused(file=str(file), reason="it is damaged, or no backup of Titian") from error
    close_file(database)
    return found


def _checked(tx: Connection, file: Path) -> BackupView:
    damage = tx.scalars(text("PRAGMA integrity_check")).all()
    if damage != ["ok"]:
        raise BackupRefused(file=str(file), reason=f"it is damaged: {'; '.join(damage[:_SHOWN])}")
    if tx.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise BackupRefused(file=str(file), reason="it is damaged: rows point nowhere")
    version, versions = schema_version(tx), known_versions()
    if version not in versions:
        raise BackupRefused(
            file=str(file), reason=f"its schema is {version}, and this release knows {versions}"
        )
    if version != versions[0]:  # what it holds is looked at after its upgrade
        return BackupView(version, {})
    unsound = [f"{id} ({what})" for id, what in unsound_instances(tx)]
    if unsound:
        shown = ", ".join(unsound[:_SHOWN])
        raise BackupRefused(file=str(file), reason=f"{len(unsound)} process instances are not sound: {shown}")
    return BackupView(version, count_rows(tx))


def _is_in_use(database: Engine, place: Path | None) -> bool:
    """Whether a database holds anybody's data."""
    if place is not None and not place.exists():
        return False
    with reading(database) as tx:
        there = set(inspect(tx).get_table_names())
        holding = (table for table in (Agency, User) if table.__tablename__ in there)
        return any(tx.execute(select(table.id).limit(1)).first() for table in holding)


def _require_closed(place: Path, file: Path) -> None:
    """Leave the write-ahead log only when nobody has the database open, which this asks for."""
    connection = sqlite3.connect(place, timeout=1)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise BackupRefused(file=str(file), reason=f"a server has {place} open: stop it first") from error
    except sqlite3.DatabaseError:
        return  # what is there is no database, and may go
    finally:
        connection.close()
