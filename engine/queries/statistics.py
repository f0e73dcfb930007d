"""How many cases an agency has and how long they take: counted by the database, and never so few that a
child is known by them.

**Small numbers**: what counts fewer than three cases is None here ("<3" for readers), none at all among
them: in a small regency "one case opened in March, ended by diversion" is a child whom neighbours know, and a
zero that becomes a one tells of it the day after (issue 5, section 2). Every service has all months of the
year, so that no row tells by being there. No sums are given, from which what is left out could be worked out.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, func, select

from engine import access, catalog, clock
from engine.access import Action
from engine.errors import AgencyNotFound, QueryInvalid
from engine.store import Database, reading
from engine.store.tables import Agency, ProcessDefinition, ProcessInstance
from engine.types import Actor

FEWEST = 3
"""Fewer cases than this are not counted for anybody."""

FIRST_YEAR, LAST_YEAR = 2000, 2999
Count = int | None
"""None: fewer than ``FEWEST``, or none."""


@dataclass(frozen=True)
class MonthCount:
    """Cases that began and that ended in a month (its first day)."""

    month: date
    opened: Count
    closed: Count


@dataclass(frozen=True)
class OutcomeCount:
    """Cases that ended in one way: ``label`` is the end event's; ``cancelled`` and ``other`` have none."""

    label: str
    count: Count
    cancelled: bool = False
    other: bool = False


@dataclass(frozen=True)
class ServiceStatistics:
    """One service in one year. ``open``: now. ``median_days`` and ``p90_days``: of the cases that ran to
    their end in the year, in whole days; None where they are fewer than ``FEWEST``."""

    definition_key: str
    name: str
    open: Count
    months: tuple[MonthCount, ...]
    outcomes: tuple[OutcomeCount, ...]
    median_days: Count
    p90_days: Count


def statistics(database: Database, actor: Actor, agency_id: str, year: int) -> list[ServiceStatistics]:
    """The services of an agency in a year of its own clocks, by name.

    For ``petugas_data`` and ``manajer``. Raises ``AgencyNotFound`` for an agency that the actor does not
    belong to, ``ActionForbidden``, ``QueryInvalid`` for a year that is none.
    """
    with reading(database) as tx:
        require_counting(tx, actor, agency_id)
        edges = edges_of(year, catalog.zone_of(tx, agency_id))
        opened, closed = (_by_month(tx, agency_id, column, edges) for column in _MOMENTS)
        running = _running(tx, agency_id)
        days, outcomes = _days(tx, agency_id, edges), _outcomes(tx, agency_id, edges)
        now = clock.now()
        shown = [n for n in range(12) if edges[n] <= now]
        return [
            ServiceStatistics(
                key,
                name,
                shy(running[key]),
                tuple(
                    MonthCount(date(year, n + 1, 1), shy(opened[key, n]), shy(closed[key, n])) for n in shown
                ),
                _told(outcomes[key]),
                *days.get(key, (None, None)),
            )
            for key, name in services(tx, agency_id)
        ]


def shy(count: int) -> Count:
    """A count as it may be told."""
    return count if count >= FEWEST else None


def require_counting(tx: Connection, actor: Actor, agency_id: str) -> None:
    """Raise ``AgencyNotFound`` for what is not the actor's, ``ActionForbidden`` without the role for it."""
    known = tx.execute(select(Agency.id).where(Agency.id == agency_id)).first()
    if known is None or not access.may(actor, Action.SEE_AGENCY, agency_id):
        raise AgencyNotFound(id=agency_id)
    access.require(actor, Action.SEE_STATISTICS, agency_id)


def edges_of(year: int, zone: ZoneInfo) -> list[datetime]:
    """The beginnings of the twelve months of a year on the clocks of a zone, and of the year after it.

    Raises ``QueryInvalid``.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise QueryInvalid(reason=f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    begins = [(year, month) for month in range(1, 13)] + [(year + 1, 1)]
    return [datetime(y, m, 1, tzinfo=zone).astimezone(UTC) for y, m in begins]


def services(tx: Connection, agency_id: str) -> list[tuple[str, str]]:
    """Key and newest name of every process that the agency has deployed, by name."""
    versions = select(ProcessDefinition.key, ProcessDefinition.name).where(
        ProcessDefinition.agency_id == agency_id
    )
    newest = {row.key: row.name for row in tx.execute(versions.order_by(ProcessDefinition.version))}
    return sorted(newest.items(), key=lambda item: (item[1], item[0]))


_MOMENTS: tuple[Any, Any] = (ProcessInstance.started_at, ProcessInstance.ended_at)
_KEY: Any = ProcessInstance.definition_key


def _in_year(column: Any, agency_id: str, edges: list[datetime]) -> tuple[ColumnElement[bool], ...]:
    return ProcessInstance.agency_id == agency_id, column >= edges[0], column < edges[12]


def _by_month(tx: Connection, agency_id: str, column: Any, edges: list[datetime]) -> Counter[tuple[str, int]]:
    """Cases by service and month (from 0) of ``column``."""
    month = case(*((column < edge, n) for n, edge in enumerate(edges[1:12])), else_=11).label("month")
    counted = select(_KEY, month, func.count()).where(*_in_year(column, agency_id, edges))
    return Counter({(key, n): count for key, n, count in tx.execute(counted.group_by(_KEY, month))})


def _running(tx: Connection, agency_id: str) -> Counter[str]:
    counted = select(_KEY, func.count()).where(
        ProcessInstance.agency_id == agency_id, ProcessInstance.ended_at.is_(None)
    )
    return Counter({row[0]: row[1] for row in tx.execute(counted.group_by(_KEY))})


def lasted(tx: Connection) -> ColumnElement[float]:
    """How many days a case took: both databases have their own way to say so."""
    began, ended = _MOMENTS
    if tx.dialect.name == "sqlite":
        found: ColumnElement[float] = func.julianday(ended) - func.julianday(began)
        return found
    seconds: ColumnElement[Any] = func.extract("epoch", ended - began) / 86400.0
    return seconds


def _days(tx: Connection, agency_id: str, edges: list[datetime]) -> dict[str, tuple[Count, Count]]:
    """Median and 90th percentile (nearest rank) by service, of the cases completed in the year."""
    days = lasted(tx)
    ranked = (
        select(
            _KEY.label("key"),
            days.label("days"),
            func.row_number().over(partition_by=_KEY, order_by=days).label("rank"),
            func.count().over(partition_by=_KEY).label("total"),
        )
        .where(*_in_year(ProcessInstance.ended_at, agency_id, edges), ProcessInstance.outcome == "completed")
        .subquery()
    )
    rank, total = ranked.c["rank"], ranked.c.total
    median, p90 = (
        func.min(case((rank * parts >= total * wanted, ranked.c.days))) for wanted, parts in ((1, 2), (9, 10))
    )
    query = select(ranked.c["key"], total, median, p90).group_by(ranked.c["key"], total)
    return {row[0]: (round(row[2]), round(row[3])) for row in tx.execute(query) if row.total >= FEWEST}


Outcomes = Counter[tuple[str, bool]]
"""(label of the end, whether it was cancelled) -> cases."""


def _outcomes(tx: Connection, agency_id: str, edges: list[datetime]) -> defaultdict[str, Outcomes]:
    place = (_KEY, ProcessInstance.definition_id, ProcessInstance.end_element_id, ProcessInstance.outcome)
    counted = select(*place, func.count()).where(*_in_year(ProcessInstance.ended_at, agency_id, edges))
    found: defaultdict[str, Outcomes] = defaultdict(Counter)
    for key, definition_id, element_id, outcome, count in tx.execute(counted.group_by(*place)):
        cancelled = outcome == "cancelled"
        label = "" if cancelled else end_label(tx, definition_id, element_id)
        found[key][label, cancelled] += count
    return found


def end_label(tx: Connection, definition_id: str, element_id: str | None) -> str:
    """What the diagram calls the end of a case."""
    element = catalog.load_process(tx, definition_id).process.elements.get(element_id or "")
    return element.label if element else element_id or ""


def _told(outcomes: Outcomes) -> tuple[OutcomeCount, ...]:
    """The outcomes that are frequent enough, the most frequent first, and all the others together."""
    frequent = sorted(
        (item for item in outcomes.items() if item[1] >= FEWEST), key=lambda item: (-item[1], item[0])
    )
    others = sum(outcomes.values()) - sum(count for _, count in frequent)
    named = [OutcomeCount(label, count, cancelled) for (label, cancelled), count in frequent]
    return (*named, OutcomeCount("", shy(others), other=True))
