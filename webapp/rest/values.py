"""Camunda's typed variables, dates and booleans, in and out."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from engine.errors import VariableInvalid
from engine.types import VariableView

Json = dict[str, Any]
_INTEGERS = {"integer": 2**31, "long": 2**63, "short": 2**15}


def write_moment(value: datetime | None) -> str | None:
    """Camunda's form of a moment: ``2026-03-30T16:00:00.000+0000``."""
    if value is None:
        return None
    value = value.astimezone(UTC)
    return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}+0000"


def read_moment(text: str) -> datetime:
    """An aware moment from Camunda's form or ISO 8601. Raises ``ValueError``."""
    # A plus in a query string that was not escaped arrives as a blank.
    text = re.sub(r" (\d\d:?\d\d)$", r"+\1", text.strip())
    value = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text))
    if value.tzinfo is None:
        raise ValueError("a date and time needs its offset, as in 2026-03-30T16:00:00.000+0700")
    return value


def read_boolean(text: str) -> bool:
    """``true`` or ``false`` in any letter case. Raises ``ValueError``."""
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


def read_integer(text: str) -> int:
    """A whole number that is not negative. Raises ``ValueError``."""
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) >= 2**31:
        raise ValueError(f"a whole number from 0 to {2**31 - 1}")
    return int(text)


def read_variables(body: Any) -> Json:
    """JSON values by name from ``{name: {"value": ..., "type": ...}}``. Raises ``VariableInvalid``."""
    if body is None:
        return {}
    if not isinstance(body, dict):
        raise VariableInvalid(name="variables", reason="an object of names is expected")
    return {name: _read_variable(name, typed) for name, typed in body.items()}


def _read_variable(name: str, typed: Any) -> Any:
    if not isinstance(typed, dict) or not set(typed) <= {"value", "type", "valueInfo", "local"}:
        raise VariableInvalid(name=name, reason='{"value": ..., "type": ...} is expected')
    if typed.get("local"):
        raise VariableInvalid(name=name, reason="local variables are not supported")
    kind, value = typed.get("type"), typed.get("value")
    if not (kind is None or isinstance(kind, str)):
        raise VariableInvalid(name=name, reason="the type is a text")
    return _typed(name, (kind or "").lower(), value)


def _typed(name: str, kind: str, value: Any) -> Any:
    if value is None or kind == "null":
        return None
    wrong = VariableInvalid(name=name, reason=f"the value is not of the type {kind.capitalize()}")
    match kind:
        case "":
            return value
        case "string" | "date" | "file" if isinstance(value, str) and kind != "file":
            return value
        case "boolean" if isinstance(value, bool):
            return value
        case "boolean" if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        case "integer" | "long" | "short" if isinstance(value, int) and not isinstance(value, bool):
            if not -_INTEGERS[kind] <= value < _INTEGERS[kind]:
                raise wrong
            return value
        case "double" if isinstance(value, int | float) and not isinstance(value, bool):
            return value
        case "json" | "object":
            return _parsed(wrong, value)
        case "string" | "date" | "boolean" | "integer" | "long" | "short" | "double":
            raise wrong
    raise VariableInvalid(name=name, reason=f"the type {kind.capitalize()} is not supported")


def _parsed(wrong: VariableInvalid, value: Any) -> Any:
    """Lists and objects arrive as Camunda's type ``Json``: JSON in a text; as they are is fine too."""
    if not isinstance(value, str):
        return value
    try:
        return orjson.loads(value)
    except orjson.JSONDecodeError as error:
        raise wrong from error


def write_variable(value: Any, *, sealed: bool = False) -> Json:
    """Camunda's ``{"value", "type", "valueInfo"}``. Lists and objects are ``Json``: text in ``value``."""
    info: Json = {"sealed": True} if sealed else {}
    match value:
        case None:
            kind = "Null"
        case bool():
            kind = "Boolean"
        case int():
            kind = "Integer" if -(2**31) <= value < 2**31 else "Long"
        case float():
            kind = "Double"
        case str():
            kind = "String"
        case _:
            kind, value = "Json", orjson.dumps(value).decode()
    return {"type": kind, "value": value, "valueInfo": info}


def write_view(variable: VariableView) -> Json:
    """A variable as Camunda writes it; a sealed one that the caller may not read has come without its
    value.
    """
    return write_variable(variable.value, sealed=variable.sealed)


def write_variables(variables: Iterable[VariableView]) -> dict[str, Json]:
    """Typed variables by name; the first of a name wins (innermost scope first). As ``write_view``."""
    result: dict[str, Json] = {}
    for variable in variables:
        result.setdefault(variable.name, write_view(variable))
    return result


def plain(values: Mapping[str, Any], sealed: Container[str] = ()) -> dict[str, Json]:
    """Typed variables of plain values by name; those of ``sealed`` names without their values."""
    return {
        name: write_variable(None, sealed=True) if name in sealed else write_variable(value)
        for name, value in values.items()
    }
