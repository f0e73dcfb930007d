"""Whether a value is of a type, and values made to fit one (DMN 1.5, 10.3.2.9)."""

from typing import Any, Protocol

from engine.feel.limits import NESTING
from engine.feel.syntax.nodes import TypeRef

from .arithmetic import midnight
from .kinds import TYPES, Function, Range
from .temporal import Date

_GENERIC = frozenset({"list", "range", "context", "function"})
"""Types that say nothing without ``<...>`` (DMN 1.5, Table 61)."""


class OwnType(Protocol):
    """A type that a model defines (DMN 1.5, 7.3.3: item definition)."""

    def conforms(self, value: Any, run: Any) -> bool:
        """Whether a value, not null, is of the type. ``run``: the evaluation that asks."""

    def admits(self, value: Any, run: Any) -> bool:
        """Whether a value of the type is among the allowed ones."""

    def shape(self) -> TypeRef:
        """What it is in FEEL's own types."""


class UnknownType(Exception):
    """The name of a type that FEEL does not have, or one that lacks its arguments."""


def conforms(value: Any, type_: TypeRef, run: Any) -> bool:
    """``value instance of type_``. Null is an instance of ``Null`` only. Raises UnknownType."""
    run.step(1)
    if type_.own is not None:
        return value is not None and bool(type_.own.conforms(value, run))
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
    return _arguments_conform(value, type_, run)


def _arguments_conform(value: Any, type_: TypeRef, run: Any) -> bool:
    arguments = type_.arguments
    if isinstance(value, Function):
        return _function_conforms(value, type_)
    if not arguments:
        return True
    if isinstance(value, list):
        return all(_member(item, arguments[0][1], run) for item in value)
    if isinstance(value, Range):
        ends = [end for end in (value.low, value.high) if end is not None]
        return all(conforms(end, arguments[0][1], run) for end in ends)
    if isinstance(value, dict):
        return all(field in value and _member(value[field], of, run) for field, of in arguments)
    return True


def _function_conforms(value: Function, type_: TypeRef) -> bool:
    """It takes at least what is expected, and gives at most that (DMN 1.5, 10.3.2.9.2: type conformance)."""
    if type_.result is None:
        return True
    if len(type_.arguments) != len(value.parameters):
        return False
    taken = zip(type_.arguments, value.types or (None,) * len(value.parameters), strict=True)
    return all(_type_conforms(expected, own) for (_, expected), own in taken) and (
        value.result is None or _type_conforms(value.result, type_.result)
    )


def _type_conforms(type_: TypeRef, to: TypeRef | None, depth: int = 0) -> bool:
    """Whether all values of one type are of another; what is nested too deeply is taken to be."""
    if to is None or to.name == "Any" or type_.name == "Null" or depth > NESTING:
        return True
    if type_.own is not None or to.own is not None:
        known = type_.own is not None and type_.own is to.own
        return known or _type_conforms(_shape(type_), _shape(to), depth + 1)
    if type_.name != to.name:
        return False
    if type_.name == "context":
        fields = dict(type_.arguments)
        return all(name in fields and _type_conforms(fields[name], t, depth + 1) for name, t in to.arguments)
    if type_.name == "function":
        return _functions_conform(type_, to, depth + 1)
    pairs = zip(type_.arguments, to.arguments, strict=False)
    return all(_type_conforms(one, other, depth + 1) for (_, one), (_, other) in pairs)


def _functions_conform(type_: TypeRef, to: TypeRef, depth: int) -> bool:
    if to.result is None or type_.result is None:
        return True
    if len(type_.arguments) != len(to.arguments):
        return False
    taken = zip(type_.arguments, to.arguments, strict=True)
    is_taken = all(_type_conforms(expected, own, depth) for (_, own), (_, expected) in taken)
    return is_taken and _type_conforms(type_.result, to.result, depth)


def _shape(type_: TypeRef) -> TypeRef:
    return type_ if type_.own is None else type_.own.shape()


def _member(value: Any, type_: TypeRef, run: Any) -> bool:
    """An element or entry may be null."""
    return value is None or conforms(value, type_, run)


def convert(value: Any, type_: TypeRef, wrong: Any, run: Any) -> Any:
    """The value as a type wants it, after the implicit conversions of DMN 1.5, 10.3.2.9.4; or ``wrong``.

    A list of one for its element and back, a date for a date and time (midnight UTC). Null fits every type;
    a value that is not among the allowed ones is wrong.
    """
    if value is None:
        return None
    found = _converted(value, type_, wrong, run)
    return found if found is wrong or admitted(found, type_, run) else wrong


def admitted(value: Any, type_: TypeRef, run: Any) -> bool:
    """Whether a value of a type is allowed, and so are the elements of a list."""
    if value is None:
        return True
    if type_.own is not None:
        return bool(type_.own.admits(value, run))
    if type_.name != "list" or not type_.arguments or not isinstance(value, list):
        return True
    return all(admitted(item, type_.arguments[0][1], run) for item in value)


def _converted(value: Any, type_: TypeRef, wrong: Any, run: Any) -> Any:
    try:
        if conforms(value, type_, run):
            return value
        if isinstance(value, list) and len(value) == 1 and conforms(value[0], type_, run):
            return value[0]
        if not isinstance(value, list) and conforms([value], type_, run):
            return [value]
        if isinstance(value, Date) and conforms(midnight(value), type_, run):
            return midnight(value)
    except UnknownType:
        return value
    return wrong
