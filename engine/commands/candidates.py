"""Who a user task is for and when it is due, from its Camunda attributes.

What arrives in a form may name a person, but it cannot give rights: an assignee who is no active member of
the task's candidate groups is not set, nor one who has drafted what the task signs.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.catalog import remembered
from engine.commands.due import resolve_due
from engine.commands.sealing import require_unsealed
from engine.commands.unit import Work
from engine.definitions.model import Element, expression_in, names_in
from engine.interpreter import Waiting
from engine.queries.absences import acting_groups
from engine.queries.four_eyes import doers
from engine.store.tables import Membership, User
from engine.types import ROLES, HistoryKind

DEFAULT_PRIORITY = 50
"""Camunda's default priority of a user task."""

MAX_PRIORITY = 1_000_000
MAX_NAME = 64
"""The longest id of a user or group; a longer text names nobody."""


def candidates_of(work: Work, waiting: Waiting, element: Element) -> tuple[list[str], list[str], str | None]:
    """Candidate groups, candidate users and the assignee (or None) of a new user task."""
    groups_said, users_said = element.candidate_groups_expression, element.candidate_users_expression
    groups = _names(work, waiting, groups_said) or element.candidate_groups
    groups = [group for group in dict.fromkeys(groups) if group not in ROLES]
    users = [*(_names(work, waiting, users_said) or element.candidate_users)]
    for text, what in ((groups_said, "the candidate groups"), (users_said, "the candidate users")):
        require_unsealed(work, element.id, text, what)
    named = _names(work, waiting, element.attributes.get("assignee"))
    assignee = named[0] if named else None
    if assignee and not may_have(work.tx, work.instance.agency_id, assignee, groups, users):
        assignee = None
    if assignee and _has_drafted(work, waiting, element, assignee):
        assignee = None
    return groups, users, assignee


def _has_drafted(work: Work, waiting: Waiting, element: Element, user_id: str) -> bool:
    """Whether a person has done what this task answers for; the step being completed has no end yet."""
    now = any(
        event.kind == HistoryKind.TASK_COMPLETED and event.element_id in element.four_eyes
        for event in work.events
    )
    done = doers(work.tx, work.instance.id, work.deployed, waiting.process_key, element)
    return user_id in done or (now and user_id == work.actor.user_id)


def _names(work: Work, waiting: Waiting, text: str | None) -> Sequence[str]:
    """A comma separated list as it stands, or what a FEEL expression (``=...``) gives."""
    expression = expression_in(text)
    if expression is None:
        return names_in(text or "")
    value = work.workflow.evaluate(waiting.token_id, expression)
    values = value if isinstance(value, list) else [value]
    return [v.strip() for v in values if isinstance(v, str) and 0 < len(v.strip()) <= MAX_NAME]


def may_have(
    tx: Connection, agency_id: str, user_id: str, groups: Sequence[str], users: Sequence[str]
) -> bool:
    """Whether a task with these candidates can be given to a user: an active worker of the agency who is one
    of them, or any where it names nobody (or nobody could ever do it)."""
    if user_id in users or not (groups or users):
        return is_member(tx, agency_id, user_id, None)
    return is_member(tx, agency_id, user_id, groups)


def is_member(tx: Connection, agency_id: str, user_id: str, groups: Sequence[str] | None) -> bool:
    """Whether an active user holds one of the groups in the agency (None: any candidate group), or acts in
    one for somebody who is away."""
    held = remembered(tx, ("groups", agency_id, user_id), lambda: _groups(tx, agency_id, user_id))
    if held - ROLES if groups is None else held.intersection(groups):
        return True
    return bool(held - ROLES) and not acting_groups(tx, agency_id, user_id).keys().isdisjoint(groups or ())


def _groups(tx: Connection, agency_id: str, user_id: str) -> frozenset[str]:
    query = (
        select(Membership.group_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.agency_id == agency_id, Membership.user_id == user_id, User.active)
    )
    return frozenset(tx.scalars(query))


def priority_of(work: Work, waiting: Waiting, element: Element) -> int:
    """``camunda:priority``, a number or FEEL; 50 where it says nothing."""
    text = element.attributes.get("priority", "")
    value: Any = work.workflow.evaluate(waiting.token_id, text) if text.startswith("=") else text
    try:
        priority = int(value)
    except (TypeError, ValueError, OverflowError):
        return DEFAULT_PRIORITY
    return priority if abs(priority) <= MAX_PRIORITY else DEFAULT_PRIORITY


def machine_priority(work: Work, waiting: Waiting, attribute: str) -> int:
    """``camunda:taskPriority`` or ``jobPriority``, the element's or its process's: a number or FEEL; 0, as
    in Camunda, where there is none."""
    process = work.deployed.processes[waiting.process_key]
    element = process.elements[waiting.element_id]
    own = element.attributes.get(attribute) or element.implementation.get(attribute)
    text = own or process.attributes.get(attribute) or ""
    value: Any = work.workflow.evaluate(waiting.token_id, text) if text.startswith("=") else text
    try:
        priority = int(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return priority if abs(priority) < 2**31 else 0


def moment_of(work: Work, waiting: Waiting, element: Element, attribute: str) -> datetime | None:
    """``camunda:dueDate`` or ``followUpDate``: ISO 8601 or FEEL, a date or a duration from now."""
    text = element.attributes.get(attribute, "")
    value: Any = work.workflow.evaluate(waiting.token_id, text) if text.startswith("=") else text
    if not value:
        return None
    is_duration = isinstance(value, str) and value.lstrip("-").startswith("P")
    return resolve_due("timeDuration" if is_duration else "timeDate", value, work.at, work.zone, element.id)
