"""Who a user task is for and when it is due, from its Camunda attributes.

What arrives in a form may name a person, but it cannot give rights: an assignee who is no active member of
the task's candidate groups is not set.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from engine.commands.due import resolve_due
from engine.commands.unit import Work
from engine.definitions.model import Element, expression_in, names_in
from engine.interpreter import Waiting
from engine.store.tables import Membership, User
from engine.types import ROLES

DEFAULT_PRIORITY = 50
"""Camunda's default priority of a user task."""


def candidates_of(work: Work, waiting: Waiting, element: Element) -> tuple[list[str], list[str], str | None]:
    """Candidate groups, candidate users and the assignee (or None) of a new user task."""
    groups = _names(work, waiting, element.candidate_groups_expression) or element.candidate_groups
    groups = [group for group in dict.fromkeys(groups) if group not in ROLES]
    users = [*(_names(work, waiting, element.candidate_users_expression) or element.candidate_users)]
    named = _names(work, waiting, element.attributes.get("assignee"))
    assignee = named[0] if named else None
    if assignee and groups and not is_member(work.tx, work.instance.agency_id, assignee, groups):
        assignee = None
    return groups, users, assignee


def _names(work: Work, waiting: Waiting, text: str | None) -> Sequence[str]:
    """A comma separated list as it stands, or what a FEEL expression (``=...``) gives."""
    expression = expression_in(text)
    if expression is None:
        return names_in(text or "")
    value = work.workflow.evaluate(waiting.token_id, expression)
    values = value if isinstance(value, list) else [value]
    return [v.strip() for v in values if isinstance(v, str) and v.strip()]


def is_member(tx: Connection, agency_id: str, user_id: str, groups: list[str]) -> bool:
    """Whether an active user holds one of the groups in the agency."""
    query = (
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.agency_id == agency_id, Membership.user_id == user_id, User.active)
        .where(Membership.group_id.in_(groups))
    )
    return tx.execute(query.limit(1)).first() is not None


def priority_of(work: Work, waiting: Waiting, element: Element) -> int:
    """``camunda:priority``, a number or FEEL; 50 where it says nothing."""
    text = element.attributes.get("priority", "")
    value: Any = work.workflow.evaluate(waiting.token_id, text) if text.startswith("=") else text
    try:
        return int(value)
    except (TypeError, ValueError):
        return DEFAULT_PRIORITY


def moment_of(work: Work, waiting: Waiting, element: Element, attribute: str) -> datetime | None:
    """``camunda:dueDate`` or ``followUpDate``: ISO 8601 or FEEL, a date or a duration from now."""
    text = element.attributes.get(attribute, "")
    value: Any = work.workflow.evaluate(waiting.token_id, text) if text.startswith("=") else text
    if not value:
        return None
    is_duration = isinstance(value, str) and value.lstrip("-").startswith("P")
    return resolve_due("timeDuration" if is_duration else "timeDate", value, work.at, work.zone, element.id)
