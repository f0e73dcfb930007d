"""The blueprint that the views of this folder hang on, who may enter, and what the address asks for."""

from flask import Blueprint, request

from engine.clock import now
from engine.errors import N_, ActionForbidden, QueryInvalid
from engine.types import DATA_OFFICER, MANAGER, Actor
from webapp.agencies import agency_name, zone_of
from webapp.auth import current_actor
from webapp.times import local

blueprint = Blueprint("statistics", __name__, url_prefix="/statistics", template_folder="templates")

FEW = "<3"
"""What stands where fewer than three cases would be counted."""


@blueprint.before_request
def require_counter() -> None:
    """Let only data officers and managers in. Raises ``ActionForbidden``."""
    if not counted_agencies(current_actor()):
        raise ActionForbidden(action=N_("see the statistics of this agency"))


def counted_agencies(actor: Actor) -> list[str]:
    """Ids of the agencies whose statistics ``actor`` sees, by name."""
    return sorted(actor.agencies_with(DATA_OFFICER) | actor.agencies_with(MANAGER), key=agency_name)


def asked_agency() -> str:
    """The agency that the address names, the first one's own without a name."""
    return request.args.get("agency") or counted_agencies(current_actor())[0]


def asked_year(agency_id: str) -> int:
    """The year that the address names, the present one without. Raises ``QueryInvalid``."""
    text = request.args.get("year") or str(local(now(), zone_of(agency_id)).year)
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise QueryInvalid(reason=N_("a year has four digits"))
    return int(text)
