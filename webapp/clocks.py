"""The clocks of a case as its pages show them: how each stands, and why it is due when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.clock import now
from engine.desk import ClockKind, ClockOutcome, ClockStand, ClockView, case_clocks
from engine.errors import N_
from engine.types import Actor, TaskView
from webapp.agencies import clock_waits, zone_of
from webapp.db import database
from webapp.deadlines.words import amount_words, explanation
from webapp.i18n import gettext
from webapp.times import DueState, due_state, moment, span

_ENDED = {
    ClockOutcome.MET: ("aman", "check", N_("kept")),
    ClockOutcome.LATE: ("lewat", "alert", N_("missed")),
    ClockOutcome.UNSET: ("tanpa", "clock", N_("ended before it had a deadline")),
    ClockOutcome.CANCELLED: ("tanpa", "pause", N_("ended with the case")),
    ClockOutcome.SKIPPED: ("tanpa", "pause", N_("stopped: the case was moved past its step")),
}
"""What is said of a clock that has ended: kind of state, icon, words."""


@dataclass(frozen=True)
class ClockCard:
    """A clock of a case. ``state``: how it stands; ``facts``: what is told beside that, ``reasons``: why it
    is due when it is, both in sentences. ``basis``: the words of the service standard."""

    id: str
    name: str
    state: DueState
    due_at: datetime | None
    open: bool
    facts: Sequence[str]
    reasons: Sequence[str]
    basis: str
    note: str


@dataclass(frozen=True)
class CaseClocks:
    """``open`` ones, the most urgent first, and the ``ended``. ``early``: what a step is told that would end
    the case sooner than the standard says."""

    open: Sequence[ClockCard]
    ended: Sequence[ClockCard]
    early: Sequence[str] = ()

    def of(self, task: TaskView) -> ClockCard | None:
        """The clock that says when a task is due."""
        return next((card for card in self.open if card.id == task.clock_id), None)


def read_case_clocks(
    actor: Actor, instance_id: str, agency_id: str, *, suspended: bool = False, element_id: str = ""
) -> CaseClocks:
    """The clocks of a case that the actor may see; ``element_id``: the step whose page it is.

    Raises ``InstanceNotFound``.
    """
    zone = zone_of(agency_id)
    views = case_clocks(database(), actor, instance_id)
    cards = [_card(view, zone, suspended=suspended) for view in views]
    early = [_early(view, zone) for view in views if _is_early(view, element_id)]
    return CaseClocks([c for c in cards if c.open], [c for c in cards if not c.open], early)


def task_state(task: TaskView) -> DueState:
    """How the deadline of a task stands; one that nobody knows yet says so, and never looks like none."""
    if task.due_at is not None or task.clock_id is None or task.ended_at is not None:
        return due_state(task.due_at, task.created_at, risk_at=task.risk_at)
    waits = clock_waits(task.agency_id, task.clock_id)
    return DueState("tanpa", "clock", _waiting(waits) if waits else gettext(NO_CALENDAR))


NO_CALENDAR = N_("calendar not set yet")
"""The words that issue 6 asks for: 'kalender belum ditetapkan'."""


def _waiting(variable: str) -> str:
    return gettext("deadline not known yet: it waits for %(field)s", field=_field(variable))


def _field(variable: str) -> str:
    return variable.replace("_", " ")


def _card(view: ClockView, zone: str, *, suspended: bool) -> ClockCard:
    return ClockCard(
        id=view.clock_id,
        name=view.name,
        state=_state(view),
        due_at=view.due_at,
        open=view.ended_at is None,
        facts=_facts(view, zone, suspended=suspended),
        reasons=_reasons(view, zone),
        basis=view.basis,
        note=view.note,
    )


def _state(view: ClockView) -> DueState:
    if view.outcome is not None:
        missed = view.due_at is not None and view.ended_at is not None and view.ended_at > view.due_at
        cancelled_late = view.outcome is ClockOutcome.CANCELLED and missed and view.proposed_by is None
        kind, icon, words = _ENDED[ClockOutcome.LATE if cancelled_late else view.outcome]
        return DueState(kind, icon, gettext(words))
    match view.stand:
        case ClockStand.NO_AMOUNT:
            return DueState("tanpa", "clock", _waiting(view.waits_for or ""))
        case ClockStand.NO_CALENDAR:
            return DueState("tanpa", "clock", gettext(NO_CALENDAR))
        case ClockStand.PAUSED:
            return DueState("tanpa", "pause", gettext("paused while the present step is done"))
    return due_state(view.due_at, view.started_at, risk_at=view.warn_at)


def _facts(view: ClockView, zone: str, *, suspended: bool) -> list[str]:
    """What is told beside the state: what was used, the wall clock, that a stopped case goes on ageing."""
    facts = []
    if view.proposed_by and view.waits_for and view.ended_at is None:
        proposal, field = _field(view.proposed_by), _field(view.waits_for)
        facts.append(
            gettext("Provisional, by %(proposal)s, until %(field)s is set.", proposal=proposal, field=field)
        )
    if view.runs is not None and view.used is not None and view.amount is not None:
        used, total = view.used // timedelta(minutes=1), amount_words(view.kind, view.amount)
        facts.append(gettext("%(used)s of %(total)s used.", used=used, total=total))
    if view.kind is ClockKind.WORKING_MINUTES:
        passed = span((view.ended_at or now()) - view.started_at)
        since = moment(view.started_at, zone)
        facts.append(gettext("By the wall clock: %(span)s since %(since)s.", span=passed, since=since))
    if suspended and view.ended_at is None:
        facts.append(gettext("The case is stopped for now, but time goes on."))
    return facts


def _reasons(view: ClockView, zone: str) -> list[str]:
    """When it ran, and how its deadline came about: where it has paused, from when it went on."""
    runs, steps = _runs(view, zone), explanation(view.why) if view.why else []
    return [*runs, *steps[1:]] if runs else steps


def _runs(view: ClockView, zone: str) -> list[str]:
    """When a clock ran that runs only at some steps; nothing where it has not stopped yet."""
    runs = view.runs or ()
    if len(runs) == 1 and runs[0][1] is None:
        return []
    return [
        gettext("It ran from %(first)s until %(last)s.", first=moment(first, zone), last=moment(last, zone))
        if last is not None
        else gettext("It has been running since %(first)s.", first=moment(first, zone))
        for first, last in runs
    ]


def _is_early(view: ClockView, element_id: str) -> bool:
    if view.ended_at is not None or view.earliest_at is None or element_id not in view.asks_at:
        return False
    return now() < view.earliest_at


def _early(view: ClockView, zone: str) -> str:
    assert view.early is not None, "whoever asks says before when"
    assert view.earliest_at is not None, "likewise"
    return gettext(
        "If the case ends before %(moment)s, it took less than %(amount)s. Please say why in the form, where "
        "it asks for the reason. You can go on without it.",
        moment=moment(view.earliest_at, zone),
        amount=amount_words(view.kind, view.early),
    )
