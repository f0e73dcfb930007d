"""The blueprint that the views of this folder hang on, and of which agencies somebody sees the registers."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, request

from engine.types import AUDITOR, DATA_OFFICER, MANAGER, Actor
from webapp.agencies import agency_name, zone_of
from webapp.auth import current_actor
from webapp.i18n import gettext

blueprint = Blueprint("audit", __name__, url_prefix="/audit", template_folder="templates")

SIZE = 50
"""Entries on a page."""

KEEPERS = (MANAGER, DATA_OFFICER)


def agencies_of(actor: Actor, *roles: str) -> list[str]:
    """Ids of the agencies in which the actor has one of ``roles``, by name."""
    found = {agency_id for role in roles for agency_id in actor.agencies_with(role)}
    return sorted(found, key=agency_name)


def chosen_agency(*roles: str) -> tuple[str, list[str]]:
    """The agency that the address names or else the first, and all there are to choose from.

    Aborts with 404 for one that is not the reader's, with 403 where there is none.
    """
    known = agencies_of(current_actor(), *roles)
    if not known:
        abort(403)
    wanted = request.values.get("agency") or known[0]
    if wanted not in known:
        abort(404)
    return wanted, known


def readers() -> tuple[str, ...]:
    """The roles that read the registers."""
    return (*KEEPERS, AUDITOR)


def keeps(agency_id: str) -> bool:
    """Whether the reader may write in the registers of an agency."""
    return agency_id in agencies_of(current_actor(), *KEEPERS)


def read_day(text: str, agency_id: str, *, after: bool = False) -> datetime | None:
    """The beginning of a day (``2026-11-29``) on the agency's clocks, or of the day after; None for none."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone_of(agency_id)))
        return day + timedelta(days=1) if after else day
    except (ValueError, OverflowError):
        return None


def read_moment(text: str, agency_id: str) -> datetime:
    """A date and time as a browser's field gives it, on the agency's clocks. Raises ``ValueError``."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone_of(agency_id)))
    except ValueError as error:
        raise ValueError(gettext("Fill in the date and the time.")) from error


def page_number() -> int:
    """The page that the address asks for, from 1 on."""
    asked = request.args.get("page", "")
    return max(int(asked), 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def sent(name: str) -> str:
    """A text of a form, without spaces at its ends."""
    return request.form.get(name, "").strip().replace("\r\n", "\n")
