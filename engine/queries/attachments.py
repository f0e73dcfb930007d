"""The files of a case: listed for who sees the case, opened for who works on it.

A manager who has opened the identity in the case reads them too, for a while: that look has its purpose in
the access log already.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, func, select

from engine import access, clock
from engine.access import Action
from engine.errors import ActionForbidden, AttachmentNotFound
from engine.queries.instances import require_visible
from engine.queries.variables import works_on
from engine.record.entries import id_at
from engine.secrecy import keys_of
from engine.store import Database, reading
from engine.store.attachments import FileSecrets, open_part, open_preview, open_secrets
from engine.store.tables import (
    AccessEntry,
    Attachment,
    AttachmentPart,
    ProcessInstance,
    UserTask,
    table_of,
)
from engine.types import Actor, RecordAction, origin
from engine.types.attachments import AttachmentView

OPENED_FOR: Final = timedelta(minutes=15)
"""How long the files stay open to a manager who has opened the identity, and one look at a file is one."""

PREVIEWS: Final = 12
"""The newest files of a list have their small pictures with them; a page has to load on a weak line."""

_FILE, _PART = table_of(Attachment), table_of(AttachmentPart)
_ROWS: Any = (
    select(_FILE, UserTask.name.label("step"), ProcessInstance.key_id.label("case_key_id"))
    .outerjoin(UserTask, UserTask.id == _FILE.c.task_id)
    .outerjoin(ProcessInstance, ProcessInstance.id == _FILE.c.instance_id)
)


def list_attachments(
    database: Database, actor: Actor, instance_id: str, *, revealed: bool = False, previews: bool = True
) -> list[AttachmentView]:
    """The files of a case, the newest first; what they are called only for who works on the case.

    ``revealed``: also for a manager who has opened the identity. ``previews``: with their small pictures, as
    far as a page takes them. Raises ``InstanceNotFound``.
    """
    query = _ROWS.where(_FILE.c.instance_id == instance_id)
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        rows = tx.execute(query.order_by(_FILE.c.created_at.desc(), _FILE.c.id.desc())).all()
        opened = bool(rows) and _reads(tx, actor, instance_id, rows[0].agency_id, revealed=revealed)
        return [_view(tx, row, opened, with_preview=previews and n < PREVIEWS) for n, row in enumerate(rows)]


def start_attachments(database: Database, actor: Actor, agency_id: str, key: str) -> list[AttachmentView]:
    """What the actor has uploaded for a case of the process ``key`` that is not open yet, newest first."""
    query = _ROWS.where(
        access.own_uploads(actor),
        _FILE.c.agency_id == agency_id,
        _FILE.c.definition_key == key,
        _FILE.c.secrets.is_not(None),
    )
    with reading(database) as tx:
        rows = tx.execute(query.order_by(_FILE.c.created_at.desc(), _FILE.c.id.desc())).all()
        return [_view(tx, row, opened=True, with_preview=n < PREVIEWS) for n, row in enumerate(rows)]


def attached_ids(tx: Connection, instance_id: str) -> frozenset[str]:
    """Ids of the files of a case."""
    return frozenset(tx.scalars(select(_FILE.c.id).where(_FILE.c.instance_id == instance_id)))


def get_attachment(database: Database, actor: Actor, attachment_id: str) -> AttachmentView:
    """One file, without its bytes.

    Raises ``AttachmentNotFound`` (also for what the actor may not see, and for what was erased), and
    ``ActionForbidden`` for who sees the case and does not read what is sealed in it.
    """
    with reading(database) as tx:
        return _view(tx, readable_row(tx, actor, attachment_id), opened=True, with_preview=True)


def attachment_content(database: Database, attachment: AttachmentView) -> Iterator[bytes]:
    """The bytes of a file that ``get_attachment`` has given, part by part.

    Raises ``AttachmentNotFound`` where it was removed or erased meanwhile, and ``SealBroken``.
    """
    with reading(database) as tx:
        row = tx.execute(_ROWS.where(_FILE.c.id == attachment.id)).one_or_none()
        own = secrets_of(tx, row) if row is not None else None
        if own is None:
            raise AttachmentNotFound(id=attachment.id)
        count = tx.scalars(select(func.count()).where(_PART.c.attachment_id == attachment.id)).one()
    for number in range(count):
        one = select(_PART.c.content).where(_PART.c.attachment_id == attachment.id, _PART.c.number == number)
        with reading(database) as tx:
            part = tx.scalars(one).one_or_none()
        if part is None:
            raise AttachmentNotFound(id=attachment.id)
        yield open_part(own, number, count, part)


def is_look_recorded(database: Database, actor: Actor, attachment: AttachmentView) -> bool:
    """Whether the access log has an entry of the last minutes (``OPENED_FOR``) that the actor has opened this
    file, from where this is asked: then what is shown of it now belongs to that look."""
    where = origin()
    with reading(database) as tx:
        return _did_lately(
            tx,
            actor,
            attachment.instance_id,
            RecordAction.READ_ATTACHMENT,
            AccessEntry.subject == f"attachment:{attachment.id}",
            AccessEntry.channel == where.channel.value,
            AccessEntry.address == where.address,
        )


def readable_row(tx: Connection, actor: Actor, attachment_id: str) -> Row[Any]:
    """The row of a file that the actor may open. Raises as ``get_attachment``."""
    row = tx.execute(_ROWS.where(_FILE.c.id == attachment_id)).one_or_none()
    if row is None or row.secrets is None or not _sees(tx, actor, row):
        raise AttachmentNotFound(id=attachment_id)
    if row.instance_id is not None and not _reads(tx, actor, row.instance_id, row.agency_id, revealed=True):
        raise ActionForbidden(action=Action.OPEN_IDENTITY.value)
    return row


def secrets_of(tx: Connection, row: Row[Any]) -> FileSecrets | None:
    """What is sealed of a file; None where its key is gone."""
    key = keys_of(tx).readable(row.case_key_id if row.instance_id is not None else row.key_id)
    return open_secrets(key, row.id, row.secrets) if key is not None and row.secrets is not None else None


def read_view(tx: Connection, attachment_id: str) -> AttachmentView:
    """One file inside a transaction whose caller has decided that it may be read."""
    return _view(
        tx, tx.execute(_ROWS.where(_FILE.c.id == attachment_id)).one(), opened=True, with_preview=True
    )


def _sees(tx: Connection, actor: Actor, row: Row[Any]) -> bool:
    if row.instance_id is None:
        own = select(_FILE.c.id).where(_FILE.c.id == row.id, access.own_uploads(actor))
        return tx.execute(own).first() is not None
    seen = select(ProcessInstance.id).where(
        ProcessInstance.id == row.instance_id, access.visible_instances(actor)
    )
    return tx.execute(seen).first() is not None


def _reads(tx: Connection, actor: Actor, instance_id: str, agency_id: str, *, revealed: bool) -> bool:
    """Whether the actor works on the case, or (``revealed``) has said what for a short time ago."""
    if works_on(tx, actor, [instance_id]):
        return True
    if not revealed or not access.may(actor, Action.OPEN_IDENTITY, agency_id):
        return False
    return _did_lately(tx, actor, instance_id, RecordAction.REVEAL_IDENTITY)


def _did_lately(
    tx: Connection, actor: Actor, instance_id: str | None, action: RecordAction, *where: ColumnElement[bool]
) -> bool:
    """Whether the log has such a deed of the actor within ``OPENED_FOR``."""
    deeds = select(AccessEntry.id).where(
        AccessEntry.instance_id == instance_id,
        AccessEntry.id >= id_at(clock.now() - OPENED_FOR),
        AccessEntry.user_id == actor.user_id,
        AccessEntry.action == action.value,
        *where,
    )
    return tx.execute(deeds.limit(1)).first() is not None


def _view(tx: Connection, row: Row[Any], opened: bool, *, with_preview: bool) -> AttachmentView:
    own = secrets_of(tx, row) if opened else None
    return AttachmentView(
        id=row.id,
        agency_id=row.agency_id,
        instance_id=row.instance_id,
        definition_key=row.definition_key,
        task_id=row.task_id,
        step=row.step or "",
        content_type=row.content_type,
        size=row.size,
        pages=row.pages,
        created_at=row.created_at,
        created_by=row.created_by,
        erased=row.secrets is None,
        name=own.name if own else None,
        description=own.description if own else None,
        preview=open_preview(own, row.preview) if own and with_preview else None,
    )
