"""The page of an agency's statistics."""

from flask import render_template

from engine import statistics
from engine.clock import now
from webapp.agencies import agency_name, zone_of
from webapp.auth import current_actor
from webapp.db import database
from webapp.statistics.part import FEW, asked_agency, asked_year, blueprint, counted_agencies
from webapp.times import local

YEARS = 6
"""So many years can be chosen, back from the present one."""


@blueprint.get("")
def index() -> str:
    """The services of an agency in a year: cases by month, how long they take, how they end."""
    actor, agency_id = current_actor(), asked_agency()
    year = asked_year(agency_id)
    services = statistics(database(), actor, agency_id, year)
    present = local(now(), zone_of(agency_id)).year
    return render_template(
        "statistics/index.html",
        agency_id=agency_id,
        agencies=[(each, agency_name(each)) for each in counted_agencies(actor)],
        year=year,
        years=sorted({year, *range(present, present - YEARS, -1)}, reverse=True),
        services=services,
        told=told,
    )


def told(count: int | None) -> str:
    """A count as a page shows it."""
    return FEW if count is None else str(count)
