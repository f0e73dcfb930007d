"""One value against its field: a sentence if something is wrong with it, else None."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from jsonschema_rs import ValidationError

from engine import clock
from engine.definitions.forms import words
from engine.definitions.forms.components import Kind
from engine.definitions.forms.formats import read_date, read_datetime
from engine.definitions.forms.fragments import MAX_ROWS, as_number, plain_text
from engine.definitions.forms.model import Field, Section

Fault = tuple[str, dict[str, Any]]
"""A template and its parameters besides the label."""

CLOCK_SKEW: Final = timedelta(minutes=10)
"""A telephone whose clock is so far ahead may still write 'now'."""


def schema_faults(section: Section, flat: Mapping[str, Any]) -> dict[str, Fault]:
    """What the JSON Schema of a section finds: field name -> the first fault of that field."""
    fields = {f.name: f for f in section.fields}
    found: dict[str, Fault] = {
        name: (words.UNREADABLE, {}) for name, v in flat.items() if not _can_be_kept(v)
    }
    readable = {name: value for name, value in flat.items() if name not in found} if found else flat
    for error in section.validator.iter_errors(readable):
        name = str(error.instance_path[0])
        found.setdefault(name, _fault(fields[name], error))
    return found


def required_fault(field: Field) -> Fault:
    """What to say when a required field has no value."""
    return words.REQUIRED[field.kind], {}


def limit_fault(field: Field, value: Any, names: Mapping[str, Any], zone: ZoneInfo) -> Fault | None:
    """What only the moment or other values can tell: bounds that are FEEL, dates past and future.

    ``value`` has passed the schema. Raises ExpressionFailed.
    """
    for name, expression in field.bounds:
        limit = as_number(expression.evaluate(names))
        if limit is not None:
            fault = _bound_fault(name, value, limit)
            if fault:
                return fault
    return _moment_fault(field, value, zone) if field.not_future or field.not_past else None


def _can_be_kept(value: Any) -> bool:
    """Whether a value is JSON that every database takes: no half characters, no null characters."""
    if isinstance(value, str):
        return "\0" not in value and (value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value))
    if isinstance(value, list):
        return all(map(_can_be_kept, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _can_be_kept(key) and _can_be_kept(value[key]) for key in value)
    return value is None or isinstance(value, bool | int | float | Decimal)


def _fault(field: Field, error: ValidationError) -> Fault:
    keyword, limit = error.kind.name, plain_text(getattr(error.kind, "limit", None))
    if field.kind is Kind.NUMBER:
        return _number_fault(field, keyword, limit, in_all_of="allOf" in error.schema_path)
    if field.kind is Kind.TEXT:
        return _text_fault(field, keyword, limit)
    if keyword == "uniqueItems":
        return words.TWICE, {}
    return words.WRONG_TYPE[field.kind], {"rows": MAX_ROWS} if field.kind is Kind.ROWS else {}


def _number_fault(field: Field, keyword: str, limit: str, *, in_all_of: bool) -> Fault:
    if keyword == "minimum":
        return words.MINIMUM, {"limit": limit}
    if keyword == "maximum":
        return words.MAXIMUM, {"limit": limit}
    if keyword == "multipleOf" and in_all_of:
        step = Decimal(str(field.schema["allOf"][0]["multipleOf"]))
        return words.DECIMALS, {"digits": -step.adjusted()}
    if keyword == "multipleOf":
        return words.STEP, {"step": plain_text(field.schema["multipleOf"])}
    return (words.WHOLE_NUMBER if field.schema["type"] == "integer" else words.WRONG_TYPE[Kind.NUMBER]), {}


def _text_fault(field: Field, keyword: str, limit: str) -> Fault:
    match keyword:
        case "minLength":
            return words.TOO_SHORT, {"limit": limit}
        case "maxLength":
            return words.TOO_LONG, {"limit": limit}
        case "format":
            return (words.EMAIL if field.schema["format"] == "form-email" else words.PHONE), {}
        case "type":
            return words.WRONG_TYPE[Kind.TEXT], {}
    return (words.OWN_WORDS, {"message": field.message}) if field.message else (words.PATTERN, {})


def _bound_fault(name: str, value: Any, limit: Decimal) -> Fault | None:
    length = name.endswith("Length")
    size = Decimal(len(value)) if length else as_number(value)
    if size is None or (size >= limit if name.startswith("min") else size <= limit):
        return None
    low, high = (words.TOO_SHORT, words.TOO_LONG) if length else (words.MINIMUM, words.MAXIMUM)
    return (low if name.startswith("min") else high), {"limit": plain_text(limit)}


def _moment_fault(field: Field, value: str, zone: ZoneInfo) -> Fault | None:
    now = clock.now().astimezone(zone)
    if field.kind is Kind.DATE:
        day, past, future = read_date(value), now.date(), now.date()
        return _outside(field, day, past, future)
    if field.kind is Kind.DATETIME:
        moment = read_datetime(value)
        if moment is not None and moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        return _outside(field, moment, datetime.combine(now.date(), time(), zone), now + CLOCK_SKEW)
    return None


def _outside(field: Field, moment: Any, first: date | datetime, last: date | datetime) -> Fault | None:
    if moment is None:
        return None
    if field.not_future and moment > last:
        return words.IN_FUTURE, {}
    return (words.IN_PAST, {}) if field.not_past and moment < first else None
