"""The ids, groups, variables and values that other systems call are there, exactly."""

import pytest

from engine.definitions import Process
from engine.definitions.forms import Field, Form
from tests.unit.processes.catalogue import AGENCIES, Agency, agency
from tests.unit.processes.contract import DECISIONS, FORMS, GROUPS, STARTERS, TASKS

BY_PROCESS = pytest.mark.parametrize("key", STARTERS)


def of(key: str) -> tuple[Agency, Process]:
    found = agency(key.partition("_")[0])
    return found, found.processes[key]


def fields_of(found: Agency, process: Process) -> list[Field]:
    return [field for form in sorted(process.forms) for field in found.forms[form].fields]


def missing(form: Form, group: str) -> set[str]:
    required, others = (set(keys.split()) for keys in GROUPS[group])
    asked = {f.name for f in form.fields if f.required and not f.hidden_by}
    return (required - asked) | (others - form.keys)


def test_there_are_five_agencies_with_six_processes():
    assert AGENCIES == ["bintan", "kemenpppa", "lumajang", "natuna", "pasuruan"]
    assert {key for name in AGENCIES for key in agency(name).processes} == set(STARTERS)


@BY_PROCESS
def test_a_process_is_started_by_its_group(key: str):
    assert of(key)[1].starter_groups == (STARTERS[key],)


@BY_PROCESS
def test_the_user_tasks_and_their_groups_are_those_of_the_contract(key: str):
    tasks = [node for node in of(key)[1].elements.values() if node.type == "userTask"]
    found = {task.id: task.lane_group for task in tasks}
    assert {task: found.get(task) for task in TASKS[key]} == TASKS[key]


@BY_PROCESS
def test_a_decision_variable_offers_its_values_and_is_required(key: str):
    found, process = of(key)
    for variable, values in DECISIONS[key].items():
        offered = [
            {repr(value) for value, _ in field.options or ()}
            for field in fields_of(found, process)
            if field.name == variable and field.required
        ]
        assert {repr(value) for value in values} in offered, variable


@pytest.mark.parametrize(("key", "task"), FORMS)
def test_a_form_asks_for_its_groups_of_fields(key: str, task: str):
    form = of(key)[0].form_of(key, task)
    assert {group: missing(form, group) for group in FORMS[key, task].split() if missing(form, group)} == {}


@pytest.mark.parametrize("key", sorted(set(STARTERS) - {"lumajang_pengaduan"}))
def test_a_case_begins_with_the_report(key: str):
    found, process = of(key)
    starts = [node for node in process.elements.values() if node.type == "startEvent" and node.scope == key]
    forms = [found.forms[node.form] for node in starts if node.form]
    assert forms
    assert [missing(form, "LAPOR") for form in forms if missing(form, "LAPOR")] == []


@pytest.mark.parametrize(
    ("key", "group"),
    [("natuna_pendampingan_abh_ampk", "peksos"), ("lumajang_rekomendasi_abh", "sakti_peksos")],
)
def test_the_social_worker_who_is_chosen_gets_the_assessment(key: str, group: str):
    found, process = of(key)
    assert process.elements["langkah_3_asesmen"].attributes["assignee"] == "=peksos_ditugaskan"
    assert found.form_of(key, "langkah_2_terima_tugaskan").members == {"peksos_ditugaskan": group}


def test_a_missed_response_tells_the_head_and_leaves_the_response_open():
    timer = of("lumajang_pengaduan")[1].elements["lewat_2x24_jam"]
    assert (timer.attached_to, timer.interrupting, timer.event) == ("tanggapi_pengaduan", False, "timer")
    assert timer.event_definition is not None
    assert timer.event_definition.text == "PT48H"
