"""The names of steps, for what knows them only by the id of an element."""

from collections.abc import Mapping
from contextlib import suppress

from engine import get_definition
from engine.errors import DefinitionNotFound
from engine.types import Actor
from webapp.db import database
from webapp.inbox.upcoming import process_of


def step_names(
    actor: Actor, agency_id: str, definition_id: str | None, process_key: str | None
) -> Mapping[str, str]:
    """Element id -> name, of every element of a process that has one; empty where it cannot be read any more.

    ``definition_id``: of the case, or of what was to begin; ``process_key``: of the process that the element
    is in, perhaps a called one: then its newest version speaks for it.
    """
    if definition_id is None or process_key is None:
        return {}
    with suppress(DefinitionNotFound):
        return _names(actor, definition_id, process_key)
    with suppress(DefinitionNotFound):
        called = get_definition(database(), actor, key=process_key, agency_id=agency_id)
        return _names(actor, called.id, process_key)
    return {}


def _names(actor: Actor, definition_id: str, process_key: str) -> Mapping[str, str]:
    try:
        elements = process_of(actor, definition_id, process_key).elements
    except KeyError:
        raise DefinitionNotFound(id=process_key) from None
    return {element.id: element.name for element in elements.values() if element.name}
