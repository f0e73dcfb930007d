"""Rules about compensation and transactions."""

import pytest

from tests.unit.lint.diagrams import START, around, findings, fired, flow, path, user_task

UNDO = "<bpmn:compensateEventDefinition/>"
HANDLER = '<bpmn:userTask id="u" name="Batalkan" camunda:candidateGroups="petugas" isForCompensation="true"/>'
EVENT = f'<bpmn:boundaryEvent id="b" name="Batal" attachedToRef="t">{UNDO}</bpmn:boundaryEvent>'
WAY = '<bpmn:association id="w" sourceRef="b" targetRef="u"/>'
THROW = f'<bpmn:intermediateThrowEvent id="x" name="Batalkan semua">{UNDO}</bpmn:intermediateThrowEvent>'
END = '<bpmn:endEvent id="e" name="Selesai"/>'
UNDONE = START + user_task() + THROW + END + path("s", "t", "x", "e") + EVENT + HANDLER + WAY


def thrown(attributes: str) -> str:
    """The same with attributes of what the throwing event says."""
    event = f"<bpmn:compensateEventDefinition {attributes}/></bpmn:inter"
    return UNDONE.replace(UNDO + "</bpmn:inter", event)


def naming(activity: str) -> str:
    return thrown(f'activityRef="{activity}"')


def test_an_activity_is_undone_by_another_beside_it():
    assert fired(UNDONE) == []
    assert fired(naming("t")) == []


@pytest.mark.parametrize(
    "process",
    [
        UNDONE.replace(WAY, ""),
        UNDONE + HANDLER.replace('"u"', '"v"') + WAY.replace('"w"', '"y"').replace('"u"', '"v"'),
        UNDONE + flow("b", "e"),
        UNDONE + EVENT.replace('"b"', '"c"') + WAY.replace('"w"', '"y"').replace('"b"', '"c"'),
    ],
    ids=["none", "two", "a flow", "a second event"],
)
def test_a_compensation_event_without_its_one_activity_is_refused(process: str):
    assert "compensation-handler" in fired(process)


@pytest.mark.parametrize(
    "process",
    [
        around(user_task()) + HANDLER,
        UNDONE + flow("u", "e"),
        UNDONE + EVENT.replace('"b"', '"c"').replace('"t"', '"u"'),
    ],
    ids=["no event", "a flow", "an event on its border"],
)
def test_an_activity_for_compensation_stands_outside_the_flow(process: str):
    assert "compensation-unused" in fired(process)


def test_a_handler_that_only_an_association_leads_to_is_reached():
    assert "unreachable" not in fired(UNDONE)
    assert "unreachable" in fired(UNDONE.replace(WAY, ""))


@pytest.mark.parametrize("activity", ["u", "s", "hilang"])
def test_a_compensation_for_what_cannot_be_undone_is_refused(activity: str):
    assert fired(naming(activity)) == ["compensation-target"]


def test_a_compensation_that_does_not_wait_is_refused():
    hasty = thrown('waitForCompletion="false"')
    assert fired(hasty) == ["unknown-construct"]


def transaction(tag: str = "transaction", border: int = 1) -> str:
    inside = '<bpmn:startEvent id="s1"/><bpmn:endEvent id="e1"><bpmn:cancelEventDefinition/></bpmn:endEvent>'
    process = around(f'<bpmn:{tag} id="t" name="Pesan">{inside}{path("s1", "e1")}</bpmn:{tag}>')
    for number in range(border):
        process += f'<bpmn:boundaryEvent id="c{number}" name="Batal" attachedToRef="t">'
        process += "<bpmn:cancelEventDefinition/></bpmn:boundaryEvent>" + flow(f"c{number}", "e")
    return process


def test_a_transaction_is_left_by_the_one_cancel_event_on_its_border():
    assert fired(transaction()) == []
    assert set(fired(transaction(border=0))) == set(fired(transaction(border=2))) == {"cancel-misplaced"}


def test_what_is_no_transaction_is_not_cancelled():
    (inner,) = findings(transaction("subProcess", border=0))
    assert (inner.rule, inner.element_id) == ("cancel-misplaced", "e1")
    assert set(fired(transaction("subProcess"))) == {"cancel-misplaced", "event-kind"}
