"""What stands open in the database for everybody gets no sealed value, whatever a diagram says.

The linter refuses such a diagram; here a form marks the field only after the diagram was deployed.
"""

import pytest
from sqlalchemy import select

from engine.errors import ExecutionFailed
from engine.store import reading
from engine.store.tables import Incident
from tests.integration.engine.models import drawn, form, task
from tests.integration.engine.test_events import carrying
from tests.integration.engine.test_external_tasks import external
from tests.support.office import Office
from tests.unit.interpreter.diagrams import MESSAGE, process, throw

OPEN = form("isian", {"key": "nama"})
SECRET = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}})


@pytest.mark.parametrize(
    ("element", "what"),
    [
        (throw("b", carrying(MESSAGE, '<camunda:in businessKey="= nama"/>')), "the business key"),
        (external("b", topic="=nama"), "the topic"),
        (task("b", candidateUsers="= nama"), "the candidate users"),
        (task("b", group="= nama"), "the candidate groups"),
    ],
)
def test_a_step_that_would_show_what_is_sealed_is_refused(office: Office, element: str, what: str) -> None:
    model = task("a", formRef="isian") + element + task("c")
    office.deploy(drawn(process(model, "s > a > b > c > e")), isian_form=OPEN)
    office.deploy(isian_form=SECRET)
    case = office.start()
    with pytest.raises(ExecutionFailed, match=f"at b: {what} would show what is confidential"):
        office.do(case, "a", nama="Kenanga Ayu")
    office.opens(case, "a")
    with reading(office.database) as tx:
        [message] = tx.scalars(select(Incident.message))
    assert "Kenanga" not in message


def test_a_group_that_is_only_chosen_by_a_sealed_value_may_take_the_task(office: Office) -> None:
    chosen = '= if nama = "Kenanga Ayu" then "petugas" else "peksos"'
    model = task("a", formRef="isian") + task("b", group=chosen)
    office.deploy(drawn(process(model, "s > a > b > e")), isian_form=SECRET)
    case = office.start()
    office.do(case, "a", nama="Kenanga Ayu")
    [waiting] = office.tasks(case.id)
    assert waiting.groups == ("petugas",)


def test_a_sealed_user_id_may_name_who_has_the_task(office: Office) -> None:
    """No other text does: only a worker of the agency is ever set."""
    model = task("a", formRef="isian") + task("b", assignee="= nama")
    office.deploy(drawn(process(model, "s > a > b > e")), isian_form=SECRET)
    for said, assignee in (("petugas2@uji", "petugas2@uji"), ("Kenanga Ayu", None)):
        case = office.start()
        office.do(case, "a", nama=said)
        [waiting] = office.tasks(case.id)
        assert waiting.assignee == assignee
