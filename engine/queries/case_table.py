"""The cases of an agency without identity, one row each: for whoever makes statistics of them.

No registration number, no name, no day: a row has a running number of this table alone, months instead of
days, classes instead of spans, and what was decided. **Small numbers** (``engine.queries.statistics``): a row
tells only what at least ``FEWEST`` rows have in common with it, column by column from the left; the rest
of it is withheld (None). A service with fewer cases is left out. Rows are in the order of what they tell.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, select

from engine import catalog
from engine.catalog import DeployedProcess
from engine.definitions.forms import Field, Kind
from engine.definitions.model import Process
from engine.errors import ExpressionInvalid, FormNotFound
from engine.feel import parse_expression
from engine.queries.statistics import (
    FEWEST,
    edges_of,
    end_label,
    lasted,
    require_counting,
    services,
)
from engine.queries.variables import DOCUMENTS, views_of
from engine.store import Database, reading
from engine.store.tables import ProcessDefinition, ProcessInstance
from engine.types import Actor

CLASSES = (7, 30, 90, 180, 365)
"""Upper bounds of the classes of how long a case took, in days."""

LONGEST_RESULT = 60
FIXED = ("service", "opened", "state", "days", "closed")
"""The columns that every table has, from what is told first to what is withheld first."""

Cell = str | bool | None
Decided = Mapping[str, frozenset[str] | None]
"""Variable -> the answers that a form offers; None for the result of a decision table."""


@dataclass(frozen=True)
class CaseTable:
    """``columns``: ``FIXED``, then the names of what was decided. ``rows``: texts (months as ``2026-03``,
    days as ``8–30``), yes or no, None where it is withheld, and an empty text where there is nothing to tell.
    ``state``: ``open``, ``cancelled``, or what the diagram calls the end."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def case_table(database: Database, actor: Actor, agency_id: str, year: int) -> CaseTable:
    """The cases that an agency opened in a year. Raises as ``statistics``."""
    with reading(database) as tx:
        require_counting(tx, actor, agency_id)
        zone = catalog.zone_of(tx, agency_id)
        edges = edges_of(year, zone)
        decided = {key: _decided(tx, agency_id, key) for key, _ in services(tx, agency_id)}
        names = tuple(sorted({name for known in decided.values() for name in known}))
        found = [
            _cells(tx, row, zone, decided.get(row.definition_key, {}), names)
            for row in tx.execute(_rows(tx, agency_id, edges))
        ]
    return CaseTable((*FIXED, *names), tuple(sorted(withheld(found), key=_order)))


def _rows(tx: Connection, agency_id: str, edges: list[datetime]) -> Any:
    columns = (
        *(ProcessInstance.id, ProcessInstance.definition_id, ProcessInstance.definition_key),
        *(ProcessInstance.started_at, ProcessInstance.ended_at, ProcessInstance.end_element_id),
        *(ProcessInstance.outcome, ProcessInstance.id.label("instance_id"), *DOCUMENTS),
        lasted(tx).label("days"),
    )
    return select(*columns).where(
        ProcessInstance.agency_id == agency_id,
        ProcessInstance.started_at >= edges[0],
        ProcessInstance.started_at < edges[12],
    )


def _cells(
    tx: Connection,
    row: Row[Any],
    zone: ZoneInfo,
    decided: Decided,
    names: Sequence[str],
) -> tuple[Cell, ...]:
    if row.ended_at is None:
        state, days, closed = "open", "", ""
    else:
        cancelled = row.outcome == "cancelled"
        state = "cancelled" if cancelled else end_label(tx, row.definition_id, row.end_element_id)
        days, closed = _class_of(row.days), f"{row.ended_at.astimezone(zone):%Y-%m}"
    values = {
        view.name: view.value
        for view in views_of(tx, row, opened=False, scope="p:")
        if view.name in decided and not view.sealed and _is_told(view.value, decided[view.name])
    }
    opened = f"{row.started_at.astimezone(zone):%Y-%m}"
    return (row.definition_key, opened, state, days, closed, *(values.get(name, "") for name in names))


def _class_of(days: float) -> str:
    lower = 0
    for upper in CLASSES:
        if days < upper + 1:
            return f"{lower}–{upper}"  # no hyphen: spreadsheets would read a date
        lower = upper + 1
    return f">{CLASSES[-1]}"


def _is_told(value: Any, options: frozenset[str] | None) -> bool:
    """Whether a value is a decision, and no text of one's own. ``options``: None for a table's result."""
    if isinstance(value, bool):
        return True
    if not isinstance(value, str):
        return False
    return len(value) <= LONGEST_RESULT if options is None else value in options


def withheld(rows: Sequence[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """The rows as they may be told: of each the longest beginning that ``FEWEST`` of them share."""
    left, width = list(rows), len(rows[0]) if rows else 0
    alone = Counter(row[0] for row in rows)
    left = [row for row in left if alone[row[0]] >= FEWEST]
    for length in range(width, 0, -1):
        shared = Counter(row[:length] for row in left)
        for row in left:
            if shared[row[:length]] >= FEWEST or length == 1:
                yield row[:length] + (None,) * (width - length)
        left = [row for row in left if shared[row[:length]] < FEWEST]


def _order(row: tuple[Cell, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((cell is None, str(cell)) for cell in row)


def _decided(tx: Connection, agency_id: str, key: str) -> Decided:
    """What is decided in a service: variable -> the answers that a form offers (None: a decision table's
    result). Nothing that any form of the service marks as confidential."""
    newest = catalog.latest(tx, ProcessDefinition, agency_id, key)
    if newest is None:
        return {}
    deployed = catalog.load_process(tx, newest.id)
    asked = _asked(deployed.process)
    fields, sealed = _fields(tx, deployed)
    found: dict[str, frozenset[str] | None] = {
        name: frozenset(value for value, _ in field.options or () if isinstance(value, str))
        for name, field in fields.items()
        if name in asked and (field.options or field.kind is Kind.CHECKBOX)
    }
    results = (e.attributes.get("resultVariable") for e in deployed.process.elements.values())
    found |= {name: None for name in results if name}
    return {name: options for name, options in found.items() if name not in sealed}


def _asked(process: Process) -> frozenset[str]:
    """The variables on which the process chooses its way."""
    names: set[str] = set()
    for flow in process.flows.values():
        try:
            names |= parse_expression(flow.condition).names if flow.condition else frozenset()
        except ExpressionInvalid:  # of a version that an older linter let pass
            continue
    return frozenset(names)


def _fields(tx: Connection, deployed: DeployedProcess) -> tuple[dict[str, Field], frozenset[str]]:
    """The plain fields of the forms of a process by variable, and the variables that a form seals."""
    fields, sealed = dict[str, Field](), set[str]()
    for element in deployed.process.elements.values():
        try:
            form = catalog.form_of(tx, deployed, element)
        except FormNotFound:
            continue
        if form is not None:
            sealed |= form.sealed
            fields |= {field.path[0]: field for field in form.fields if len(field.path) == 1}
    return fields, frozenset(sealed)
