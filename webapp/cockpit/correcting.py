"""Correcting the data of a case: one value at a time, with a reason."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import describe_variables, instance_variables, set_variables, variable_field
from engine.errors import ExecutionFailed, VariableInvalid
from engine.types import Actor, InstanceView, ValueKind, VariableField
from webapp.auth import current_actor
from webapp.cockpit.actions import reason_problem
from webapp.cockpit.part import blueprint, managed_instance
from webapp.cockpit.steps import step_names
from webapp.cockpit.values import Value, values_of
from webapp.cockpit.written import digest_of, read_value, written
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.recording import seen
from webapp.retold import retold
from webapp.words import SYSTEM_LABELS


@blueprint.get("/instances/<instance_id>/data")
def data(instance_id: str) -> str:
    """What can be corrected of an open case; with ``name``, that value and the field for the right one."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    if name := request.args.get("name"):
        field = variable_field(database(), actor, instance_id, name)
        return _page(actor, view, field, text=written(field))
    seen(view.id, view.agency_id)
    names = {variable.name for variable in instance_variables(database(), actor, instance_id)}
    return render_template(
        "cockpit/data.html",
        instance=view,
        agency_id=view.agency_id,
        values=_values(actor, view),
        correctable=names - SYSTEM_LABELS.keys(),
        system=SYSTEM_LABELS.keys(),
    )


@blueprint.post("/instances/<instance_id>/data")
def correct(instance_id: str) -> Response | tuple[str, int]:
    """Set the variable ``name`` to ``value``, for the ``reason`` given; ``seen``: what was there before."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    field = variable_field(database(), actor, instance_id, request.form.get("name", ""))
    text, reason = _sent("value"), _sent("reason")
    if _refusal(field):
        return _page(actor, view, field), 400
    if request.form.get("seen", "") != digest_of(field):
        problem = gettext("Somebody has changed this value since. Look whether your correction still holds.")
        return _page(actor, view, field, text=text, reason=reason, problem=problem), 409
    wrong = reason_problem(reason, gettext("Write why the value is corrected."))
    label = _value(actor, view, field).label
    try:
        value, problem = read_value(field, label, text), ""
    except ValueError as error:
        value, problem = None, str(error)
    if not problem and not wrong:
        problem = _set(actor, view, field, value, reason)
    if problem or wrong:
        return _page(actor, view, field, text=text, reason=reason, problem=problem, reason_problem=wrong), 400
    flash(gettext("Corrected in the case %(key)s: %(field)s", key=view.business_key, field=label), "success")
    return redirect(url_for("cockpit.instance", instance_id=instance_id), 303)


def _sent(name: str) -> str:
    return request.form.get(name, "").strip().replace("\r\n", "\n")


def _set(actor: Actor, view: InstanceView, field: VariableField, value: object, reason: str) -> str:
    """Why the engine refuses the value; empty where it took it."""
    expected = {} if field.sealed else {field.name: field.value}
    try:
        set_variables(database(), actor, view.id, {field.name: value}, reason=reason, expected=expected)
    except VariableInvalid as error:
        return localized(error)
    except ExecutionFailed as error:
        names = step_names(actor, view.agency_id, view.definition_id, view.definition_key)
        return retold(str(error), names)
    return ""


def _refusal(field: VariableField) -> str:
    """Why a value cannot be corrected here; empty where it can."""
    if field.name in SYSTEM_LABELS:
        return gettext("The system sets this value when a case begins, and relies on it. It stays as it is.")
    if field.kind is ValueKind.COMPOUND:
        return gettext(
            "This value is a list or has several parts. It cannot be corrected on this page: "
            "ask the process analyst of your agency, who can have it done over the API."
        )
    return ""


def _values(actor: Actor, view: InstanceView) -> list[Value]:
    return values_of(describe_variables(database(), actor, view.id), view.agency_id)


def _value(actor: Actor, view: InstanceView, field: VariableField) -> Value:
    """The present value in words; of an object of several fields only the name."""
    known = (value for value in _values(actor, view) if value.name == field.name)
    return next(known, Value(field.name, field.label, "", field.sealed))


def _page(
    actor: Actor,
    view: InstanceView,
    field: VariableField,
    *,
    text: str = "",
    reason: str = "",
    problem: str = "",
    reason_problem: str = "",
) -> str:
    seen(view.id, view.agency_id, f"variable:{field.name}")
    return render_template(
        "cockpit/value.html",
        instance=view,
        agency_id=view.agency_id,
        field=field,
        value=_value(actor, view, field),
        refusal=_refusal(field),
        seen=digest_of(field),
        text=text,
        reason=reason,
        problem=problem,
        reason_problem=reason_problem,
    )
