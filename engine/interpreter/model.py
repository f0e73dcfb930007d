"""What goes in and out of the interpreter, as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Scopes = dict[str, dict[str, Any]]
"""Scope id -> name -> JSON value. ``p:`` is the process instance, ``p:<token>`` a called process, ``<token>``
one item of a multi-instance or loop."""

MAIN_SCOPE = "p:"

WaitingKind = Literal["user_task", "external_task", "timer", "message", "signal", "condition", "async"]
StepKind = Literal["entered", "completed", "cancelled"]


@dataclass(frozen=True)
class Thrown:
    """A message or signal that an instance has thrown, for others.

    ``name``: of the message or signal. ``values``: what the diagram lets it carry (``camunda:in``; JSON).
    ``business_key``: whom it is for, where the diagram says so. ``process_key``, ``element_id``: who threw.
    """

    kind: Literal["message", "signal"]
    name: str
    values: Mapping[str, Any]
    business_key: str | None
    process_key: str
    element_id: str


@dataclass
class Host:
    """What the interpreter asks of whoever stores the instance.

    ``scopes``: the variables, read and written in place; the scopes of items and called processes that have
    ended are deleted, and for ``load`` an empty one may be left out. ``decide``: Camunda attributes of a
    business rule task and the variables that it sees -> the JSON value for its ``resultVariable``.
    ``resolve_due``: (``timeDate``, ``timeDuration`` or ``timeCycle``, its JSON value) -> an aware moment;
    asked once each time a timer is armed. ``outbox``: what the instance has thrown, in order, for the host to
    deliver. Signals have been delivered inside the instance already; messages have not.
    """

    scopes: Scopes
    decide: Callable[[Mapping[str, str], Mapping[str, Any]], Any]
    resolve_due: Callable[[str, Any], datetime]
    outbox: list[Thrown] = field(default_factory=list)


@dataclass(frozen=True)
class Waiting:
    """A token, or a listener, that something outside must move.

    ``user_task`` and ``external_task`` are completed, the others triggered; a ``condition`` moves by itself
    when variables change; an ``async`` token waits for a job before or after its element. ``token_id`` stays
    the same until then. ``name``: of the message or signal, or the topic. ``due``: of the timer, aware.
    ``boundary``: no token stands there; it is a boundary event, or the start event of an event sub-process,
    that listens while tokens are elsewhere.
    """

    token_id: str
    process_key: str
    element_id: str
    kind: WaitingKind
    name: str | None = None
    due: datetime | None = None
    boundary: bool = False


@dataclass(frozen=True)
class Step:
    """One thing that happened to a token at an element of the diagram.

    ``via``: the element that the token came from over a sequence flow or link; for a boundary event, the
    activity that it is attached to; None at a start. Boundary events, event sub-processes and events behind
    an event-based gateway are entered when they fire. Items of a multi-instance are entered one by one, each
    with its own token; their common activity leaves no step of its own. A token that a join swallows is
    completed.
    """

    kind: StepKind
    token_id: str
    process_key: str
    element_id: str
    via: str | None = None


class TokenNotOpen(ValueError):
    """No token with this id waits for what was tried: it has moved on, or never was."""

    def __init__(self, token_id: str) -> None:
        self.token_id = token_id
        super().__init__(f"token {token_id} is not open for this")
