"""The blueprint that the views of this folder hang on, and where they lead."""

from flask import Blueprint, request, url_for

from engine.types import Actor
from webapp.auth.requirement import Lack
from webapp.auth.sessions import lacking, signing_in
from webapp.auth.targets import safe_target
from webapp.navigation import home

blueprint = Blueprint("auth", __name__, template_folder="templates")

_WAYS = {Lack.FACTOR: "auth.second", Lack.ENROLMENT: "account.enrol"}


def next_page(asked: str | None = None) -> str:
    """Where this login goes from here: to what it lacks, or to where its user wanted to go.

    ``asked``: the page that was wanted, by default the one that this request names.
    """
    target = safe_target(asked or request.values.get("next"), "")
    if way := _WAYS.get(lacking()):
        return url_for(way, next=target or None)
    return wanted(signing_in(), target)


def wanted(actor: Actor, target: str) -> str:
    """``target``; where one's work begins without one."""
    return home(actor) if target in ("", url_for("inbox.index")) else target
