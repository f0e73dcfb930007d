"""The variables of a case in the words of its forms, without what is sealed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine

from engine import catalog
from engine.definitions.forms import Form
from engine.queries.instances import require_visible
from engine.queries.submissions import read_submissions
from engine.queries.variables import read_variables
from engine.store import reading
from engine.types import Actor, VariableDescription, VariableView


def describe_variables(database: Engine, actor: Actor, instance_id: str) -> list[VariableDescription]:
    """The instance's own variables by name, as a page may show them to whoever does not work on the case.

    The words are those of the form that was filled in last. What is sealed is there without its value. Raises
    ``InstanceNotFound``.
    """
    with reading(database) as tx:
        require_visible(tx, actor, instance_id)
        forms = _forms(tx, instance_id)
        variables = read_variables(tx, [instance_id])
    return [described for variable in variables for described in _describe(variable, forms)]


def _forms(tx: Connection, instance_id: str) -> list[Form]:
    """The forms that were filled in, the last one first."""
    submissions = read_submissions(tx, instance_id)[::-1]
    places = dict.fromkeys((each.agency_id, each.form_id) for each in submissions if each.form_id)
    found = [catalog.latest_form(tx, agency_id, form_id) for agency_id, form_id in places]
    return [form for form in found if form is not None]


def _describe(variable: VariableView, forms: Sequence[Form]) -> list[VariableDescription]:
    form = next((form for form in forms if variable.name in form.keys), None)
    label = form.labels.get(variable.name, "") if form else ""
    if variable.sealed or (form and variable.name in form.sealed):
        return [VariableDescription(variable.name, label or variable.name, None, True)]
    facts = form.describe({variable.name: variable.value}) if form else []
    if not facts:
        return [VariableDescription(variable.name, label or variable.name, variable.value, False)]
    return [
        VariableDescription(fact.key, fact.label or fact.key, _plain(fact.display), False) for fact in facts
    ]


def _plain(display: Any) -> Any:
    """Rows of facts as rows of (label, value)."""
    if not isinstance(display, tuple):
        return display
    return tuple(tuple((fact.label or fact.key, _plain(fact.display)) for fact in row) for row in display)
