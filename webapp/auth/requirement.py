"""Who needs a second factor, and what a login still lacks."""

from enum import StrEnum

from flask import current_app

from engine.types import Actor
from engine.types.sign_in import LoginActor


class Lack(StrEnum):
    """What is to be done before anything else."""

    NOTHING = ""
    FACTOR = "factor"
    """The user has a second factor and has not shown it."""
    ENROLMENT = "enrolment"
    """The user needs a second factor and has none."""


def requires_factor(actor: Actor) -> bool:
    """Whether a password alone is not enough for what this user may do. Never in demo mode."""
    settings = current_app.config["SETTINGS"]
    if settings.demo:
        return False
    names = set(settings.second_factor.replace(",", " ").split())
    return (actor.admin and "admin" in names) or any(group in names for _, group in actor.memberships)


def lack_of(found: LoginActor) -> Lack:
    """What the login lacks right now: asked at every request, so a new role or factor counts at once."""
    if found.login.strong:
        return Lack.NOTHING
    if found.has_factor:
        return Lack.FACTOR
    return Lack.ENROLMENT if requires_factor(found.actor) else Lack.NOTHING
