"""The clocks of open cases as the profile declares them: those that are lacking are worked out from the
history of their case, those that are declared otherwise by now too, and those that are no more go.

``put_agency`` does it where a profile is changed, ``titian init`` after an upgrade from a release that kept
none, and whoever runs jobs where a change has missed a case (``engine.commands.clock_mending``). What was
missed before anybody kept count shows as late from then on, but nobody is told of it as if it were new.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, or_, select
from uuid_utils import uuid7

from engine import catalog, clock
from engine.commands import history
from engine.commands.aligning import Case, align_cases, put_jobs
from engine.commands.clock_stories import clocks_from_history
from engine.commands.deadlines import BATCH, moves, read_clocks_of_cases, recompute
from engine.commands.incidents import resolve_incidents
from engine.deadlines.declarations import RECEIVED, ClockDeclaration, read_clocks
from engine.deadlines.running import ClockState
from engine.queries.calendars import calendar_of
from engine.queries.clocks import columns_of, state_of
from engine.store import Database, hot, writing
from engine.store.tables import Agency, CaseClock, Job, ProcessInstance
from engine.types import SYSTEM, Actor

_COLUMNS = (
    *("id", "agency_id", "definition_id", "definition_key", "started_at"),
    *("variables", "secrets", "key_id"),
)

Declared = Mapping[str, Sequence[ClockDeclaration]]
"""The clocks of a profile, by the process that they belong to."""


class Filled(NamedTuple):
    """``cases``: how many got a clock; ``moved``: how many deadlines that there were are others now."""

    cases: int
    moved: int


def keep_clocks(database: Database) -> int:
    """Give every open case the clocks that its agency declares; returns how many cases got any.

    Where all have theirs, this asks a question an agency. Raises ``ProfileInvalid``.
    """
    with writing(database) as tx:
        catalog.hold_catalog(tx)
        return sum(fill_clocks(tx, SYSTEM, agency.id, agency.profile).cases for agency in agencies_of(tx))


def renew_clocks(tx: Connection, actor: Actor, agency_id: str) -> None:
    """Bring the clocks of an agency's open cases to a profile that has just been changed.

    A clock of another ``shape`` is worked out anew; one whose amount alone is another is only timed anew.
    """
    profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
    fill_clocks(tx, actor, agency_id, profile)
    recompute(tx, agency_id, actor=actor, why="profile")


def agencies_of(tx: Connection) -> Iterable[Row[Any]]:
    """The ids and profiles of all agencies."""
    return tx.execute(select(Agency.id, Agency.profile).order_by(Agency.id)).all()


def fill_clocks(
    tx: Connection,
    actor: Actor,
    agency_id: str,
    profile: Mapping[str, Any],
    instance_ids: Sequence[str] | None = None,
) -> Filled:
    """Give the open cases of an agency the clocks that its profile declares, in place of those that it
    declares no more or otherwise, and tell their history which deadlines have moved by that.

    ``instance_ids``: of these alone. The catalog is held, or being changed, by ``tx``. Raises
    ``ProfileInvalid``.
    """
    declared, filled = read_clocks(profile), Filled(0, 0)
    wrong = or_(_lacks_any(declared), _has_stray(agency_id, declared))
    for rows in _open_cases(tx, agency_id, wrong, instance_ids):
        done = _fill(tx, actor, agency_id, rows, declared)
        filled = Filled(filled.cases + done.cases, filled.moved + done.moved)
    return filled


def cases_to_fill(tx: Connection, agency_id: str, profile: Mapping[str, Any]) -> Sequence[str]:
    """Ids of the open cases of an agency with a clock that its profile does not declare so, or without one
    that begins with the receipt, as none should be. Locks nothing. Raises ``ProfileInvalid``."""
    declared = read_clocks(profile)
    received = {service: [c for c in each if c.start == RECEIVED] for service, each in declared.items()}
    wrong = or_(_lacks_any(received), _has_stray(agency_id, declared))
    return tx.scalars(select(ProcessInstance.id).where(*_open_and(agency_id, wrong))).all()


def _fill(
    tx: Connection, actor: Actor, agency_id: str, rows: Sequence[Row[Any]], declared: Declared
) -> Filled:
    ids = [row.id for row in rows]
    gone = _drop_strays(tx, agency_id, ids, declared)
    found = read_clocks_of_cases(tx, ids)
    lacking = {
        row.id: [c for c in declared.get(row.definition_key, ()) if c.id not in found[row.id][1]]
        for row in rows
    }
    made = clocks_from_history(tx, rows, lacking, gone, calendar_of(tx, agency_id))
    cases = [Case(row.id, row.agency_id, row.definition_id, row.definition_key) for row in rows]
    for case in cases:
        _write(tx, case, made[case.id])
    before = {id: {**found[id][1], **gone[id]} for id in ids}
    align_cases(tx, cases, {id: {**found[id][1], **made[id]} for id in ids}, before)
    told = [(case, moves(gone[case.id], made[case.id], "profile")) for case in cases if gone[case.id]]
    stories = [
        history.Story(case.id, case.agency_id, case.definition_id, events) for case, events in told if events
    ]
    history.write_events_of_many(tx, actor, clock.now(), stories)
    return Filled(sum(map(bool, made.values())), sum(len(story.events) for story in stories))


def _open_cases(
    tx: Connection, agency_id: str, which: ColumnElement[bool], instance_ids: Sequence[str] | None
) -> Iterator[Sequence[Row[Any]]]:
    """The open cases of an agency of which something is true, locked, a batch at a time in one order."""
    last = ""
    columns = [getattr(ProcessInstance, name) for name in _COLUMNS]
    query = select(*columns).where(*_open_and(agency_id, which)).order_by(ProcessInstance.id).limit(BATCH)
    if instance_ids is not None:
        query = query.where(ProcessInstance.id.in_(instance_ids))
    query = query.with_for_update(key_share=True, of=ProcessInstance)
    while rows := tx.execute(query.where(ProcessInstance.id > last)).all():
        yield rows
        last = rows[-1].id


def _open_and(agency_id: str, which: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return ProcessInstance.agency_id == agency_id, ProcessInstance.ended_at.is_(None), which


def _lacks_any(declared: Declared) -> ColumnElement[bool]:
    """Without a row for some clock, which starts with the case, or has started."""
    return or_(false(), *(_lacks(service, c.id) for service, clocks in declared.items() for c in clocks))


def _lacks(service: str, clock_id: str) -> ColumnElement[bool]:
    has = select(CaseClock.id).where(
        CaseClock.instance_id == ProcessInstance.id, CaseClock.clock_id == clock_id
    )
    return and_(ProcessInstance.definition_key == service, ~has.exists())


def _has_stray(agency_id: str, declared: Declared) -> ColumnElement[bool]:
    return ProcessInstance.id.in_(select(CaseClock.instance_id).where(*_stray(agency_id, declared)))


def _stray(agency_id: str, declared: Declared) -> tuple[ColumnElement[bool], ...]:
    """What is true of the open clocks of an agency that its profile declares no more, or otherwise."""
    as_declared = [
        and_(CaseClock.clock_id == c.id, CaseClock.shape == c.shape)
        for clocks in declared.values()
        for c in clocks
    ]
    return CaseClock.agency_id == agency_id, CaseClock.ended_at.is_(None), ~or_(false(), *as_declared)


def _drop_strays(
    tx: Connection, agency_id: str, ids: Sequence[str], declared: Declared
) -> Mapping[str, Mapping[str, ClockState]]:
    """Take away such clocks of some cases, with their jobs; returns how they stood, by case and clock."""
    found: dict[str, dict[str, ClockState]] = defaultdict(dict)
    strays = select(CaseClock.__table__).where(CaseClock.instance_id.in_(ids), *_stray(agency_id, declared))
    rows = tx.execute(strays).all()
    if rows:
        gone = [row.id for row in rows]
        resolve_incidents(tx, SYSTEM, gone)
        tx.execute(delete(Job).where(Job.id.in_(gone)))
        tx.execute(delete(CaseClock).where(CaseClock.id.in_(gone)))
    for row in rows:
        found[row.instance_id][row.clock_id] = state_of(row)
    return found


def _write(tx: Connection, case: Case, states: Mapping[str, ClockState]) -> None:
    if not states:
        return
    ids = {key: str(uuid7()) for key in states}
    place = {"instance_id": case.id, "agency_id": case.agency_id}
    rows = [columns_of(state) | place | {"id": ids[key]} for key, state in states.items()]
    tx.execute(hot.ADD_CLOCKS, rows)
    put_jobs(tx, case.agency_id, case.id, ids, {}, states)
