"""What has happened in a case."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class HistoryKind(StrEnum):
    """What a history event tells."""

    INSTANCE_STARTED = "instance_started"
    INSTANCE_ENDED = "instance_ended"
    INSTANCE_CANCELLED = "instance_cancelled"
    INSTANCE_SUSPENDED = "instance_suspended"
    INSTANCE_ACTIVATED = "instance_activated"
    INSTANCE_MODIFIED = "instance_modified"
    INSTANCE_MIGRATED = "instance_migrated"
    MIGRATION_UNDONE = "migration_undone"
    ACTIVITY_ENTERED = "activity_entered"
    ACTIVITY_COMPLETED = "activity_completed"
    ACTIVITY_CANCELLED = "activity_cancelled"
    ACTIVITY_MIGRATED = "activity_migrated"
    TASK_CLAIMED = "task_claimed"
    TASK_UNCLAIMED = "task_unclaimed"
    TASK_ASSIGNED = "task_assigned"
    TASK_HANDED_OVER = "task_handed_over"
    TASK_DELEGATED = "task_delegated"
    TASK_RESOLVED = "task_resolved"
    TASK_RELEASED = "task_released"
    """Taken from somebody who may not have it any more. ``released_from``; ``assignee``: to whom it went."""
    TASK_COMPLETED = "task_completed"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"
    COMMENT_ADDED = "comment_added"
    COMMENT_REMOVED = "comment_removed"
    VARIABLES_SET = "variables_set"
    CASE_SHARED = "case_shared"
    SHARE_REVOKED = "share_revoked"
    MESSAGE_RECEIVED = "message_received"
    SIGNAL_RECEIVED = "signal_received"
    JOB_CHANGED = "job_changed"
    EXTERNAL_TASK_COMPLETED = "external_task_completed"
    EXTERNAL_TASK_FAILED = "external_task_failed"
    EXTERNAL_TASK_ERROR = "external_task_error"
    TIMER_FIRED = "timer_fired"
    DEADLINE_BREACHED = "deadline_breached"
    """``clock``: its id; ``due``: ISO 8601."""
    DEADLINE_MOVED = "deadline_moved"
    """``clock``; ``from``, ``to``: ISO 8601 or None; ``why``: ``calendar``, ``profile``, ``variable``."""
    CLOCK_STOPPED = "clock_stopped"
    """Tokens were moved by hand past what stops it. ``clock``."""
    CLOCK_STARTED = "clock_started"
    """Tokens were moved by hand past what starts it, or back before what stopped it. ``clock``; ``due``: ISO
    8601 or None."""
    IDENTITY_OPENED = "identity_opened"
    ERASURE_REQUESTED = "erasure_requested"
    ERASURE_WITHDRAWN = "erasure_withdrawn"
    INSTANCE_ERASED = "instance_erased"


@dataclass(frozen=True)
class HistoryView:
    """One history event (``HistoryKind``); ``details`` never holds the value of a variable."""

    seq: int
    instance_id: str
    agency_id: str
    at: datetime
    user_id: str
    kind: str
    process_key: str | None
    element_id: str | None
    element_type: str | None
    element_name: str | None
    token_id: str | None
    via: str | None
    details: dict[str, Any]


@dataclass(frozen=True)
class ActivityView:
    """One stay of a token at an element: entered, and left or not."""

    token_id: str
    instance_id: str
    agency_id: str
    definition_id: str
    definition_key: str
    element_id: str
    element_name: str
    element_type: str
    started_at: datetime
    ended_at: datetime | None
    cancelled: bool
    assignee: str | None
