"""What a case waits for besides people: what the system does by itself, what comes from outside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from engine import (
    ExternalTaskFilter,
    ExternalTaskView,
    JobFilter,
    JobView,
    SubscriptionFilter,
    list_external_tasks,
    list_jobs,
    list_subscriptions,
)
from engine.clock import now
from engine.errors import N_
from engine.types import Actor, InstanceView
from webapp.cockpit.steps import step_names
from webapp.db import database
from webapp.i18n import gettext
from webapp.retold import retold
from webapp.times import span


@dataclass(frozen=True)
class Wait:
    """One thing that a case waits for. ``at``: when it is due, None where nobody knows; ``left``: till then.

    ``note``: what else is to be said.
    """

    icon: str
    step: str
    what: str
    at: datetime | None = None
    left: str = ""
    note: str = ""


_JOBS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "timer": ("hourglass", N_("Goes on when the time has come:")),
        "async": ("clock", N_("The system goes on by itself:")),
        "message": ("clock", N_("The system passes a message on to another case:")),
        "signal": ("clock", N_("The system passes a signal on to other cases:")),
    }
)
"""By the kind of a job: an icon, and what happens. A clock's job is told with the clocks of the case."""


def waits_of(actor: Actor, view: InstanceView) -> list[Wait]:
    """What an open case waits for, the earliest first; what has no time comes last.

    What has failed for good is not waited for: it is an incident.
    """
    names = step_names(actor, view.agency_id, view.definition_id, view.definition_key)
    found = [*_jobs(actor, view, names), *_programs(actor, view, names), *_messages(actor, view, names)]
    return sorted(found, key=lambda wait: (wait.at is None, wait.at or view.started_at))


def _jobs(actor: Actor, view: InstanceView, names: Mapping[str, str]) -> Iterator[Wait]:
    wanted = JobFilter(instance_id=view.id, with_retries=True, kinds=tuple(_JOBS))
    for job in list_jobs(database(), actor, wanted):
        icon, what = _JOBS[job.kind]
        called = job.process_key not in (None, view.definition_key)
        place = actor, view.agency_id, view.definition_id, job.process_key
        known = step_names(*place) if called else names
        step = known.get(job.element_id or "", job.element_id or "")
        left = job.due_at - now()
        words = gettext("%(span)s left", span=span(left)) if left > timedelta(0) else gettext("now.")
        yield Wait(icon, step, gettext(what), job.due_at, words, _failure(job, known))


def _failure(job: JobView, names: Mapping[str, str]) -> str:
    if job.error is None:
        return ""
    cause = retold(job.error, names)
    return gettext("It failed the last time and is tried again: %(cause)s", cause=cause)


def _programs(actor: Actor, view: InstanceView, names: Mapping[str, str]) -> Iterator[Wait]:
    wanted = ExternalTaskFilter(instance_id=view.id, with_retries=True)
    for task in list_external_tasks(database(), actor, wanted):
        what = gettext("Another program does this (topic %(topic)s).", topic=task.topic)
        step = names.get(task.element_id, task.element_id)
        yield Wait("clock", step, what, note=_worker(task))


def _worker(task: ExternalTaskView) -> str:
    if task.worker_id is not None and task.lock_expires_at is not None and task.lock_expires_at > now():
        left = span(task.lock_expires_at - now())
        return gettext("%(worker)s has it, for another %(span)s.", worker=task.worker_id, span=left)
    return gettext("No program has fetched it yet.")


def _messages(actor: Actor, view: InstanceView, names: Mapping[str, str]) -> Iterator[Wait]:
    for waiting in list_subscriptions(database(), actor, SubscriptionFilter(instance_id=view.id)):
        told = (
            gettext("Waits for the message “%(name)s”.", name=waiting.name)
            if waiting.kind == "message"
            else gettext("Waits for the signal “%(name)s”.", name=waiting.name)
        )
        yield Wait("inbox", names.get(waiting.element_id, waiting.element_id), told)
