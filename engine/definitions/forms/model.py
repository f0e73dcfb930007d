"""A form as values: fields, the sections they stand in, and the conditions that they share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

from jsonschema_rs import Draft202012Validator

from engine.definitions.forms.components import Kind
from engine.definitions.forms.conditions import Condition
from engine.feel import Expression


@dataclass(frozen=True)
class Field:
    """One input of a form, or one repeated list of inputs.

    ``path`` is where the value lies in its section, ``name`` the same with dots. ``hidden_by`` and
    ``locked_by`` are indexes into the section's conditions: one of them true hides the field or makes it
    readonly. ``initial`` is the value a reader sees before anybody answered, ``empty`` the one that form-js
    submits for no answer. ``fresh``: starts empty in every round. ``rising``: values from low to high, below
    the case's own of which it may not fall. ``options`` are (value, label) pairs, None where a variable
    supplies them.
    """

    id: str
    kind: Kind
    path: tuple[str, ...]
    label: str
    required: bool = False
    locked: bool = False
    hidden_by: tuple[int, ...] = ()
    locked_by: tuple[int, ...] = ()
    initial: Any = None
    empty: Any = None
    options: tuple[tuple[Any, str], ...] | None = None
    bounds: tuple[tuple[str, Expression], ...] = ()
    one_line: bool = False
    numeric_text: bool = False
    not_past: bool = False
    not_future: bool = False
    message: str = ""
    schema: Mapping[str, Any] = field(default_factory=dict)
    expression: Expression | None = None
    member_group: str = ""
    fresh: bool = False
    rising: tuple[str, ...] = ()
    sealed: bool = False
    rows: "Section | None" = None

    @cached_property
    def name(self) -> str:
        """The path with dots, as errors and labels name the field."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Section:
    """Fields that live in one object: the form itself, or one row of a dynamic list.

    ``tree`` holds the keys that the object may have (a dict for a nested object, None for a value).
    ``validator`` checks a flat object of field names and values; it demands no presence, because what must
    be there depends on what is hidden. So it is compiled once and fits every combination.
    """

    fields: tuple[Field, ...]
    conditions: tuple[Condition, ...]
    tree: Mapping[str, Any]
    validator: Draft202012Validator

    @cached_property
    def nested(self) -> frozenset[str]:
        """Keys that hold objects, because fields lie below them."""
        return frozenset(f.path[0] for f in self.fields if len(f.path) > 1)

    @cached_property
    def locked(self) -> frozenset[str]:
        """Names of the fields that nobody may fill in, whatever the conditions say."""
        return frozenset(f.name for f in self.fields if f.locked)

    @cached_property
    def conditional(self) -> tuple[Field, ...]:
        """Fields that a condition may take out of the form."""
        return tuple(f for f in self.fields if f.hidden_by or f.locked_by)

    @cached_property
    def always_seen(self) -> frozenset[str]:
        """Names of fields whose hiding changes what expressions see although nothing was submitted."""
        return frozenset(f.name for f in self.fields if f.expression is not None or len(f.path) > 1)

    @cached_property
    def computes(self) -> bool:
        """Whether anything in the section needs FEEL, and so a scope."""
        return bool(self.conditions) or any(f.expression or f.bounds or f.rows for f in self.fields)


EMPTY: Mapping[str, Any] = MappingProxyType({})
