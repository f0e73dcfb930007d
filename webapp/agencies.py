"""The agencies as a page needs them: names, groups, zone; read once a request."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g

from engine import list_agencies
from engine.desk import ClockDeclaration, read_clocks
from engine.types import SYSTEM, AgencyView
from webapp.db import database

DEFAULT_ZONE = "Asia/Jakarta"


def agencies() -> dict[str, AgencyView]:
    """All agencies by id. Names and colours are public; cases are not, and are never read through here."""
    if "agencies" not in g:
        g.agencies = {agency.id: agency for agency in list_agencies(database(), SYSTEM)}
    known: dict[str, AgencyView] = g.agencies
    return known


def profile(agency_id: str) -> dict[str, Any]:
    """The profile of an agency (``agency.toml``); empty where there is none."""
    agency = agencies().get(agency_id)
    return agency.profile if agency else {}


def zone_of(agency_id: str) -> str:
    """The IANA name of the agency's time zone."""
    return str(profile(agency_id).get("zona") or DEFAULT_ZONE)


def agency_name(agency_id: str) -> str:
    """What people call the agency, short."""
    agency = agencies().get(agency_id)
    return str(profile(agency_id).get("nama_pendek") or (agency.name if agency else agency_id))


def group_name(agency_id: str, group: str) -> str:
    """What people call a candidate group."""
    return str(profile(agency_id).get("kelompok", {}).get(group) or group)


def group_names(agency_id: str, groups: Iterable[str]) -> str:
    """What people call some candidate groups, in one line."""
    return ", ".join(group_name(agency_id, group) for group in groups)


def clock_name(agency_id: str, clock_id: str) -> str:
    """What people call a clock of the agency (``nama`` of its ``[[jam]]``); the id where there is none."""
    return next((c.name for c in _clocks(agency_id) if c.id == clock_id), clock_id)


def clock_waits(agency_id: str, clock_id: str) -> str:
    """What a clock without a time waits for: the variable that chooses it; empty: for the calendar."""
    return next((c.amount_by or "" for c in _clocks(agency_id) if c.id == clock_id), "")


def _clocks(agency_id: str) -> Sequence[ClockDeclaration]:
    known = g.setdefault("agency_clocks", {})
    if agency_id not in known:
        known[agency_id] = [c for clocks in read_clocks(profile(agency_id)).values() for c in clocks]
    found: Sequence[ClockDeclaration] = known[agency_id]
    return found


def standard_step(agency_id: str, step: str) -> str:
    """The service standard's own sentence for a step number (``"7"``), or an empty text."""
    return str(profile(agency_id).get("standar", {}).get(step) or "")
