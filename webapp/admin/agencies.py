"""The agencies, to look at: their profiles come from ``agency.toml`` with `titian init`."""

from collections import Counter

from flask import render_template

from engine import list_agencies, list_users
from webapp.admin.part import blueprint
from webapp.agencies import zone_of
from webapp.auth import current_actor
from webapp.db import database


@blueprint.get("/agencies")
def agency_list() -> str:
    """Every agency with its groups and how many users belong to each."""
    actor = current_actor()
    members = Counter(
        pair for user in list_users(database(), actor) if user.active for pair in user.memberships
    )
    return render_template(
        "admin/agencies.html", agencies=list_agencies(database(), actor), members=members, zone_of=zone_of
    )
