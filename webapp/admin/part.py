"""The blueprint that the views of this folder hang on, and who may enter."""

from flask import Blueprint

from engine import find_user
from engine.errors import N_, ActionForbidden, UserNotFound
from engine.types import UserView
from webapp.auth import current_actor
from webapp.db import database

blueprint = Blueprint("admin", __name__, url_prefix="/admin", template_folder="templates")


@blueprint.before_request
def require_admin() -> None:
    """Let only administrators in. Raises ``ActionForbidden``."""
    if not current_actor().admin:
        raise ActionForbidden(action=N_("administer users and agencies"))


def known_user(user_id: str) -> UserView:
    """A user. Raises ``UserNotFound``."""
    user = find_user(database(), user_id)
    if user is None:
        raise UserNotFound(id=user_id)
    return user
