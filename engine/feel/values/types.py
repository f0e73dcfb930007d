"""Whether a value is of a type (DMN 1.5, 10.3.2.9: conformance)."""

from typing import Any

from engine.feel.limits import Step
from engine.feel.syntax.nodes import TypeRef

from .kinds import TYPES, Function, Range

_GENERIC = frozenset({"list", "range", "context", "function"})
"""Types that say nothing without ``<...>`` (DMN 1.5, Table 61)."""


class UnknownType(Exception):
    """The name of a type that FEEL does not have, or one that lacks its arguments."""


def conforms(value: Any, type_: TypeRef, step: Step) -> bool:
    """``value instance of type_``. Null is an instance of ``Null`` only. Raises UnknownType."""
    step(1)
    name = type_.name
    if name == "Any":
        return value is not None
    if name in ("Null", "null"):
        return value is None
    expected = TYPES.get(name)
    if expected is None or (name in _GENERIC and not type_.arguments and type_.result is None):
        raise UnknownType(name)
    if type(value) is not expected:
        return False
    return _arguments_conform(value, type_, step)


def _arguments_conform(value: Any, type_: TypeRef, step: Step) -> bool:
    arguments = type_.arguments
    if isinstance(value, Function):
        return type_.result is None or len(arguments) == len(value.parameters)
    if not arguments:
        return True
    if isinstance(value, list):
        return all(_member(item, arguments[0][1], step) for item in value)
    if isinstance(value, Range):
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(conforms(end, arguments[0][1], step) for end in ends)
    if isinstance(value, dict):
        return all(field in value and _member(value[field], of, step) for field, of in arguments)
    return True


def _member(value: Any, type_: TypeRef, step: Step) -> bool:
    """An element or entry may be null."""
    return value is None or conforms(value, type_, step)


def convert(value: Any, type_: TypeRef, wrong: Any, step: Step) -> Any:
    """The argument as a parameter's type wants it (lists of one for elements, and back) or ``wrong``."""
    try:
        if conforms(value, type_, step):
            return value
        if isinstance(value, list) and len(value) == 1 and conforms(value[0], type_, step):
            return value[0]
        if type_.name == "list" and conforms([value], type_, step):
            return [value]
    except UnknownType:
        return value
    return wrong
