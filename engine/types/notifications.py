"""What people are told, as pages and messages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NotificationKind(StrEnum):
    """What has happened. ``about`` of each holds what its sentence needs:

    * ``TASK_ASSIGNED``, ``TASK_HANDED_OVER``, ``TASK_DELEGATED`` (somebody asks for help), ``TASK_RESOLVED``
      (and gives back what was asked for), ``TASK_RETURNED`` (a step that one has done before is to be done
      again, after another's step): ``by`` (user id), ``element_id``;
    * ``DEADLINE_WARNING``, ``DEADLINE_BREACH``: ``clock_id``, ``clock`` (its name), ``due_at`` (ISO 8601),
      ``provisional`` where the amount is only proposed;
    * ``MENTIONED``: ``by``;
    * ``SUBSTITUTING``: ``by``, ``absent``, ``substitute`` (user ids), ``until`` (ISO 8601): one stands in for
      the other.
    """

    TASK_ASSIGNED = "task_assigned"
    TASK_HANDED_OVER = "task_handed_over"
    TASK_DELEGATED = "task_delegated"
    TASK_RESOLVED = "task_resolved"
    TASK_RETURNED = "task_returned"
    DEADLINE_WARNING = "deadline_warning"
    DEADLINE_BREACH = "deadline_breach"
    MENTIONED = "mentioned"
    SUBSTITUTING = "substituting"


@dataclass(frozen=True)
class NotificationView:
    """One thing told to its reader. ``business_key`` is the registration number of the case, ``task_name``
    the step of the task, where there is one; ``told_group``: whose members are told, whether they see the
    case or not; ``read_at`` None while unread."""

    id: str
    agency_id: str
    kind: NotificationKind
    instance_id: str | None
    task_id: str | None
    task_name: str | None
    business_key: str | None
    told_group: str | None
    about: Mapping[str, str | int]
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class Unread:
    """Something not read yet, and what it is about."""

    id: str
    instance_id: str | None
    task_id: str | None
