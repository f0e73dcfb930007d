"""Drafts: what people type into a form is kept until they send it, however incomplete (issue 6).

One draft a place and person, as long as one page at a time writes it. A page that saves over what another
page has saved meanwhile gets a version of its own: nothing is overwritten and nothing is refused, and the
writer chooses. A draft is no change of the case: no history tells of it, no other person sees it.

At a start form the next report may be another child's. Whoever begins one sets those aside that are there:
they are reports of their own from then on, which no page of it touches or takes along. Versions of one report
(``report_id``) belong together all the same: where a case is opened with one, the others are left behind.

Who saves at a task holds the row of the task: a saving and a completion come one after the other, and after
a completion there is nothing to save. Locks are taken in the order of every step: the instance, the task.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, func, insert, select, update

from engine import clock
from engine.commands.case_keys import key_of_case
from engine.commands.variables import check_bytes
from engine.definitions.forms import check_size
from engine.errors import (
    N_,
    DraftClosed,
    FormInvalid,
    InstanceErased,
    QueryInvalid,
    TaskClosed,
    VariableInvalid,
)
from engine.queries.drafts import Place, find_place, of_place, version_of, versions
from engine.secrecy import CaseKey, keys_of
from engine.store import Database, writing
from engine.store.documents import seal_draft
from engine.store.tables import Draft, ProcessInstance, User, UserTask
from engine.types import Actor
from engine.types.drafts import DraftPlace, DraftVersion, OfStart, SavedDraft, SentDraft

MOST_VERSIONS = 20
"""Of one draft; whoever has so many has made them by hand."""

_ID = re.compile("[0-9a-f]{32}")
_LAST = 2**31 - 1
LONGEST_DEVICE = 100
"""Characters of what a browser calls itself."""

Kept = Mapping[str, Row[Any]]
"""A writer's drafts at a place by id, closed ones too."""


def save_draft(database: Database, actor: Actor, place: DraftPlace, sent: SentDraft) -> SavedDraft:
    """Keep what the actor has typed at a place. What is no field to be filled in is dropped; whether the
    values are complete or valid is asked when they are sent for good.

    Saved again by the same page, a later revision replaces an earlier one, never the other way round. Where
    another page has saved meanwhile, this becomes a version beside it, told by its id: the answer's
    ``rivals`` are there in any case. Raises ``TaskClosed``, ``DraftClosed`` (sent or thrown away: nothing
    comes back), ``InstanceErased``, ``FormInvalid`` or ``VariableInvalid`` for what no form can hold or is
    too large, ``QueryInvalid``, and as ``find_place``.
    """
    _check(sent)
    with writing(database) as tx:
        found = find_place(tx, actor, place)
        form = found.form
        if form is None:
            raise VariableInvalid(name="draft", reason=N_("there is no form to fill in"))
        of_case, assignee = _lock(tx, actor, found)
        kept = _kept(tx, actor, found)
        own = _own(kept, sent)
        apart = _apart(tx, found, own or kept.get(sent.draft_id))
        rivals = [] if apart else _rivals(kept, own)
        if own is not None and own.page_id == sent.page_id and sent.revision <= own.revision:
            # a try that was overtaken by a later one
            return SavedDraft(found.agency_id, version_of(own), rivals, assignee)
        key = of_case or _own_key(tx, own)
        values = form.typed(sent.values)
        before = {name: sent.before.get(name) for name in values}
        content = seal_draft(key, values, before, sent.files)
        if own is None:
            version = _add(tx, actor, found, key, sent, content, kept, apart)
        else:
            aside = own.set_aside and bool(apart or rivals)
            version = _renew(tx, actor, own, sent, content, aside=aside)
        return SavedDraft(found.agency_id, version, rivals, assignee)


def choose_draft(database: Database, actor: Actor, place: DraftPlace, draft_id: str) -> None:
    """Go on with one version; the others step aside and can still be read. At a start form it is a report of
    its own, and one that was left behind when a case was opened is of another case from now on. Raises
    ``DraftClosed`` for one that is not there (any more), ``TaskClosed``, and as ``find_place``."""
    with writing(database) as tx:
        found = find_place(tx, actor, place)
        _lock(tx, actor, found)
        kept = _kept(tx, actor, found)
        chosen = kept.get(draft_id)
        if chosen is None or chosen.closed_at is not None:
            raise DraftClosed
        open_ones = update(Draft).where(of_place(actor, found), Draft.closed_at.is_(None))
        tx.execute(open_ones.values(set_aside=Draft.id != draft_id))
        own: dict[str, Any] = {"instance_id": found.instance_id}
        if found.task_id is None:
            own["report_id"] = uuid4().hex
        tx.execute(open_ones.where(Draft.id == draft_id).values(**own))
        _keep_together(tx, actor, found, [row for row in kept.values() if row.id != draft_id])


def begin_another(database: Database, actor: Actor, place: OfStart) -> None:
    """Set aside what the actor has begun at a start form and not sent: the next draft there is another
    report's. Twice is fine. Raises as ``find_place``."""
    with writing(database) as tx:
        found = find_place(tx, actor, place)
        _hold(tx, actor, found)
        _keep_together(tx, actor, found, _kept(tx, actor, found).values())
        tx.execute(
            update(Draft).where(of_place(actor, found), Draft.closed_at.is_(None)).values(set_aside=True)
        )


def discard_draft(database: Database, actor: Actor, place: DraftPlace, draft_id: str) -> bool:
    """Throw a version away; a saving of it that is still on its way brings nothing back. Twice is fine.

    Returns whether it was the one in use, and none is any more. Raises ``QueryInvalid``, and as
    ``find_place``.
    """
    _check_id(draft_id)
    with writing(database) as tx:
        found = find_place(tx, actor, place)
        _hold(tx, actor, found)
        kept = _kept(tx, actor, found)
        own = kept.get(draft_id)
        _close(tx, actor, found, draft_id)
        return not ((own is not None and own.set_aside) or _rivals(kept, own))


def close_start_draft(
    tx: Connection, actor: Actor, agency_id: str, key: str, draft_id: str, instance_id: str
) -> None:
    """Close the draft with which a case was just started, inside the transaction that started it. Its other
    versions are left behind: they are the case's, to be erased with it, until their writer chooses one for
    another case. Reports that stand apart from it stay as they are, with their versions. Raises
    ``QueryInvalid``, and as ``find_place``."""
    _check_id(draft_id)
    found = find_place(tx, actor, OfStart(agency_id, key))
    _hold(tx, actor, found)
    kept = _kept(tx, actor, found)
    own = kept.get(draft_id)
    _close(tx, actor, found, draft_id)
    reports = {own.report_id} if own is not None and own.report_id else set()
    if own is None or not own.set_aside:
        reports |= {row.report_id for row in kept.values() if _is_current(row)}
    others = of_place(actor, found), Draft.closed_at.is_(None), Draft.instance_id.is_(None)
    left = update(Draft).where(*others, Draft.report_id.in_(reports))
    tx.execute(left.values(set_aside=True, instance_id=instance_id))


def _keep_together(tx: Connection, actor: Actor, place: Place, rows: Iterable[Row[Any]]) -> None:
    """Of a start form's ``rows`` those that are about to step aside undecided stay versions of one report:
    only their writer knows whether they are."""
    reports = {row.report_id for row in rows if _is_current(row)} - {None}
    if len(reports) > 1:
        same = update(Draft).where(of_place(actor, place), Draft.report_id.in_(reports))
        tx.execute(same.values(report_id=min(reports)))


def give_draft(tx: Connection, actor: Actor, task_id: str, user_id: str) -> bool:
    """Give what the actor has typed at a task to the colleague who gets the task, inside the transaction that
    hands it over: the version in use that was saved last. What the colleague has typed there stands beside
    it, undecided. Returns whether there was any."""
    tx.execute(select(UserTask.id).where(UserTask.id == task_id).with_for_update(key_share=True))
    own = Draft.user_id == actor.user_id, Draft.task_id == task_id
    current: Any = select(Draft.__table__).where(*own, Draft.closed_at.is_(None), Draft.set_aside.is_(False))
    row = tx.execute(current.order_by(Draft.saved_at.desc(), Draft.id).limit(1)).one_or_none()
    if row is None:
        return False
    new: dict[str, Any] = {"id": uuid4().hex, "page_id": uuid4().hex, "revision": 0, "device": actor.user_id}
    tx.execute(insert(Draft).values(**dict(row._mapping) | new | {"user_id": user_id}))
    closed = update(Draft).where(*own, Draft.id == row.id)
    tx.execute(closed.values(content=None, closed_at=clock.now()))
    return True


def _check(sent: SentDraft) -> None:
    for each in (sent.draft_id, sent.page_id):
        _check_id(each)
    if not (0 <= sent.base <= _LAST and 0 < sent.revision <= _LAST):
        raise QueryInvalid(reason="a revision of a draft is a whole number, one of its base as well")
    check_bytes([sent.values, sent.before, list(sent.files)])
    for content in (sent.values, sent.before):
        if (hostile := check_size(content)) is not None:
            raise FormInvalid([hostile])


def _check_id(draft_id: str) -> None:
    if not _ID.fullmatch(draft_id):
        raise QueryInvalid(reason="the id of a draft has 32 hexadecimal digits")


def _lock(tx: Connection, actor: Actor, place: Place) -> tuple[CaseKey | None, str | None]:
    """``_hold`` an open place; returns the key of its case and who has the task, None and None at a start."""
    key = None
    if place.ended_at is not None:
        raise TaskClosed(id=place.task_id)
    if place.instance_id is not None:
        found = keys_of(tx).find(place.key_id) if place.key_id else key_of_case(tx, place.instance_id)
        if found is None:
            raise InstanceErased(id=place.instance_id)
        key = found
    task = _hold(tx, actor, place)
    if task is None:
        return key, None
    if task.ended_at is not None:
        raise TaskClosed(id=place.task_id)
    return key, task.assignee


def _own_key(tx: Connection, own: Row[Any] | None) -> CaseKey:
    """The key of a draft that belongs to no case yet, a new one for a new draft. Raises ``DraftClosed`` where
    it was destroyed: then an older backup has brought the row back."""
    if own is None:
        return keys_of(tx).take()
    found = keys_of(tx).readable(own.key_id)
    if found is None:
        raise DraftClosed
    return found


def _hold(tx: Connection, actor: Actor, place: Place) -> Row[Any] | None:
    """Let nobody else save, send, throw away or take the task there until this transaction ends; how the task
    stands now."""
    if place.task_id is not None:
        row: Any = select(UserTask.ended_at, UserTask.assignee).where(UserTask.id == place.task_id)
        task: Row[Any] = tx.execute(row.with_for_update(key_share=True)).one()
        return task
    writer = select(User.id).where(User.id == actor.user_id)
    tx.execute(writer.with_for_update(key_share=True)).one()
    return None


def _kept(tx: Connection, actor: Actor, place: Place) -> Kept:
    more = Draft.page_id, Draft.key_id, Draft.closed_at, Draft.instance_id, Draft.report_id
    query = versions(actor, place, *more)
    return {row.id: row for row in tx.execute(query)}


def _own(kept: Kept, sent: SentDraft) -> Row[Any] | None:
    """The version that a page goes on with; None where it is to have a new one. Raises ``DraftClosed``."""
    own = next((row for row in kept.values() if row.page_id == sent.page_id), None)
    row = own or kept.get(sent.draft_id)
    if row is None and sent.draft_id == sent.page_id:
        return None  # the page begins one
    if row is None or row.closed_at is not None:
        raise DraftClosed
    return row if own or row.revision == sent.base else None


def _apart(tx: Connection, place: Place, row: Row[Any] | None) -> dict[str, Any]:
    """The columns of a start form's version that stands by itself, and of what goes on with it: another
    report was begun beside it, or it was left behind when a case was opened. Empty for any other. Nobody
    erases that case meanwhile; raises ``DraftClosed`` where it has been erased."""
    if row is None or place.task_id is not None or not row.set_aside:
        return {}
    if row.business_key is None:
        return {"set_aside": True}
    erased = select(ProcessInstance.erased_at).where(ProcessInstance.id == row.instance_id)
    if tx.scalars(erased.with_for_update(key_share=True)).one() is not None:
        raise DraftClosed
    return {"set_aside": True, "instance_id": row.instance_id}


def _add(
    tx: Connection,
    actor: Actor,
    place: Place,
    key: CaseKey,
    sent: SentDraft,
    content: bytes,
    kept: Kept,
    apart: dict[str, Any],
) -> DraftVersion:
    if sum(row.closed_at is None for row in kept.values()) >= MOST_VERSIONS:
        raise VariableInvalid(name="draft", reason=N_("there are too many versions of it; throw some away"))
    own = uuid4().hex if sent.page_id in kept else sent.page_id
    began = kept.get(sent.draft_id)  # what the page has gone on with
    at, device = clock.now(), sent.device[:LONGEST_DEVICE]
    values = {
        "page_id": sent.page_id,
        "revision": sent.revision,
        "saved_at": at,
        "device": device,
        "report_id": None if place.task_id else began.report_id if began else own,
        "key_id": key.id if place.task_id is None else None,
        "content": content,
        "closed_at": None,
    }
    tx.execute(insert(Draft).values(**_placed(actor, place, own) | values | apart))
    case = began.business_key if began and apart else None
    return DraftVersion(own, sent.revision, at, device, bool(apart), case)


def _placed(actor: Actor, place: Place, draft_id: str) -> dict[str, Any]:
    """The columns that say whose a version is, and where."""
    return {
        "user_id": actor.user_id,
        "id": draft_id,
        "agency_id": place.agency_id,
        "instance_id": place.instance_id,
        "task_id": place.task_id,
        "process_key": place.process_key,
        "set_aside": False,
    }


def _renew(
    tx: Connection, actor: Actor, own: Row[Any], sent: SentDraft, content: bytes, *, aside: bool
) -> DraftVersion:
    values: dict[str, Any] = {
        "page_id": sent.page_id,
        "revision": max(sent.revision, own.revision + 1),
        "saved_at": clock.now(),
        "device": sent.device[:LONGEST_DEVICE],
        "set_aside": aside,
        "content": content,
    }
    tx.execute(update(Draft).where(Draft.user_id == actor.user_id, Draft.id == own.id).values(**values))
    saved = values["revision"], values["saved_at"], values["device"]
    return DraftVersion(own.id, *saved, aside, own.business_key)


def _rivals(kept: Kept, own: Row[Any] | None) -> list[DraftVersion]:
    """Versions that stand beside one's own, undecided."""
    return [version_of(row) for row in kept.values() if row is not own and _is_current(row)]


def _is_current(row: Row[Any]) -> bool:
    return row.closed_at is None and not row.set_aside


def _close(tx: Connection, actor: Actor, place: Place, draft_id: str) -> None:
    """Take out what a version holds and leave a mark in its place, also where none has been saved yet."""
    at = clock.now()
    own = update(Draft).where(of_place(actor, place), Draft.id == draft_id)
    closed = own.values(content=None, closed_at=func.coalesce(Draft.closed_at, at))
    if tx.execute(closed).rowcount:
        return
    mark = {
        "page_id": draft_id,
        "revision": 0,
        "saved_at": at,
        "device": "",
        "key_id": None,
        "content": None,
        "closed_at": at,
    }
    tx.execute(insert(Draft).values(**_placed(actor, place, draft_id), **mark))
