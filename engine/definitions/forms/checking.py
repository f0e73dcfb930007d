"""A submission against a form: what is hidden is dropped, what is wrong is said, the rest comes back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.definitions.forms import words
from engine.definitions.forms.components import Kind
from engine.definitions.forms.fragments import as_number, plain_text
from engine.definitions.forms.judging import Fault, limit_fault, required_fault, schema_faults
from engine.definitions.forms.model import EMPTY, Field, Section
from engine.definitions.forms.resolving import (
    MISSING,
    Resolution,
    Scope,
    put,
    resolve,
    untouched,
    value_at,
)
from engine.errors import FieldError

MAX_DEPTH: Final = 32
MAX_VALUES: Final = 20_000
_NAME_SHOWN: Final = 100

_LINE_BREAKS: Final = str.maketrans("\r\n\t", "   ")


@dataclass(frozen=True)
class Place:
    """Where a section stands: ``prefix`` of its field names, ``label`` of the row, the scope around it."""

    zone: ZoneInfo
    prefix: str = ""
    label: str = ""
    scope: Scope | None = None
    index: int = 0


@dataclass
class Outcome:
    """Accepted values, nested as in the form, and what is wrong, in the order of the form."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: list[FieldError] = field(default_factory=list)


def check_size(data: Any) -> FieldError | None:
    """Refuse what no form can hold before anything recurses into it."""
    if not isinstance(data, dict):
        return FieldError("", words.NO_DATA)
    level: list[dict[str, Any] | list[Any]] = [data]
    count = 0
    for _ in range(MAX_DEPTH):
        below = [v for box in level for v in (box.values() if isinstance(box, dict) else box)]
        count += len(below)
        if count > MAX_VALUES:
            return FieldError("", words.TOO_MUCH, {"limit": MAX_VALUES})
        level = [v for v in below if isinstance(v, dict | list)]
        if not level:
            return None
    return FieldError("", words.TOO_DEEP, {"limit": MAX_DEPTH})


def check_section(
    section: Section, data: Mapping[str, Any], base: Mapping[str, Any], place: Place
) -> Outcome:
    """Check one object of values.

    ``data``: the object as it came. ``base``: what it held before (the process variables at the root).
    Raises ExpressionFailed if a condition uses up its budget.
    """
    sent = dict(_submitted(section, data))
    now = resolve(section, sent, base, place.scope, place.index) if section.computes else untouched(section)
    flat = {
        f.name: _for_schema(f, sent[f.name])
        for f in section.fields
        if f.name in sent and f.name not in now.off and not _is_empty(f, sent[f.name])
    }
    faults = schema_faults(section, flat)
    outcome = Outcome()
    for item in section.fields:
        if item.kind is Kind.COMPUTED:
            if item.name in now.computed:
                put(outcome.values, item.path, now.computed[item.name])
        elif item.name not in now.off:
            _settle(item, sent.get(item.name, MISSING), faults.get(item.name), now, place, outcome)
    outcome.errors += _strangers(section.tree, data, place.prefix)
    return outcome


def _submitted(section: Section, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Field name -> value as form-js would have sent it, for the fields that were sent and may be."""
    for item in section.fields:
        if item.locked or item.kind is Kind.COMPUTED:
            continue
        value = value_at(data, item.path)
        if value is MISSING:
            continue
        if isinstance(value, str) and item.kind is Kind.TEXT:
            value = (value.translate(_LINE_BREAKS) if item.one_line else value).strip()
        if value is None or value in ("", []):
            value = item.empty
        yield item.name, value


def _is_empty(item: Field, value: Any) -> bool:
    return value is None or value in ("", []) or (value is False and item.kind is Kind.CHECKBOX)


def _for_schema(item: Field, value: Any) -> Any:
    """The value that the schema of the field is about: a number that form-js wrote as text is that number."""
    if not (item.numeric_text and isinstance(value, str)):
        return value
    number = as_number(value)
    return value if number is None else number


def _settle(
    item: Field, value: Any, fault: Fault | None, now: Resolution, place: Place, outcome: Outcome
) -> None:
    """Accept one visible field or say what is wrong with it."""
    if value is MISSING and item.empty == [] and not item.required:
        value = []
    if value is MISSING or _is_empty(item, value):
        if item.required:
            fault = required_fault(item)
        elif value is not MISSING:
            put(outcome.values, item.path, item.empty)
    elif fault is None:
        fault = limit_fault(item, value, now.names, place.zone)
        if fault is None and item.rows is not None:
            value = _check_rows(item, item.rows, value, now, place, outcome)
        put(outcome.values, item.path, _kept(item, value))
    if fault is not None:
        template, more = fault
        outcome.errors.append(
            FieldError(place.prefix + item.name, template, words.parameters(place.label + item.label, **more))
        )


def _kept(item: Field, value: Any) -> Any:
    """The value as form-js would have submitted it."""
    if item.numeric_text:
        return value if isinstance(value, str) else plain_text(value)
    return int(value) if isinstance(value, float) and item.schema.get("type") == "integer" else value


def _check_rows(
    item: Field, rows: Section, value: list[Any], now: Resolution, place: Place, outcome: Outcome
) -> list[dict[str, Any]]:
    """The accepted rows. A row that form-js left out because all of it is hidden arrives as null."""
    accepted = []
    for index, row in enumerate(value):
        inner = replace(
            place,
            prefix=f"{place.prefix}{item.name}.{index}.",
            label=f"{place.label}{item.label} {index + 1}: ",
            scope=now.scope,
            index=index,
        )
        checked = check_section(rows, row or EMPTY, EMPTY, inner)
        accepted.append(checked.values)
        outcome.errors += checked.errors
    return accepted


def _strangers(tree: Mapping[str, Any], data: Mapping[str, Any], prefix: str) -> Iterator[FieldError]:
    """Keys that the form does not have."""
    for key, value in data.items():
        name = (prefix + str(key))[:_NAME_SHOWN].encode("utf-8", "replace").decode()
        if key not in tree:
            yield FieldError(name, words.UNKNOWN_KEY, {"key": name})
        elif tree[key] is not None and value is not None:
            if isinstance(value, Mapping):
                yield from _strangers(tree[key], value, f"{prefix}{key}.")
            else:
                yield FieldError(name, words.NOT_AN_OBJECT, {"key": name})
