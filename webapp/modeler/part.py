"""The blueprint that the views of this folder hang on, and who may enter: analysts."""

from dataclasses import dataclass

from flask import Blueprint

from engine.errors import N_, ActionForbidden, ResourceNotFound
from engine.types import ANALYST
from webapp.auth import current_actor

blueprint = Blueprint("modeler", __name__, url_prefix="/modeler", template_folder="templates")


@dataclass(frozen=True)
class Kind:
    """A kind of file: its words on the pages, the ending of its name, the bundle that edits it."""

    id: str
    word: str
    plural: str
    new: str
    ending: str
    bundle: str
    media: str


_KINDS = (
    Kind("process", N_("Diagram"), N_("Diagrams"), N_("New diagram"), "bpmn", "modeler", "application/xml"),
    Kind(
        "decision",
        N_("Decision table"),
        N_("Decision tables"),
        N_("New decision table"),
        "dmn",
        "decision",
        "application/xml",
    ),
    Kind("form", N_("Form"), N_("Forms"), N_("New form"), "form", "form-editor", "application/json"),
)
KINDS = {kind.id: kind for kind in _KINDS}


def kind_of(name: str) -> Kind:
    """The kind by its word in an address. Raises ``ResourceNotFound``."""
    if name not in KINDS:
        raise ResourceNotFound(id=name)
    return KINDS[name]


@blueprint.before_request
def require_analyst() -> None:
    """Let only those in who are an analyst somewhere. Raises ``ActionForbidden``."""
    if not own_agencies():
        raise ActionForbidden(action=N_("open the modeler"))


def own_agencies() -> list[str]:
    """Ids of the agencies whose analyst makes this request."""
    return sorted(current_actor().agencies_with(ANALYST))


def require_own(agency_id: str) -> str:
    """``agency_id`` where the reader is its analyst. Raises ``ResourceNotFound``."""
    if agency_id not in own_agencies():
        raise ResourceNotFound(id=agency_id)
    return agency_id
