"""A ``.form`` file -> its JSON, with everything refused that is no form-js schema at all."""

import json
from collections.abc import Iterator
from typing import Any, Final

from engine.errors import N_, FormRefused

MAX_BYTES: Final = 1_000_000
MAX_COMPONENTS: Final = 1_000
MAX_DEPTH: Final = 20
MAX_EXPRESSIONS: Final = 100_000
"""Characters of all that may be an expression."""


def read_schema(content: bytes, resource: str) -> dict[str, Any]:
    """The form-js schema in a file.

    ``content``: UTF-8 JSON, at most ``MAX_BYTES``. ``resource``: the file's name, for messages.
    Returns the schema; every component in it is an object with a ``type``, every ``components`` a list.
    Raises FormRefused.
    """
    if len(content) > MAX_BYTES:
        raise FormRefused(resource, N_("it is larger than 1 MB"))
    try:
        schema = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        raise FormRefused(resource, N_("it is not UTF-8 text")) from None
    except RecursionError:
        raise FormRefused(resource, N_("it is nested too deeply")) from None
    except ValueError as error:
        raise FormRefused(resource, f"it is not JSON ({error})") from None
    if not isinstance(schema, dict) or schema.get("type") != "default" or "components" not in schema:
        raise FormRefused(resource, N_("it is not a form-js form (type 'default' with components)"))
    if not isinstance(schema.get("id"), str) or not schema["id"]:
        raise FormRefused(resource, N_("the form has no id"))
    _inspect(schema, resource)
    if _characters(schema) > MAX_EXPRESSIONS:
        raise FormRefused(resource, N_("its expressions have more than 100000 characters"))
    return schema


def _characters(schema: dict[str, Any]) -> int:
    """Of all texts that begin as expressions do, wherever they stand."""
    count, todo = 0, list[Any]([schema])
    while todo:
        value = todo.pop()
        if isinstance(value, str):
            count += len(value) * value.startswith("=")
        elif isinstance(value, dict):
            todo += value.values()
        elif isinstance(value, list):
            todo += value
    return count


def walk(component: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All components below a component, in the order of the form."""
    for child in component.get("components", ()):
        yield child
        yield from walk(child)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the name {max(names, key=names.count)!r} stands twice in one object")
    return found


def _constant(name: str) -> float:
    raise ValueError(f"{name} is not a JSON number")


def _inspect(schema: dict[str, Any], resource: str) -> None:
    """Check shape, size and depth without recursion, so that the rest may recurse."""
    level, count = [schema], 0
    for _ in range(MAX_DEPTH):
        children: list[Any] = []
        for component in level:
            below = component.get("components", [])
            if not isinstance(below, list):
                raise FormRefused(resource, N_("'components' is not a list"))
            children += below
        count += len(children)
        if count > MAX_COMPONENTS:
            raise FormRefused(resource, N_("it has more than 1000 components"))
        for child in children:
            _inspect_component(child, resource)
        level = children
    if level:
        raise FormRefused(resource, N_("its groups are nested too deeply"))


def _inspect_component(component: Any, resource: str) -> None:
    if not isinstance(component, dict) or not isinstance(component.get("type"), str):
        raise FormRefused(resource, N_("a component is not an object with a type"))
    for name in ("validate", "conditional", "properties"):
        if not isinstance(component.get(name, {}), dict):
            raise FormRefused(resource, f"'{name}' of a component is not an object")
    for name in ("id", "key", "path", "label", "subtype"):
        if not isinstance(component.get(name, ""), str):
            raise FormRefused(resource, f"'{name}' of a component is not text")
    for within, name in (
        ("validate", "validationType"),
        ("properties", "rahasia"),
        ("properties", "anggota"),
    ):
        if not isinstance(component.get(within, {}).get(name, ""), str):
            raise FormRefused(resource, f"'{name}' of a component is not text")
