"""Shared with us: what other agencies let one's groups read of their cases; it is in no other list."""

from flask import render_template

from engine import list_received_shares, open_share
from webapp.auth import current_actor
from webapp.db import database
from webapp.i18n import gettext
from webapp.inbox.part import blueprint
from webapp.inbox.record import Answer
from webapp.recording import seen
from webapp.words import SYSTEM_LABELS, readable


@blueprint.get("/shared")
def shared() -> str:
    """What is shared with one's groups at this moment."""
    return render_template("inbox/shared.html", shares=list_received_shares(database(), current_actor()))


@blueprint.get("/shared/<share_id>")
def shared_case(share_id: str) -> str:
    """The fields of one share, and nothing else of its case."""
    found = open_share(database(), current_actor(), share_id)
    owner = found.share.agency_id
    seen(found.instance_id, owner, f"share:{share_id}")
    fields = [
        Answer(
            gettext(SYSTEM_LABELS[value.name]) if value.name in SYSTEM_LABELS else value.label,
            readable(value.value, owner),
            value.sealed,
        )
        for value in found.values
    ]
    return render_template("inbox/shared_case.html", share=found.share, fields=fields)
