"""The kinds of form-js components (1.23) and what each of them does to data."""

from enum import StrEnum
from typing import Any, Final


class Kind(StrEnum):
    """What a field holds; decides how a value is checked, shown and asked for."""

    TEXT = "text"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    FILE = "file"
    ROWS = "rows"
    COMPUTED = "computed"


FIELD_KINDS: Final = {
    "textfield": Kind.TEXT,
    "textarea": Kind.TEXT,
    "number": Kind.NUMBER,
    "checkbox": Kind.CHECKBOX,
    "radio": Kind.CHOICE,
    "select": Kind.CHOICE,
    "checklist": Kind.CHOICES,
    "taglist": Kind.CHOICES,
    "filepicker": Kind.FILE,
    "expression": Kind.COMPUTED,
}
"""Type of a component with a key -> kind. ``datetime`` is missing: its subtype decides."""

DATETIME_KINDS: Final = {"date": Kind.DATE, "time": Kind.TIME, "datetime": Kind.DATETIME}

KEYED: Final = frozenset(FIELD_KINDS) | {"datetime"}
CONTAINERS: Final = frozenset({"group", "dynamiclist"})
SILENT: Final = frozenset(
    {"text", "html", "image", "table", "button", "separator", "spacer", "iframe", "documentPreview"}
)
"""Types that only show something: no key, no value."""

CHOOSING: Final = frozenset({"radio", "select", "checklist", "taglist"})
KNOWN: Final = KEYED | CONTAINERS | SILENT

_EMPTY: Final[dict[Kind, Any]] = {Kind.TEXT: "", Kind.CHECKBOX: False}
_LISTS: Final = frozenset({Kind.CHOICES, Kind.ROWS, Kind.FILE})


def kind_of(component: dict[str, Any]) -> Kind:
    """The kind of a component with a key; a datetime without a subtype is a date, as in form-js."""
    if component["type"] == "datetime":
        return DATETIME_KINDS[component.get("subtype", "date")]
    return FIELD_KINDS[component["type"]]


def empty_value(kind: Kind) -> Any:
    """What form-js submits for a field that nobody touched (its ``emptyValue``)."""
    return [] if kind in _LISTS else _EMPTY.get(kind)


def is_repeating(component: dict[str, Any]) -> bool:
    """Whether the children of a container come once a row."""
    return component["type"] == "dynamiclist" and component.get("isRepeating", True) is not False


def label_of(component: dict[str, Any]) -> str:
    """The words beside a field, or its key where the analyst wrote none. Never empty for a field."""
    words = component.get("label")
    if component["type"] == "datetime":
        time_only = component.get("subtype") == "time"
        words = component.get("timeLabel" if time_only else "dateLabel") or words
    if isinstance(words, str) and words.strip():
        return words.strip()
    return str(component.get("key") or component.get("path") or "")


def options_of(component: dict[str, Any]) -> tuple[tuple[Any, str], ...] | None:
    """The (value, label) pairs that form-js offers for static ``values``; None if they come from a variable.

    form-js leaves out what has no usable value, and so does this.
    """
    if "valuesKey" in component or "valuesExpression" in component:
        return None
    values = component.get("values")
    pairs = (_option(entry) for entry in (values if isinstance(values, list) else []))
    return tuple(pair for pair in pairs if pair is not None)


def _option(entry: Any) -> tuple[Any, str] | None:
    if _is_plain(entry):
        return entry, _words(entry)
    if not isinstance(entry, dict):
        return None
    label, value = entry.get("label"), entry.get("value")
    if isinstance(label, str) and label and (_is_plain(value) or (isinstance(value, dict) and value)):
        return value, label
    return (value, _words(value)) if not label and _is_plain(value) else None


def _is_plain(value: Any) -> bool:
    return value is False or (isinstance(value, str | int | float) and (value == 0 or bool(value)))


def _words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
