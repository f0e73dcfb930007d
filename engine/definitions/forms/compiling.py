"""Components of a schema -> a ``Section``: paths joined, conditions shared, validators compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeGuard

from engine.definitions.forms.components import (
    CHOOSING,
    KEYED,
    Kind,
    empty_value,
    is_repeating,
    kind_of,
    label_of,
    options_of,
)
from engine.definitions.forms.conditions import parse_condition
from engine.definitions.forms.fragments import compile_validator, fragment
from engine.definitions.forms.model import Field, Section
from engine.feel import parse_expression

BOUNDS: Final = ("min", "max", "minLength", "maxLength")


@dataclass(frozen=True)
class _Place:
    """Where a component stands: under which keys, hidden by which conditions, in a sealed group."""

    path: tuple[str, ...] = ()
    hidden_by: tuple[int, ...] = ()
    sealed: bool = False


@dataclass
class _Draft:
    """A section in the making. ``conditions`` maps the text of an expression to its index."""

    fields: list[Field] = field(default_factory=list)
    conditions: dict[str, int] = field(default_factory=dict)
    tree: dict[str, Any] = field(default_factory=dict)


def compile_section(components: list[dict[str, Any]], *, sealed: bool = False) -> Section:
    """The section of a list of components.

    ``sealed``: whether a container around them is marked ``rahasia``.
    Raises ExpressionInvalid for FEEL that does not parse, jsonschema_rs.ValidationError for a pattern.
    """
    draft = _Draft()
    _collect(components, _Place(sealed=sealed), draft)
    return Section(
        fields=tuple(draft.fields),
        conditions=tuple(parse_condition(text) for text in draft.conditions),
        tree=draft.tree,
        validator=compile_validator({f.name: f.schema for f in draft.fields if f.kind is not Kind.COMPUTED}),
    )


def is_feel(value: Any) -> TypeGuard[str]:
    """Whether form-js would evaluate the value: only a text that begins with ``=``."""
    return isinstance(value, str) and value.startswith("=")


def is_sealed(component: Mapping[str, Any]) -> bool:
    """Whether the component is marked as personal data (``properties: {"rahasia": "ya"}``)."""
    return bool(component.get("properties", {}).get("rahasia") == "ya")


def _collect(components: list[dict[str, Any]], place: _Place, draft: _Draft) -> None:
    for component in components:
        here = _Place(
            place.path,
            place.hidden_by + _condition(component.get("conditional", {}).get("hide"), draft),
            place.sealed or is_sealed(component),
        )
        path = here.path + tuple(part for part in component.get("path", "").split(".") if part)
        if component["type"] in KEYED and component.get("key"):
            _add(_field(component, here, draft), draft)
        elif component["type"] == "dynamiclist" and is_repeating(component) and path != here.path:
            _add(_rows(component, path, here, draft), draft)
        elif component.get("components"):
            _collect(component["components"], _Place(path, here.hidden_by, here.sealed), draft)


def _condition(text: Any, draft: _Draft) -> tuple[int, ...]:
    if not is_feel(text):
        return ()
    return (draft.conditions.setdefault(text, len(draft.conditions)),)


def _add(found: Field, draft: _Draft) -> None:
    draft.fields.append(found)
    level = draft.tree
    for part in found.path[:-1]:
        level = level.setdefault(part, {})
    level[found.path[-1]] = None


def _field(component: dict[str, Any], place: _Place, draft: _Draft) -> Field:
    kind, validate, marks = kind_of(component), component.get("validate", {}), component.get("properties", {})
    locked = component.get("readonly")
    initial = component.get("defaultValue")
    return Field(
        id=component.get("id", ""),
        kind=kind,
        path=place.path + tuple(component["key"].split(".")),
        label=label_of(component),
        required=bool(validate.get("required")),
        locked=bool(component.get("disabled")) or (bool(locked) and not is_feel(locked)),
        hidden_by=place.hidden_by,
        locked_by=_condition(locked, draft),
        initial=empty_value(kind) if initial is None else initial,
        empty=empty_value(kind),
        options=options_of(component) if component["type"] in CHOOSING else None,
        bounds=tuple((n, parse_expression(validate[n])) for n in BOUNDS if is_feel(validate.get(n))),
        one_line=component["type"] == "textfield",
        numeric_text=kind is Kind.NUMBER and bool(component.get("serializeToString")),
        not_past=bool(component.get("disallowPassedDates")),
        not_future=marks.get("tanggal") == "tidak_di_depan",
        message=validate.get("patternErrorMessage") or "",
        schema=fragment(component, kind),
        expression=parse_expression(component["expression"])
        if is_feel(component.get("expression"))
        else None,
        member_group=marks.get("anggota") or "",
        fresh=marks.get("isian_baru") == "ya",
        rising=tuple(v.strip() for v in (marks.get("tidak_turun") or "").split(",") if v.strip()),
        sealed=place.sealed,
    )


def _rows(component: dict[str, Any], path: tuple[str, ...], place: _Place, draft: _Draft) -> Field:
    locked = component.get("readonly")
    return Field(
        id=component.get("id", ""),
        kind=Kind.ROWS,
        path=path,
        label=label_of(component),
        locked=bool(locked) and not is_feel(locked),
        hidden_by=place.hidden_by,
        locked_by=_condition(locked, draft),
        initial=[],
        empty=[],
        schema=fragment(component, Kind.ROWS),
        sealed=place.sealed,
        rows=compile_section(component.get("components", []), sealed=place.sealed),
    )
