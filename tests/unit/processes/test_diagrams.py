"""What every diagram of every agency keeps to, so that a worker and an analyst can read it."""

import pytest

from engine.definitions import Element
from engine.definitions.lint import Known, lint
from engine.feel import parse_expression
from tests.unit.processes.catalogue import AGENCIES, ROOT, agency

BY_AGENCY = pytest.mark.parametrize("name", AGENCIES)
OUTSIDE = frozenset({"nomor_registrasi", "waktu_diterima"})
"""Variables that the system sets at the start."""


def forks(nodes: list[Element]) -> list[Element]:
    return [n for n in nodes if n.type == "exclusiveGateway" and len(n.outgoing) > 1]


@BY_AGENCY
def test_every_process_is_executable_and_says_who_starts_it(name: str):
    for process in agency(name).processes.values():
        assert process.executable
        assert process.starter_groups
        assert process.participant == process.name


@BY_AGENCY
def test_every_user_task_and_start_event_shows_a_form_in_its_latest_version(name: str):
    shown = [n for n in agency(name).nodes if n.type in ("userTask", "startEvent") and n.event is None]
    found = {n.id: (n.form, n.attributes.get("formRefBinding")) for n in shown}
    assert {i: f for i, f in found.items() if f[0] is None or f[1] != "latest"} == {}


@BY_AGENCY
def test_every_form_is_used_and_every_form_that_is_used_exists(name: str):
    found = agency(name)
    assert {form for process in found.processes.values() for form in process.forms} == set(found.forms)


@BY_AGENCY
def test_every_user_task_names_its_group_and_stands_in_that_groups_lane(name: str):
    tasks = [n for n in agency(name).nodes if n.type == "userTask" and not n.candidate_groups_expression]
    assert tasks
    wrong = {
        n.id: n.attributes.get("candidateGroups") for n in tasks if n.lane_group != n.candidate_groups[0]
    }
    assert wrong == {}
    assert [n.id for n in tasks if "candidateGroups" not in n.attributes] == []


@BY_AGENCY
def test_every_lane_names_a_group_of_the_agency(name: str):
    found = agency(name)
    for process in found.processes.values():
        assert {lane.group for lane in process.lanes} <= found.profile["kelompok"].keys()
        assert all(lane.id == f"lane_{lane.group}" for lane in process.lanes)


@BY_AGENCY
def test_a_gateway_that_decides_is_a_question_and_its_flows_are_answers(name: str):
    for process in agency(name).processes.values():
        for gateway in forks(list(process.elements.values())):
            assert gateway.name.endswith("?"), gateway.id
            assert all(process.flows[i].name for i in gateway.outgoing), gateway.id


@BY_AGENCY
def test_an_exclusive_gateway_has_a_condition_or_a_default_on_every_way_out(name: str):
    for process in agency(name).processes.values():
        for gateway in forks(list(process.elements.values())):
            bare = {i for i in gateway.outgoing if process.flows[i].condition is None}
            assert bare <= {gateway.default_flow}, gateway.id


@BY_AGENCY
def test_a_condition_is_feel_and_asks_only_for_what_a_form_or_a_table_gives(name: str):
    found = agency(name)
    for process in found.processes.values():
        given = OUTSIDE | {key for form in process.forms for key in found.forms[form].keys}
        given |= {n.attributes.get("resultVariable", "") for n in process.elements.values()}
        for flow in process.flows.values():
            if flow.condition is not None:
                assert flow.condition.startswith("="), flow.id
                assert parse_expression(flow.condition).names <= given, flow.id


@BY_AGENCY
def test_every_task_and_every_end_has_a_name(name: str):
    nodes = [n for n in agency(name).nodes if n.type.endswith(("Task", "startEvent", "endEvent"))]
    assert [n.id for n in nodes if not n.name.strip()] == []


@BY_AGENCY
def test_the_linter_finds_nothing_but_conditions_whose_completeness_it_cannot_see(name: str):
    home, forms = ROOT / "processes" / name, ROOT / "forms" / name
    paths = [*home.glob("*.bpmn"), *home.glob("*.dmn"), *forms.glob("*.form")]
    groups = frozenset(agency(name).profile["kelompok"])
    found = lint({path.name: path.read_bytes() for path in paths}, Known(groups=groups))
    assert [str(f) for f in found if f.rule != "gateway-default-missing" or f.severity == "error"] == []
