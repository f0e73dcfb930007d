"""What is going on: instances with their variables, and what they wait for from people and messages.

Invariants, kept by one transaction a command:

* a row of ``user_task`` without ``ended_at``, of ``subscription``, of ``external_task`` and of ``job`` (kinds
  ``timer`` and ``async``) stands for exactly one live token in ``process_instance.state``, and has its id;
* ``process_instance.revision`` grows by one with every command; an update that does not find the revision it
  read changes nothing (``ConcurrentUpdate``).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name

_OPEN: dict[str, Any] = {
    "sqlite_where": text("ended_at IS NULL"),
    "postgresql_where": text("ended_at IS NULL"),
}
"""Indexes of what is open stay as small as that is, however many cases have ended."""

_URGENCY = ("due_at", text("priority DESC"), "created_at", "id")
"""The order of the inbox, so that its first page is read from an index and nothing is sorted."""


class ProcessInstance(Base):
    """``outcome`` is None while open, then ``completed`` or ``cancelled``; ``state`` is the interpreter's.

    ``variables``: all open ones, one document (``engine.store.documents``): a step reads and writes them as a
    whole. ``sealed``: names of those that came from fields marked ``rahasia``; their values are in
    ``secrets``, sealed with the key ``key_id`` of the key store (``engine.secrecy``), and show in no list,
    title, URL or log. ``erased_at``: when that key was destroyed. ``due_at``: of what is most urgent, an open
    task or a running clock (``CaseClock``). ``start_element_id``, ``submitted``, ``submitted_secrets``: where
    it began, and what was filled in there. ``reason``: sealed text. ``suspended``: nothing of it moves
    until it is activated again; its jobs and external tasks carry the flag too, so that no query for work
    needs a join. ``pseudonym``: ``pseudonym_of(id)``, kept so that a case is found by it without reading all.
    """

    __tablename__ = "process_instance"
    __table_args__ = (
        UniqueConstraint("agency_id", "business_key"),
        Index(None, "agency_id", "started_at"),
        Index(None, "agency_id", "ended_at"),
        Index(None, "agency_id", "pseudonym"),
        Index(None, "agency_id", "definition_key", "ended_at"),
        Index("ix_process_instance_open", "agency_id", "started_at", **_OPEN),
        Index("ix_process_instance_due", "agency_id", "due_at", "started_at", "id", **_OPEN),
        Index("ix_process_instance_version", "definition_id", **_OPEN),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    definition_id: Mapped[Name] = mapped_column(ForeignKey("process_definition.id"))
    definition_key: Mapped[Name]
    business_key: Mapped[Name]
    state: Mapped[bytes]
    variables: Mapped[bytes]
    secrets: Mapped[bytes | None]
    key_id: Mapped[Id | None]
    sealed: Mapped[JsonValue]
    revision: Mapped[int]
    started_at: Mapped[datetime]
    started_by: Mapped[Id]
    due_at: Mapped[datetime | None]
    start_element_id: Mapped[Name | None]
    submitted: Mapped[JsonValue | None]
    submitted_secrets: Mapped[bytes | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    end_element_id: Mapped[str | None]
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())
    erased_at: Mapped[datetime | None]
    pseudonym: Mapped[Name] = mapped_column(default="", server_default="")


class UserTask(Base):
    """A user task, open while ``ended_at`` is None, then ``completed`` or ``cancelled`` (``outcome``).

    ``queue``: the candidate group where there is exactly one and nobody is named, as nearly always; else
    None, and ``task_candidate`` says who may take it. ``definition_key`` is the instance's, ``process_key``
    that of the process that ``element_id`` stands in: another one where a call activity has called it.
    ``submitted``: the values that were accepted when it was completed: a later round of the same step
    overwrites variables, never this. ``submitted_secrets``: those of them that are sealed. ``due_at``: the
    earlier of ``own_due_at``, the diagram's own, and that of the case's clock ``clock_id``, the one that
    counts for this task and is due first (None: the diagram's own is, or no clock counts); ``risk_at``: from
    when on it is at risk. ``owner``, ``delegation_state``:
    Camunda's; while it is ``PENDING`` the assignee does the work for the owner.
    """

    __tablename__ = "user_task"
    __table_args__ = (
        Index("ix_user_task_open", "agency_id", *_URGENCY, **_OPEN),
        Index("ix_user_task_queue", "agency_id", "queue", *_URGENCY, **_OPEN),
        Index("ix_user_task_assignee", "assignee", "agency_id", *_URGENCY, **_OPEN),
        Index(None, "instance_id", "queue"),
    )

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    queue: Mapped[Id | None]
    definition_key: Mapped[Name]
    process_key: Mapped[Name]
    element_id: Mapped[Name]
    name: Mapped[Name]
    form_key: Mapped[str | None]
    assignee: Mapped[Id | None]
    groups: Mapped[JsonValue]
    users: Mapped[JsonValue]
    priority: Mapped[int]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    own_due_at: Mapped[datetime | None]
    risk_at: Mapped[datetime | None]
    clock_id: Mapped[Id | None]
    follow_up_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[Id | None]
    outcome: Mapped[str | None]
    submitted: Mapped[JsonValue | None]
    submitted_secrets: Mapped[bytes | None]
    owner: Mapped[Id | None]
    delegation_state: Mapped[Id | None]


class TaskCandidate(Base):
    """Who may take a task that has no ``queue``: ``kind`` is ``group`` or ``user``. Kept after its end: they
    may look back."""

    __tablename__ = "task_candidate"

    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"), primary_key=True)
    task_id: Mapped[Id] = mapped_column(ForeignKey("user_task.id"), primary_key=True)
    kind: Mapped[Id] = mapped_column(primary_key=True)
    candidate: Mapped[Id] = mapped_column(primary_key=True)


class Subscription(Base):
    """A token that waits for a message or a signal (``kind``) by its name."""

    __tablename__ = "subscription"
    __table_args__ = (Index(None, "agency_id", "name"), Index(None, "instance_id"))

    id: Mapped[Id] = mapped_column(primary_key=True)
    instance_id: Mapped[Id] = mapped_column(ForeignKey("process_instance.id"))
    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"))
    element_id: Mapped[Name]
    name: Mapped[Name]
    kind: Mapped[Id] = mapped_column(default="message", server_default="message")


class RegistrationCounter(Base):
    """The last registration number drawn for an agency in a year. Numbers are never given back."""

    __tablename__ = "registration_counter"

    agency_id: Mapped[Id] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
