"""Files and their keys: a new case takes over what was uploaded for it, an erasure clears what a case has,
and what nobody took over is swept away.
"""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, Engine, and_, delete, select, update

from engine import access, clock
from engine.catalog import DeployedProcess
from engine.commands.case_keys import key_of_case
from engine.errors import AttachmentNotFound
from engine.queries.attachments import secrets_of
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.attachments import seal_secrets
from engine.store.tables import Attachment, AttachmentPart, Draft, table_of
from engine.types import Actor

KEPT_FOR: Final = timedelta(days=31)
"""How long an uploaded file waits for its case to be opened; longer where there is a draft of it still."""

_FILE, _PART = table_of(Attachment), table_of(AttachmentPart)


def take_over(
    tx: Connection, actor: Actor, deployed: DeployedProcess, instance_id: str, attachment_ids: Collection[str]
) -> None:
    """Give files that the actor has uploaded for this process to the case that has just been started: their
    secrets are sealed anew with its key. Raises ``AttachmentNotFound`` for any other."""
    if not attachment_ids:
        return
    wanted = sorted(set(attachment_ids))
    mine = select(_FILE).where(
        _FILE.c.id.in_(wanted),
        access.own_uploads(actor),
        _FILE.c.agency_id == deployed.agency_id,
        _FILE.c.definition_key == deployed.key,
    )
    rows = {row.id: row for row in tx.execute(mine.order_by(_FILE.c.id).with_for_update())}
    key = key_of_case(tx, instance_id)
    for attachment_id in wanted:
        row = rows.get(attachment_id)
        own = secrets_of(tx, row) if row is not None else None
        if own is None:
            raise AttachmentNotFound(id=attachment_id)
        sealed = {"instance_id": instance_id, "secrets": seal_secrets(key, attachment_id, own)}
        tx.execute(update(_FILE).where(_FILE.c.id == attachment_id).values(**sealed))


def clear_files(tx: Connection, attachment_ids: Collection[str]) -> None:
    """Remove what is sealed of files; the rows stay, and tell that they were there."""
    tx.execute(delete(_PART).where(_PART.c.attachment_id.in_(attachment_ids)))
    cleared = update(_FILE).where(_FILE.c.id.in_(attachment_ids))
    tx.execute(cleared.values(secrets=None, preview=None))


def clear_case(tx: Connection, instance_id: str) -> None:
    """Remove what is sealed of all files of a case."""
    of_case = select(_FILE.c.id).where(_FILE.c.instance_id == instance_id)
    clear_files(tx, list(tx.scalars(of_case)))


def sealed_of_case(tx: Connection, instance_id: str) -> Iterator[bytes]:
    """What is sealed of the files of a case, in the order of their ids: the bytes by their digest."""
    query = select(_FILE.c.secrets, _FILE.c.digest).where(_FILE.c.instance_id == instance_id)
    for row in tx.execute(query.order_by(_FILE.c.id)):
        yield row.secrets or b""
        yield row.digest.encode()


def loose_keys(tx: Connection, instance_ids: Collection[str]) -> list[str]:
    """The keys that files of these cases had before, and that have not been destroyed yet."""
    loose = select(_FILE.c.key_id).where(_FILE.c.instance_id.in_(instance_ids), _FILE.c.key_id.is_not(None))
    return list(tx.scalars(loose))


def sweep_attachments(database: Engine) -> int:
    """Destroy the keys of files that a case has taken over or that were removed, and remove files that have
    waited too long for their case: never while their owner has a draft of it (``engine.commands.drafts``),
    which was saved later than they were uploaded. Returns how many keys were destroyed.

    Keys first: where this is interrupted, a row still says which key is to be destroyed.
    """
    drafted = (
        select(Draft.id)
        .where(Draft.user_id == _FILE.c.created_by, Draft.process_key == _FILE.c.definition_key)
        .where(Draft.agency_id == _FILE.c.agency_id, Draft.closed_at.is_(None), Draft.instance_id.is_(None))
    )
    old = and_(_FILE.c.created_at < clock.now() - KEPT_FOR, ~drafted.exists())
    ripe = _FILE.c.instance_id.is_not(None) | _FILE.c.secrets.is_(None) | old
    with reading(database) as tx:
        rows = tx.execute(select(_FILE.c.id, _FILE.c.key_id).where(_FILE.c.key_id.is_not(None), ripe)).all()
    if not rows:
        return 0
    keys_of(database).destroy([row.key_id for row in rows], clock.now())
    swept = [row.id for row in rows]
    gone = select(_FILE.c.id).where(_FILE.c.id.in_(swept), _FILE.c.instance_id.is_(None))
    with writing(database) as tx:
        ids = list(tx.scalars(gone.with_for_update()))
        tx.execute(delete(_PART).where(_PART.c.attachment_id.in_(ids)))
        tx.execute(delete(_FILE).where(_FILE.c.id.in_(ids)))
        tx.execute(update(_FILE).where(_FILE.c.id.in_(swept)).values(key_id=None))
    return len(rows)
