"""The blueprint that the views of this folder hang on, and who may enter."""

from flask import Blueprint

from engine import get_instance
from engine.errors import N_, ActionForbidden, InstanceNotFound
from engine.types import MANAGER, Actor, InstanceView
from webapp.auth import current_actor
from webapp.db import database

blueprint = Blueprint("cockpit", __name__, url_prefix="/cockpit", template_folder="templates")


@blueprint.before_request
def require_manager() -> None:
    """Let only managers in. Raises ``ActionForbidden``."""
    if not managed_agencies(current_actor()):
        raise ActionForbidden(action=N_("open the cockpit, which is for managers of an agency"))


def managed_agencies(actor: Actor) -> tuple[str, ...]:
    """Ids of the agencies that the cockpit shows to ``actor``."""
    return tuple(sorted(actor.agencies_with(MANAGER)))


def managed_instance(actor: Actor, instance_id: str) -> InstanceView:
    """A case of an agency that ``actor`` manages. Raises ``InstanceNotFound``."""
    instance = get_instance(database(), actor, instance_id)
    if instance.agency_id not in managed_agencies(actor):
        raise InstanceNotFound(id=instance_id)
    return instance
