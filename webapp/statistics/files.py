"""Statistics and cases without identity as CSV (RFC 4180), with the same names in every language."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from flask import Response

from engine import ServiceStatistics, case_table, statistics
from webapp.auth import current_actor
from webapp.db import database
from webapp.recording import seen
from webapp.statistics.part import FEW, asked_agency, asked_year, blueprint

_COLUMNS = {
    "service": "layanan",
    "opened": "bulan_masuk",
    "state": "hasil",
    "days": "lama_hari",
    "closed": "bulan_selesai",
}
_STATES = {"open": "terbuka", "cancelled": "dibatalkan"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins like this is run by spreadsheets (OWASP, CSV injection)."""


@blueprint.get("/counts.csv")
def counts() -> Response:
    """The numbers of the page, one a line: service, its name, what is counted, of what, how many."""
    agency_id = asked_agency()
    year = asked_year(agency_id)
    services = statistics(database(), current_actor(), agency_id, year)
    seen(None, agency_id, f"counts:{year}")
    lines = (line for service in services for line in _counts_of(service))
    return _file(
        f"statistik-{agency_id}-{year}.csv",
        [("layanan", "nama", "ukuran", "rincian", "nilai"), *lines],
    )


@blueprint.get("/cases.csv")
def cases() -> Response:
    """The cases that were opened in the year, without identity: one a line, numbered for this file alone."""
    agency_id = asked_agency()
    year = asked_year(agency_id)
    table = case_table(database(), current_actor(), agency_id, year)
    seen(None, agency_id, f"cases:{year}")
    head = ("no", *(_COLUMNS.get(name, name) for name in table.columns))
    state = table.columns.index("state")
    lines = [
        (str(number), *(_word(cell, of_state=place == state) for place, cell in enumerate(row)))
        for number, row in enumerate(table.rows, 1)
    ]
    return _file(f"kasus-{agency_id}-{year}.csv", [head, *lines])


def _counts_of(service: ServiceStatistics) -> Iterator[tuple[str, ...]]:
    who = service.definition_key, service.name
    yield *who, "terbuka", "", _number(service.open)
    for month in service.months:
        yield *who, "masuk", f"{month.month:%Y-%m}", _number(month.opened)
        yield *who, "selesai", f"{month.month:%Y-%m}", _number(month.closed)
    for outcome in service.outcomes:
        label = "lainnya" if outcome.other else "dibatalkan" if outcome.cancelled else outcome.label
        yield *who, "hasil", label, _number(outcome.count)
    yield *who, "median_hari", "", _number(service.median_days)
    yield *who, "p90_hari", "", _number(service.p90_days)


def _number(count: int | None) -> str:
    return FEW if count is None else str(count)


def _word(cell: str | bool | None, *, of_state: bool) -> str:
    if cell is None:
        return FEW
    if isinstance(cell, bool):
        return "ya" if cell else "tidak"
    return _STATES.get(cell, cell) if of_state else cell


def _file(name: str, lines: Iterable[Sequence[str]]) -> Response:
    """A file to be saved; with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows([[harmless(cell) for cell in line] for line in lines])
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
