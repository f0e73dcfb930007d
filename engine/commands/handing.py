"""Giving one's task to a colleague: for good, or for the work only (Camunda's delegation).

``delegate`` makes who has the task its owner and the colleague its assignee, and the state ``PENDING``:
nobody completes it then. ``resolve`` gives it back to the owner, who completes it. What is written along is a
comment at the task, sealed like all of them. Rights stay what they are: the colleague must be a candidate of
the task, and nobody gets to sign what they have drafted.
"""

from typing import Any

from sqlalchemy import Connection, Row

from engine import access
from engine.access import Action
from engine.commands.candidates import may_have
from engine.commands.case_keys import key_of_case
from engine.commands.commenting import case_of, check_message, write_comment
from engine.commands.drafts import give_draft
from engine.commands.note_drafts import drop_note
from engine.commands.notifying import notify
from engine.commands.task_rows import (
    require_candidate,
    require_not_delegated,
    require_open,
    set_assignee,
    visible_task,
    workable_task,
)
from engine.errors import N_, ActionForbidden, UserNotFound
from engine.queries.task_forms import read_task
from engine.store import Database, writing
from engine.types import Actor, DelegationState, HistoryKind, TaskView
from engine.types.comments import CommentAction
from engine.types.drafts import NotePlace
from engine.types.notifications import NotificationKind


def hand_over_task(
    database: Database,
    actor: Actor,
    task_id: str,
    user_id: str,
    note: str = "",
    *,
    with_draft: bool = False,
) -> TaskView:
    """Give a task that the actor has to a colleague, for good, with a ``note`` that only who works on the
    case reads. ``with_draft``: what the actor has typed into its form is the colleague's from then on; then
    the actor has worked on the step (four eyes).

    Raises ``TaskNotFound``, ``TaskClosed``, ``ActionForbidden`` for a task that the actor does not have,
    ``TaskDelegated``, ``UserNotFound`` for who is no candidate, ``SecondPersonNeeded``, ``CommentRefused``.
    """
    with writing(database) as tx:
        task = _own(tx, actor, task_id, user_id)
        said = _write(tx, actor, task, CommentAction.HAND_OVER, note, user_id)
        if with_draft and give_draft(tx, actor, task_id, user_id):
            said["draft"] = True
        set_assignee(tx, actor, task, user_id, HistoryKind.TASK_HANDED_OVER, **said)
        _notify(tx, NotificationKind.TASK_HANDED_OVER, actor, task, user_id)
        return read_task(tx, task_id)


def delegate_task(database: Database, actor: Actor, task_id: str, user_id: str, note: str = "") -> TaskView:
    """Ask a colleague to do the work of a task that the actor has, and to give it back to be completed.

    Raises as ``hand_over_task``.
    """
    with writing(database) as tx:
        task = _own(tx, actor, task_id, user_id)
        said = _write(tx, actor, task, CommentAction.DELEGATE, note, user_id)
        pending: dict[str, Any] = {"owner": actor.user_id, "state": DelegationState.PENDING}
        set_assignee(tx, actor, task, user_id, HistoryKind.TASK_DELEGATED, **pending, **said)
        _notify(tx, NotificationKind.TASK_DELEGATED, actor, task, user_id)
        return read_task(tx, task_id)


def resolve_task(database: Database, actor: Actor, task_id: str, note: str = "") -> TaskView:
    """Give a delegated task back to its owner: by who does it, by the owner, or by the agency's ``manajer``.
    Nothing happens to one that is not delegated.

    An owner who is no candidate any more does not get it: it goes back to its groups. Raises
    ``TaskNotFound``, ``TaskClosed``, ``ActionForbidden``, ``CommentRefused``.
    """
    with writing(database) as tx:
        task = visible_task(tx, actor, task_id)
        require_open(task)
        if task.delegation_state != DelegationState.PENDING:
            return read_task(tx, task_id)
        if actor.user_id not in (task.assignee, task.owner):
            access.require(actor, Action.ASSIGN, task.agency_id)
        said = _write(tx, actor, task, CommentAction.RESOLVE, note, task.owner)
        there = may_have(tx, task.agency_id, task.owner, task.groups, task.users)
        resolved: dict[str, Any] = {"owner": task.owner, "state": DelegationState.RESOLVED}
        back, state = (task.owner, resolved) if there else (None, {})
        set_assignee(tx, actor, task, back, HistoryKind.TASK_RESOLVED, **state, **said)
        if there and task.owner != actor.user_id:
            _notify(tx, NotificationKind.TASK_RESOLVED, actor, task, task.owner)
        return read_task(tx, task_id)


def _own(tx: Connection, actor: Actor, task_id: str, user_id: str) -> Row[Any]:
    """An open task that the actor has and can give to ``user_id``."""
    task = workable_task(tx, actor, task_id)
    if task.assignee != actor.user_id:
        raise ActionForbidden(action=N_("hand over a task that you do not have"))
    require_not_delegated(task)
    if user_id == actor.user_id:
        raise UserNotFound(id=user_id)
    require_candidate(tx, actor, task, user_id)
    return task


def _write(
    tx: Connection, actor: Actor, task: Row[Any], action: CommentAction, note: str, receiver: str | None
) -> dict[str, Any]:
    """Keep a note as a comment at the task, where there is one, and tell whom it names, but for who gets the
    task; for the history, its id. What was typed for it and not sent is kept no more."""
    key_of_case(tx, task.instance_id)  # before the note, as whoever saves it does
    drop_note(tx, actor, NotePlace(task.instance_id, task.id))
    if not note.strip():
        return {}
    named = check_message(tx, task.instance_id, note, receiver)
    others = set(named) - {actor.user_id, receiver}
    about = {"by": actor.user_id}
    where: dict[str, Any] = {"instance_id": task.instance_id, "task_id": task.id, "about": about}
    notify(tx, NotificationKind.MENTIONED, task.agency_id, others, **where)
    place: dict[str, Any] = {"task_id": task.id, "mentions": named, "action": action}
    return {"comment": write_comment(tx, actor, case_of(tx, task.instance_id), note, **place)}


def _notify(tx: Connection, kind: NotificationKind, actor: Actor, task: Row[Any], user_id: str) -> None:
    about = {"by": actor.user_id, "element_id": task.element_id}
    place: dict[str, Any] = {"instance_id": task.instance_id, "task_id": task.id, "about": about}
    notify(tx, kind, task.agency_id, [user_id], **place)
