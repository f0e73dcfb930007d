"""What is visible, what is readonly, what is computed: decided with FEEL before any value is checked.

form-js evaluates its conditions twice: on all values, then without the values that the first round hid
(``ConditionChecker.applyConditions`` and ``LocalExpressionContext``, 1.23). Here the rounds go on until
nothing changes, because a server also meets the values that a browser would have kept to itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.definitions.forms.model import EMPTY, Field, Section
from engine.feel import to_json

ROUNDS: Final = 8
"""Conditions that hide each other in a circle never settle; an even round is the one form-js stops at."""

MISSING: Final = object()


@dataclass(frozen=True)
class Scope:
    """What an expression sees (form-js ``buildExpressionContext``).

    ``data``: the values of the whole form over the process variables; their names are used bare.
    ``this``: the object around the component; ``parent`` and ``i`` exist for the rows of a list.
    """

    data: Mapping[str, Any]
    this: Mapping[str, Any]
    parent: Mapping[str, Any] | None = None
    i: tuple[int, ...] = ()

    def names(self) -> dict[str, Any]:
        """The scope as FEEL takes it. A field that is called ``this`` wins over the special name."""
        special = {"this": self.this, "parent": self.parent, "i": list(self.i)}
        return {**special, **self.data, **{f"_{name}_": value for name, value in special.items()}}

    def row(self, this: Mapping[str, Any], index: int) -> "Scope":
        """The scope of one row of a list in this scope; ``index`` counts from 0, ``i`` from 1."""
        parent = Scope(self.this, self.this, self.parent, self.i).names()
        return Scope(self.data, this, parent, (*self.i, index + 1))


@dataclass(frozen=True)
class Resolution:
    """``off``: names of fields that are hidden or readonly now. ``computed``: expression fields, as JSON."""

    off: frozenset[str]
    scope: Scope
    names: Mapping[str, Any]
    computed: Mapping[str, Any]


def resolve(
    section: Section,
    values: Mapping[str, Any],
    base: Mapping[str, Any],
    outer: Scope | None = None,
    index: int = 0,
) -> Resolution:
    """Evaluate the conditions and expressions of a section.

    ``values``: what was submitted, by field name, empty values as form-js has them. ``base``: what the object
    held before (the process variables; nothing for a row). ``outer``, ``index``: for the row of a list.
    Raises ExpressionFailed if an expression uses up its budget.
    """
    truths: tuple[bool, ...] = (False,) * len(section.conditions)
    off = _off(section, truths)
    seen = section.always_seen | values.keys()
    for _ in range(ROUNDS):
        this = _overlay(section, {n: v for n, v in values.items() if n not in off}, base, truths)
        scope = outer.row(this, index) if outer else Scope(this, this)
        names, computed = _compute(section, off, this, scope)
        truths = tuple(condition.holds(names) for condition in section.conditions)
        before, off = off, _off(section, truths)
        if off & seen == before & seen:
            break
    return Resolution(off, scope, names, computed)


def untouched(section: Section) -> Resolution:
    """The resolution of a section without any FEEL in it."""
    return Resolution(section.locked, Scope(EMPTY, EMPTY), EMPTY, EMPTY)


def value_at(data: Any, path: Sequence[str]) -> Any:
    """The value under nested keys, or ``MISSING``."""
    for part in path:
        if not isinstance(data, Mapping) or part not in data:
            return MISSING
        data = data[part]
    return data


def put(target: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a value under nested keys. What stands in the way and is no object is replaced."""
    for part in path[:-1]:
        below = target.get(part)
        if not isinstance(below, dict):
            below = target[part] = {}
        target = below
    target[path[-1]] = value


def _off(section: Section, truths: tuple[bool, ...]) -> frozenset[str]:
    if not any(truths):
        return section.locked
    return section.locked.union(
        f.name for f in section.conditional if any(truths[i] for i in f.hidden_by + f.locked_by)
    )


def _overlay(
    section: Section, values: Mapping[str, Any], base: Mapping[str, Any], truths: tuple[bool, ...]
) -> dict[str, Any]:
    """Submitted values over what was there over what the form begins with.

    A hidden field shows the value that was there before. Within a group with a path it does so only if all of
    the group is hidden: form-js merges the objects at the top, and so has nothing for a part of one.
    """
    hidden = {f.name for f in section.conditional if any(truths[i] for i in f.hidden_by)}
    partly = {f.path[0] for f in section.fields if len(f.path) > 1 and f.name not in hidden}
    this = dict(base)
    for nested in section.nested:
        this[nested] = _copy(this.get(nested))
    for field in section.fields:
        value = values.get(field.name, MISSING)
        if value is MISSING:
            lost = len(field.path) > 1 and field.name in hidden and field.path[0] in partly
            value = None if lost else _earlier(field, base)
        put(this, field.path, value)
    return this


def _earlier(field: Field, base: Mapping[str, Any]) -> Any:
    """What a field shows when nothing was submitted for it."""
    value = MISSING if field.fresh else value_at(base, field.path)
    if value is MISSING:
        return field.initial
    return field.empty if value is None else value


def _copy(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    return {k: _copy(v) if isinstance(v, Mapping) else v for k, v in value.items()}


def _compute(
    section: Section, off: frozenset[str], this: dict[str, Any], scope: Scope
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Expression fields in the order of the form, each seeing the ones before it."""
    computed: dict[str, Any] = {}
    names = scope.names()
    for field in section.fields:
        if field.expression is not None and field.name not in off:
            computed[field.name] = to_json(field.expression.evaluate(names))
            put(this, field.path, computed[field.name])
            names = scope.names()
    return names, computed
