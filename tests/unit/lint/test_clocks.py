"""A clock of the profile and its diagram must fit each other, or it would never stop."""

import json
from dataclasses import replace

import pytest

from engine.deadlines.declarations import read_clocks
from engine.definitions.lint import lint
from tests.unit.lint.diagrams import END, KNOWN, START, document, path, user_task

FORM = {"type": "default", "id": "isian", "schemaVersion": 18}
ASKING = json.dumps(
    FORM | {"components": [{"type": "textfield", "id": "f", "key": "risiko", "label": "Risiko"}]}
).encode()

PLAIN = document(START + user_task() + END + path("s", "t", "e"))


def clock(**keys: object) -> dict[str, object]:
    return {
        "id": "batas",
        "layanan": "p",
        "nama": "Batas",
        "jenis": "menit_kerja",
        "jumlah": 75,
        "dari": "penerimaan",
        "sampai": ["t", "selesai"],
    } | keys


def said(declared: dict[str, object], content: bytes = PLAIN) -> list[tuple[str, str]]:
    """What the linter says of a diagram (with the form that it may show) and a clock."""
    known = replace(KNOWN, clocks=read_clocks({"jam": [declared]}))
    found = lint({"a.bpmn": content, "isian.form": ASKING}, known)
    return [(each.rule, each.message) for each in found if each.rule.startswith("clock-")]


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({}, []),
        ({"sampai": ["u"]}, ["u"]),
        ({"dari": "u", "sampai": ["v", "t"]}, ["u", "v"]),
        ({"berjalan_pada": ["t"]}, []),
        ({"berjalan_pada": ["s"]}, ["s"]),
        ({"paling_cepat": 1, "minta_alasan_pada": ["u"]}, ["u"]),
    ],
)
def test_a_clock_names_elements_of_its_process(keys: dict[str, object], named: list[str]) -> None:
    assert said(clock(**keys)) == [
        ("clock-element-unknown", f"The clock 'batas' names '{name}'.") for name in named
    ]


def test_a_clock_of_another_process_says_nothing_of_this_one() -> None:
    assert said(clock(layanan="lain", sampai=["u"])) == []


@pytest.mark.parametrize(("name", "known"), [("risiko", True), ("bahaya", False)])
def test_what_chooses_a_clock_is_asked_for_by_a_form(name: str, known: bool) -> None:
    start = START.replace("/>", ' camunda:formRef="isian"/>')
    content = document(start + user_task(formRef="isian") + END + path("s", "t", "e"))
    chosen = clock(jumlah_menurut=name, jumlah_nilai={"tinggi": 24})
    del chosen["jumlah"]
    wanted = [] if known else [("clock-variable-unknown", "The clock 'batas' is chosen by 'bahaya'.")]
    assert said(chosen, content) == wanted
    assert said(chosen | {"jumlah_menurut": "risiko", "sementara_menurut": name}, content) == wanted


def boundary(name: str, time: str = "timeDuration", said: str = "PT1H") -> bytes:
    """A diagram with a timer at its task that names a clock."""
    timer = f'<bpmn:boundaryEvent id="b" name="Lewat" attachedToRef="t" cancelActivity="false">{named(name)}'
    timer += definition(time, said) + '</bpmn:boundaryEvent><bpmn:endEvent id="e2" name="Lewat"/>'
    return document(START + user_task() + timer + END + path("s", "t", "e") + path("b", "e2"))


def named(clock_id: str) -> str:
    own = f'<bpmn:extensionElements><camunda:properties><camunda:property name="jam" value="{clock_id}"/>'
    return own + "</camunda:properties></bpmn:extensionElements>"


def definition(time: str, said: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{time}>{said}</bpmn:{time}></bpmn:timerEventDefinition>"


@pytest.mark.parametrize(("name", "known"), [("batas", True), ("lain", False)])
def test_a_timer_has_the_time_of_a_clock_that_there_is(name: str, known: bool) -> None:
    wanted = [] if known else [("clock-unknown", "There is no clock 'lain'.")]
    assert said(clock(), boundary(name)) == wanted


@pytest.mark.parametrize("name", ["batas", "lain"])
def test_a_timer_that_repeats_is_told_that_it_keeps_its_own_times(name: str) -> None:
    wanted = [("clock-ignored", f"The clock '{name}' has no effect here.")]
    assert said(clock(), boundary(name, "timeCycle", "R3/PT1H")) == wanted
    unknown = lint({"a.bpmn": boundary(name, "timeCycle", "R3/PT1H")}, replace(KNOWN, clocks=None))
    assert [each.rule for each in unknown if each.rule.startswith("clock-")] == ["clock-ignored"]


def test_a_timer_that_begins_a_process_is_told_so_too() -> None:
    start = f'<bpmn:startEvent id="s" name="Mulai">{named("batas")}{definition("timeDuration", "PT1H")}'
    content = document(start + "</bpmn:startEvent>" + user_task() + END + path("s", "t", "e"))
    assert said(clock(), content) == [("clock-ignored", "The clock 'batas' has no effect here.")]
