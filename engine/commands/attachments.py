"""Attaching files to a case: at a task, or before the case exists, and taking them away again.

Whoever may complete a task may attach to it while it is open, and remove what was attached there. What was
attached at a step that has been completed belongs to the case (Camunda's attachments can be removed for
ever; a record of a child's case cannot be thinned out later).
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, select
from uuid_utils import uuid7

from engine import access, clock
from engine.commands import history
from engine.commands.case_keys import key_of_case
from engine.commands.start import find_process, require_start
from engine.commands.taking_over import clear_files
from engine.commands.task_rows import require_other_hands, workable_task
from engine.errors import N_, AttachmentNotFound, AttachmentRefused, TaskClosed
from engine.queries.attachments import read_view, readable_row
from engine.record import record
from engine.secrecy import CaseKey, keys_of
from engine.store import Database, reading, writing
from engine.store.attachments import SealedFile, seal_file, seal_secrets
from engine.store.documents import Event
from engine.store.tables import Attachment, AttachmentPart, User, table_of
from engine.types import Actor, HistoryKind, RecordAction
from engine.types.attachments import AttachmentView
from engine.uploads import USUAL_LIMITS, Clean, UploadLimits, inspect

MOST_OF_A_CASE: Final = 200
MOST_AT_A_START: Final = 30
LONGEST_NAME, LONGEST_DESCRIPTION = 120, 500
_A_DAY: Final = timedelta(days=1)
_DRAWN: Final = re.compile("[0-9a-f]{32}")
_FILE, _PART = table_of(Attachment), table_of(AttachmentPart)


@dataclass(frozen=True)
class PreparedFile:
    """A file for a task that has been looked at and sealed; nothing of it is kept yet."""

    task_id: str
    instance_id: str
    clean: Clean = field(repr=False)
    file: SealedFile = field(repr=False)


def attach_to_task(
    database: Database,
    actor: Actor,
    task_id: str,
    content: bytes,
    name: str,
    description: str = "",
    *,
    limits: UploadLimits = USUAL_LIMITS,
    upload_id: str = "",
) -> AttachmentView:
    """Attach a file to an open task that the actor may complete.

    ``upload_id``: 32 hexadecimal digits that the caller has drawn; what is sent again with the same ones,
    because its answer was lost on the way, is attached once. Raises ``AttachmentRefused``,
    ``TaskNotFound``, ``ActionForbidden``, ``SecondPersonNeeded``, ``TaskClosed``, ``InstanceSuspended``,
    ``InstanceErased``.
    """
    with reading(database) as tx:
        _task(tx, actor, task_id)
        if (known := _sent_before(tx, actor, upload_id, _FILE.c.task_id == task_id)) is not None:
            return known
    ready = prepare_file(database, actor, task_id, content, name, description, limits=limits)
    return attach_prepared(database, actor, ready, limits=limits, upload_id=upload_id)


def prepare_file(
    database: Database,
    actor: Actor,
    task_id: str,
    content: bytes,
    name: str,
    description: str = "",
    *,
    limits: UploadLimits = USUAL_LIMITS,
) -> PreparedFile:
    """Look at a file for a task and seal it, for ``attach_prepared``: that takes seconds, in which no
    transaction is to wait. Raises as ``attach_to_task``."""
    with reading(database) as tx:  # whoever may not do it gives the decoders nothing to do
        instance_id = _task(tx, actor, task_id).instance_id
        _require_room(tx, actor, _FILE.c.instance_id == instance_id, MOST_OF_A_CASE, limits)
    return PreparedFile(task_id, instance_id, *_sealed(content, name, description, limits.file))


def attach_prepared(
    database: Database,
    actor: Actor,
    ready: PreparedFile,
    *,
    limits: UploadLimits = USUAL_LIMITS,
    upload_id: str = "",
) -> AttachmentView:
    """Attach a file that ``prepare_file`` has made ready; also in a transaction of the caller's.
    ``upload_id`` and what it raises: as ``attach_to_task``."""
    task_id, instance_id = ready.task_id, ready.instance_id
    with writing(database) as tx:
        key = key_of_case(tx, instance_id)  # locks the case: nobody completes the task meanwhile
        task = _task(tx, actor, task_id)
        if (known := _sent_before(tx, actor, upload_id, _FILE.c.task_id == task_id)) is not None:
            return known  # the first try was still being looked at when this one came
        _lock_uploads(tx, actor)
        of_case = _FILE.c.instance_id == instance_id
        _require_room(tx, actor, of_case, MOST_OF_A_CASE, limits, len(ready.clean.content))
        place = {"agency_id": task.agency_id, "instance_id": instance_id, "task_id": task_id}
        values = {**place, "definition_key": task.definition_key, "key_id": None}
        attachment_id = _insert(tx, actor, ready.clean, ready.file, key, values, upload_id)
        _tell(tx, actor, task, HistoryKind.ATTACHMENT_ADDED, attachment_id)
        return read_view(tx, attachment_id)


def attach_to_start(
    database: Database,
    actor: Actor,
    agency_id: str,
    key: str,
    content: bytes,
    name: str,
    description: str = "",
    *,
    limits: UploadLimits = USUAL_LIMITS,
    upload_id: str = "",
) -> AttachmentView:
    """Upload a file for a case of the process ``key`` that is yet to be started; ``start_instance`` takes it
    over by its id, and what is left lying is swept away (``sweep_attachments``). ``upload_id``: as at a task;
    sent again when its case has been opened, it is the file of that case.

    Raises ``AttachmentRefused``, ``DefinitionNotFound``, ``ActionForbidden``.
    """
    for_start = and_(_FILE.c.agency_id == agency_id, _FILE.c.definition_key == key, _FILE.c.task_id.is_(None))
    with reading(database) as tx:
        require_start(actor, find_process(tx, actor, agency_id, key))
        if (known := _sent_before(tx, actor, upload_id, for_start)) is not None:
            return known
        _require_room(tx, actor, access.own_uploads(actor), MOST_AT_A_START, limits)
    clean, file = _sealed(content, name, description, limits.file)
    with writing(database) as tx:
        require_start(actor, find_process(tx, actor, agency_id, key))
        _lock_uploads(tx, actor)
        if (known := _sent_before(tx, actor, upload_id, for_start)) is not None:
            return known  # the first try was still being looked at when this one came
        _require_room(tx, actor, access.own_uploads(actor), MOST_AT_A_START, limits, len(clean.content))
        own = keys_of(tx).take()
        place = {"agency_id": agency_id, "instance_id": None, "task_id": None}
        values = {**place, "definition_key": key, "key_id": own.id}
        attachment_id = _insert(tx, actor, clean, file, own, values, upload_id)
        _record(tx, actor, HistoryKind.ATTACHMENT_ADDED, agency_id, attachment_id)
        return read_view(tx, attachment_id)


def remove_attachment(database: Database, actor: Actor, attachment_id: str) -> AttachmentView:
    """Take a file away again. Returns what it was.

    It is one's own that no case has taken over, or one of an open task that the actor may complete.

    Raises ``AttachmentNotFound``, ``ActionForbidden``, ``TaskClosed``, ``InstanceSuspended``.
    """
    with writing(database) as tx:
        row = readable_row(tx, actor, attachment_id)
        view = read_view(tx, attachment_id)
        if row.instance_id is None:
            own = select(_FILE.c.id).where(_FILE.c.id == attachment_id, access.own_uploads(actor))
            if tx.execute(own.with_for_update()).first() is None:  # a case has taken it over meanwhile
                raise AttachmentNotFound(id=attachment_id)
            clear_files(tx, [attachment_id])  # the row stays until its key has been destroyed
            _record(tx, actor, HistoryKind.ATTACHMENT_REMOVED, row.agency_id, attachment_id)
            return view
        if row.task_id is None:
            raise TaskClosed(id=attachment_id)
        key_of_case(tx, row.instance_id)
        task = _task(tx, actor, row.task_id)
        tx.execute(delete(_PART).where(_PART.c.attachment_id == attachment_id))
        tx.execute(delete(_FILE).where(_FILE.c.id == attachment_id))
        _tell(tx, actor, task, HistoryKind.ATTACHMENT_REMOVED, attachment_id)
        return view


def _task(tx: Connection, actor: Actor, task_id: str) -> Row[Any]:
    """An open task that the actor may complete."""
    task = workable_task(tx, actor, task_id)
    require_other_hands(tx, actor, task, actor.user_id)
    return task


def _sealed(content: bytes, name: str, description: str, largest: int) -> tuple[Clean, SealedFile]:
    """What is kept of a file, sealed before any transaction begins: it may be megabytes."""
    clean = inspect(content, largest)
    words = _tidy(description, LONGEST_DESCRIPTION)
    return clean, seal_file(_file_name(name, clean), words, clean.content, clean.preview)


def _file_name(name: str, clean: Clean) -> str:
    """The name without folders, with the ending of what the file is."""
    stem = PurePosixPath(_tidy(name, 1000).replace("\\", "/")).stem.strip(". ")
    ending = ".pdf" if clean.pages is not None else ".jpg"
    return (stem[: LONGEST_NAME - len(ending)] or "lampiran") + ending


def _tidy(text: str, longest: int) -> str:
    """One line of a text without what does not show (controls, marks of direction, halves of characters)."""
    spaced = " ".join(text.split())
    shown = (sign for sign in spaced if sign == " " or unicodedata.category(sign)[0] != "C")
    return "".join(shown)[:longest].strip()


def _require_room(
    tx: Connection,
    actor: Actor,
    place: ColumnElement[bool],
    most: int,
    limits: UploadLimits,
    size: int = 1,
) -> None:
    """Raise ``AttachmentRefused`` where a file of ``size`` bytes is too much: for the rows of ``place``, of
    which there may be ``most``, or for what the actor has attached within a day. Before a file has been
    looked at, any size is asked for: who has no room left gives the decoders nothing to do."""
    count, there = _held(tx, place)
    if count >= most:
        raise AttachmentRefused(reason=N_("there are as many files already as a case can have"))
    if there + size > limits.of_case:
        raise AttachmentRefused(
            reason=N_("with it, the files of this case would be larger together than this server allows")
        )
    own = _FILE.c.created_by == actor.user_id, _FILE.c.created_at > clock.now() - _A_DAY
    if _held(tx, *own)[1] + size > limits.of_person:
        raise AttachmentRefused(
            reason=N_(
                "with it, you would have attached more within 24 hours than this server allows; go on later,"
                " or ask your administrator"
            )
        )


def _held(tx: Connection, *where: ColumnElement[bool]) -> tuple[int, int]:
    """How many files are there, and their bytes."""
    sizes = select(func.count(), func.coalesce(func.sum(_FILE.c.size), 0)).select_from(_FILE)
    count, size = tx.execute(sizes.where(*where, _FILE.c.secrets.is_not(None))).one()
    return int(count), int(size)


def _lock_uploads(tx: Connection, actor: Actor) -> None:
    """Until the end of the transaction nothing else is attached in the actor's name: there is no case to lock
    yet. After a case, where one is locked too."""
    tx.execute(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True))


def _sent_before(
    tx: Connection, actor: Actor, upload_id: str, where: ColumnElement[bool]
) -> AttachmentView | None:
    """The actor's file of this id. Raises ``AttachmentNotFound``, ``ActionForbidden`` for one that has gone
    to a case that the actor does not work on any more."""
    mine = select(_FILE.c.id).where(_FILE.c.id == upload_id, _FILE.c.created_by == actor.user_id, where)
    if tx.execute(mine.where(_FILE.c.secrets.is_not(None))).first() is None:
        return None
    readable_row(tx, actor, upload_id)
    return read_view(tx, upload_id)


def _insert(
    tx: Connection,
    actor: Actor,
    clean: Clean,
    file: SealedFile,
    key: CaseKey,
    place: dict[str, Any],
    upload_id: str,
) -> str:
    taken = tx.execute(select(_FILE.c.id).where(_FILE.c.id == upload_id)).first() is not None
    attachment_id = upload_id if _DRAWN.fullmatch(upload_id) and not taken else uuid7().hex
    about = {"content_type": clean.content_type, "size": len(clean.content), "pages": clean.pages}
    sealed = {"secrets": seal_secrets(key, attachment_id, file.secrets), "preview": file.preview}
    made = {"created_at": clock.now(), "created_by": actor.user_id, "digest": file.digest}
    tx.execute(insert(_FILE).values(id=attachment_id, **place, **about, **sealed, **made))
    parts = enumerate(file.parts)
    tx.execute(
        insert(_PART), [{"attachment_id": attachment_id, "number": n, "content": part} for n, part in parts]
    )
    return attachment_id


def _record(tx: Connection, actor: Actor, kind: HistoryKind, agency_id: str, attachment_id: str) -> None:
    """For the access log: there is no case yet whose history would tell it."""
    subject = f"{kind.value}:{attachment_id}"
    record(tx, actor, RecordAction.CHANGE_CASE, agency_id=agency_id, subject=subject)


def _tell(tx: Connection, actor: Actor, task: Row[Any], kind: HistoryKind, attachment_id: str) -> None:
    called = None if task.process_key == task.definition_key else task.process_key
    event = Event(kind.value, task.element_id, task.id, None, called, {"attachment": attachment_id})
    place = task.instance_id, task.agency_id, task.definition_id
    history.write_events(tx, actor, *place, clock.now(), [event])
