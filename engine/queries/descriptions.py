"""The variables of a case in the words of its forms, without what is sealed."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Engine

from engine import catalog
from engine.definitions.forms import Field, Form, Kind
from engine.errors import N_, VariableInvalid
from engine.queries.instances import read_instance, require_visible
from engine.queries.members import members
from engine.queries.submissions import read_submissions
from engine.queries.variables import read_variables
from engine.store import reading
from engine.types import Actor, ValueKind, VariableDescription, VariableField, VariableView

_KINDS: Mapping[Kind, ValueKind] = MappingProxyType(
    {
        Kind.TEXT: ValueKind.TEXT,
        Kind.NUMBER: ValueKind.NUMBER,
        Kind.CHECKBOX: ValueKind.YES_NO,
        Kind.DATE: ValueKind.DATE,
        Kind.TIME: ValueKind.TIME,
        Kind.DATETIME: ValueKind.DATETIME,
        Kind.CHOICES: ValueKind.COMPOUND,
        Kind.FILE: ValueKind.COMPOUND,
        Kind.ROWS: ValueKind.COMPOUND,
    }
)
"""How the value of a field is written; a choice that offers nothing and what is computed: as text."""


def describe_variables(database: Engine, actor: Actor, instance_id: str) -> list[VariableDescription]:
    """The instance's own variables by name, as a page may show them to whoever does not work on the case.

    The words are those of the form that was filled in last. What is sealed is there without its value. Raises
    ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        forms = _forms(tx, instance_id)
        variables = read_variables(tx, [instance_id])  # sealed ones without their values
    return [described for variable in variables for described in _describe(variable, forms)]


def describe_named(tx: Connection, instance_id: str, names: Collection[str]) -> list[VariableDescription]:
    """Some of the instance's own variables with their values, sealed ones too: the caller has decided that
    they may be read (a share names them)."""
    forms = _forms(tx, instance_id)
    every = read_variables(tx, [instance_id], opened=[instance_id])
    found = [variable for variable in every if variable.name in names]
    return [described for variable in found for described in _describe(variable, forms, openly=True)]


def variable_field(database: Engine, actor: Actor, instance_id: str, name: str) -> VariableField:
    """One of the instance's own variables, as whoever corrects it is asked for it.

    Raises ``InstanceNotFound``, and ``VariableInvalid`` where there is no such variable.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        opened = [instance_id]  # to see what kind of value it is
        found = [view for view in read_variables(tx, [instance_id], opened=opened) if view.name == name]
        if not found:
            raise VariableInvalid(name=name[:50], reason=N_("the case has no such value"))
        form = _form_of(_forms(tx, instance_id), name)
        field = next((each for each in form.fields if each.path == (name,)), None) if form else None
        options = _options(tx, read_instance(tx, instance_id).agency_id, field) if field else ()
        value, sealed = found[0].value, _is_sealed(found[0], form)
        kind = ValueKind.CHOICE if options else _kind(value, field)
        if isinstance(value, list | dict) or (form and not field):  # an object of several fields
            kind, options = ValueKind.COMPOUND, ()
        label = field.label if field else name
        return VariableField(name, label, None if sealed else value, sealed, kind, options)


def _options(tx: Connection, agency_id: str, field: Field) -> tuple[tuple[Any, str], ...]:
    """What a field that takes one answer offers; nothing where that is not known here."""
    if field.kind is not Kind.CHOICE:
        return ()
    if field.member_group:
        found = members(tx, agency_id, field.member_group)
        return tuple((each["value"], each["label"]) for each in found)
    plain = all(isinstance(value, str | int | float) for value, _ in field.options or ())
    return field.options or () if plain else ()


def _kind(value: Any, field: Field | None) -> ValueKind:
    """What is a number or a yes stays one; the rest is as the field has it."""
    if isinstance(value, bool):
        return ValueKind.YES_NO
    if isinstance(value, int | float):
        return ValueKind.NUMBER
    if field is None or field.numeric_text:
        return ValueKind.TEXT
    return _KINDS.get(field.kind, ValueKind.TEXT)


def _form_of(forms: Sequence[Form], name: str) -> Form | None:
    """The form that speaks for a variable."""
    return next((form for form in forms if name in form.keys), None)


def _is_sealed(variable: VariableView, form: Form | None) -> bool:
    return variable.sealed or (form is not None and variable.name in form.sealed)


def _forms(tx: Connection, instance_id: str) -> list[Form]:
    """The forms that were filled in, the last one first."""
    submissions = read_submissions(tx, instance_id, opened=False)[::-1]
    places = dict.fromkeys((each.agency_id, each.form_id) for each in submissions if each.form_id)
    found = [catalog.latest_form(tx, agency_id, form_id) for agency_id, form_id in places]
    return [form for form in found if form is not None]


def _describe(
    variable: VariableView, forms: Sequence[Form], *, openly: bool = False
) -> list[VariableDescription]:
    form = _form_of(forms, variable.name)
    label = form.labels.get(variable.name, "") if form else ""
    sealed = _is_sealed(variable, form)
    if sealed and not openly:
        return [VariableDescription(variable.name, label or variable.name, None, True)]
    facts = form.describe({variable.name: variable.value}) if form else []
    if not facts:
        return [VariableDescription(variable.name, label or variable.name, variable.value, sealed)]
    return [
        VariableDescription(fact.key, fact.label or fact.key, _plain(fact.display), sealed) for fact in facts
    ]


def _plain(display: Any) -> Any:
    """Rows of facts as rows of (label, value)."""
    if not isinstance(display, tuple):
        return display
    return tuple(tuple((fact.label or fact.key, _plain(fact.display)) for fact in row) for row in display)
