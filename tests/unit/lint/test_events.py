"""Rules about events and their times."""

import pytest

from tests.unit.lint.diagrams import END, ROOT, START, TASK, around, findings, fired, flow, path, user_task

PLAIN = around(TASK)


def timer(text: str = "P3D", kind: str = "timeDuration") -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


DEFINITIONS = {
    "none": "",
    "timer": timer(),
    "message": '<bpmn:messageEventDefinition messageRef="m"/>',
    "error": '<bpmn:errorEventDefinition errorRef="er"/>',
    "escalation": '<bpmn:escalationEventDefinition escalationRef="es"/>',
    "conditional": (
        "<bpmn:conditionalEventDefinition><bpmn:condition>umur > 17</bpmn:condition>"
        "</bpmn:conditionalEventDefinition>"
    ),
    "signal": '<bpmn:signalEventDefinition signalRef="si"/>',
    "terminate": "<bpmn:terminateEventDefinition/>",
    "compensate": "<bpmn:compensateEventDefinition/>",
    "cancel": "<bpmn:cancelEventDefinition/>",
    "eventDefinitionRef": "<bpmn:eventDefinitionRef>bersama</bpmn:eventDefinitionRef>",
}
SIGNAL = ROOT + '<bpmn:signal id="si" name="darurat"/>'


def event(tag: str, inside: str, element_id: str = "v", attributes: str = "") -> str:
    return f'<bpmn:{tag} id="{element_id}" name="Peristiwa" {attributes}>{inside}</bpmn:{tag}>'


def boundary(inside: str, host: str = "t", attributes: str = "") -> str:
    return event("boundaryEvent", inside, "b", f'attachedToRef="{host}" {attributes}') + flow("b", "e")


def with_start(kind: str) -> str:
    return event("startEvent", DEFINITIONS[kind]) + TASK + END + path("v", "t", "e")


def with_end(kind: str) -> str:
    return START + TASK + event("endEvent", DEFINITIONS[kind]) + path("s", "t", "v")


def with_catch(kind: str) -> str:
    return around(event("intermediateCatchEvent", DEFINITIONS[kind]), "v")


def with_throw(kind: str) -> str:
    return around(event("intermediateThrowEvent", DEFINITIONS[kind]), "v")


def with_boundary(kind: str) -> str:
    return PLAIN + boundary(DEFINITIONS[kind])


def sub_process(inside: str, attributes: str = "") -> str:
    return f'<bpmn:subProcess id="sp" name="Bagian" {attributes}>{inside}</bpmn:subProcess>'


def with_inner_start(kind: str) -> str:
    inside = event("startEvent", DEFINITIONS[kind]) + event("endEvent", "", "e1") + path("v", "e1")
    return around(sub_process(inside), "sp")


def with_listener(kind: str) -> str:
    inside = event("startEvent", DEFINITIONS[kind]) + event("endEvent", "", "e1") + path("v", "e1")
    return PLAIN + sub_process(inside, 'triggeredByEvent="true"')


def with_boundary_on_sub_process(kind: str) -> str:
    inside = '<bpmn:startEvent id="s1"/>' + event("endEvent", "", "e1") + path("s1", "e1")
    return around(sub_process(inside), "sp") + boundary(DEFINITIONS[kind], "sp")


PLACES = {
    with_start: {"none", "message", "signal", "timer"},
    with_end: {"none", "message", "signal", "error", "escalation", "terminate", "compensate"},
    with_catch: {"timer", "message", "signal", "conditional"},
    with_throw: {"none", "message", "signal", "escalation", "compensate"},
    with_boundary: {"timer", "message", "signal", "error", "conditional"},
    with_boundary_on_sub_process: {"timer", "message", "signal", "error", "conditional", "escalation"},
    with_inner_start: {"none"},
    with_listener: {"timer", "message", "signal", "error", "escalation", "conditional"},
}


INCOMPLETE = {
    (with_end, "cancel"): ["cancel-misplaced"],
    (with_boundary, "compensate"): ["compensation-handler"],
    (with_boundary_on_sub_process, "compensate"): ["compensation-handler"],
}
"""Kinds that stand there only together with something else."""


@pytest.mark.parametrize("kind", DEFINITIONS)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_an_event_is_only_of_a_kind_that_runs_where_it_stands(place, kind):
    refused = INCOMPLETE.get((place, kind), ["event-kind"])
    assert fired(place(kind), root=SIGNAL) == ([] if kind in PLACES[place] else refused)


def test_a_refused_event_is_told_what_is_possible():
    (finding,) = findings(with_start("conditional"))
    assert finding.hint == "Possible here: none, message, signal, timer."


def test_an_event_with_two_definitions_is_refused():
    both = DEFINITIONS["message"] + DEFINITIONS["timer"]
    assert fired(around(event("intermediateCatchEvent", both), "v")) == ["event-multiple"]


@pytest.mark.parametrize("root", [ROOT.replace('name="putusan"', ""), ROOT.replace('id="m"', 'id="lain"')])
def test_a_message_without_a_name_is_refused(root: str):
    assert fired(with_catch("message"), root=root) == ["message-without-name"]


@pytest.mark.parametrize(
    "place", [with_start, with_end, with_catch, with_throw, with_boundary, with_listener]
)
def test_a_signal_without_a_name_is_refused(place):
    assert fired(place("signal")) == ["signal-without-name"]
    assert fired(place("signal"), root=ROOT + '<bpmn:signal id="si"/>') == ["signal-without-name"]


def test_a_worker_may_send_a_message_but_not_wait_for_one():
    external = '<bpmn:messageEventDefinition camunda:type="external" camunda:topic="surat"/>'
    assert fired(around(event("intermediateThrowEvent", external), "v")) == []
    assert fired(START + TASK + event("endEvent", external) + path("s", "t", "v")) == []
    assert fired(around(event("intermediateCatchEvent", external), "v")) == ["external-misplaced"]


def test_a_receive_task_without_a_message_is_refused():
    assert fired(around('<bpmn:receiveTask id="v" name="Terima"/>', "v")) == ["message-without-name"]
    assert fired(around('<bpmn:receiveTask id="v" name="Terima" messageRef="m"/>', "v")) == []


@pytest.mark.parametrize("place", [with_end, with_boundary])
@pytest.mark.parametrize(
    "root", [ROOT.replace('errorCode="TOLAK"', ""), ROOT.replace('id="er"', 'id="lain"')]
)
def test_an_error_without_a_code_is_refused(place, root: str):
    assert fired(place("error"), root=root) == ["code-missing"]


def test_an_event_that_catches_every_error_needs_no_code():
    assert fired(PLAIN + boundary("<bpmn:errorEventDefinition/>")) == []


@pytest.mark.parametrize("name", ["variableName", "variableEvents"])
def test_a_condition_that_looks_at_some_changes_only_is_refused(name: str):
    filtered = DEFINITIONS["conditional"].replace(
        "EventDefinition>", f'EventDefinition camunda:{name}="x">', 1
    )
    (finding,) = findings(PLAIN + boundary(filtered))
    assert (finding.rule, finding.parameters["attribute"]) == ("condition-filter", name)


def test_what_is_caught_may_tell_its_code_and_message():
    error = '<bpmn:errorEventDefinition camunda:errorCodeVariable="a" camunda:errorMessageVariable="b"/>'
    assert fired(PLAIN + boundary(error)) == []
    told = '<bpmn:escalationEventDefinition camunda:escalationCodeVariable="a"/>'
    assert fired(with_boundary_on_sub_process("escalation").replace(DEFINITIONS["escalation"], told)) == []


def test_an_event_that_throws_needs_a_code():
    assert fired(START + TASK + event("endEvent", "<bpmn:errorEventDefinition/>") + path("s", "t", "v")) == [
        "code-missing"
    ]
    assert fired(around(event("intermediateThrowEvent", "<bpmn:escalationEventDefinition/>"), "v")) == [
        "code-missing"
    ]


def test_an_error_boundary_that_does_not_interrupt_is_refused():
    assert fired(PLAIN + boundary(DEFINITIONS["error"], attributes='cancelActivity="false"')) == [
        "error-not-interrupting"
    ]


def test_an_error_listener_that_does_not_interrupt_is_refused():
    process = with_listener("error").replace('id="v"', 'id="v" isInterrupting="false"')
    assert fired(process) == ["error-not-interrupting"]


@pytest.mark.parametrize("host", ["", "hilang", "s"])
def test_a_boundary_event_on_nothing_is_refused(host: str):
    assert "boundary-misplaced" in fired(PLAIN + boundary(DEFINITIONS["timer"], host))


def test_a_boundary_event_on_an_event_sub_process_is_refused():
    process = with_listener("message") + boundary(DEFINITIONS["timer"], "sp")
    assert fired(process) == ["boundary-misplaced"]


def test_a_boundary_event_on_a_task_of_another_scope_is_refused():
    inside = (
        '<bpmn:startEvent id="s1"/><bpmn:task id="x"/>' + event("endEvent", "", "e1") + path("s1", "x", "e1")
    )
    process = around(sub_process(inside), "sp") + boundary(DEFINITIONS["timer"], "x")
    assert fired(process) == ["boundary-misplaced"]


def link(tag: str, element_id: str, name: str = "A") -> str:
    return event(tag, f'<bpmn:linkEventDefinition name="{name}"/>', element_id)


THROWN = START + TASK + END + link("intermediateThrowEvent", "l1") + path("s", "t", "l1")


def test_a_link_leads_on_to_its_partner():
    assert fired(THROWN + link("intermediateCatchEvent", "l2") + flow("l2", "e")) == []


def test_a_link_without_a_partner_is_refused():
    process = START + TASK + link("intermediateThrowEvent", "l1") + path("s", "t", "l1")
    assert fired(process) == ["link-unmatched"]


def test_a_link_with_two_partners_is_refused():
    second = link("intermediateCatchEvent", "l3") + flow("l3", "e")
    process = THROWN + link("intermediateCatchEvent", "l2") + flow("l2", "e") + second
    assert set(fired(process)) == {"link-unmatched", "unreachable"}


def test_a_flow_out_of_a_throwing_link_is_refused():
    process = THROWN + link("intermediateCatchEvent", "l2") + flow("l2", "e") + flow("l1", "e")
    assert fired(process) == ["flow-misplaced"]


ISO_TIMES = [
    ("timeDuration", "P3D"),
    ("timeDuration", "PT48H"),
    ("timeDuration", "P1DT2H30M1.5S"),
    ("timeDuration", "P3M"),
    ("timeDuration", "P1Y6M"),
    ("timeDuration", "=batas"),
    ("timeDuration", 'duration("P3D")'),
    ("timeDuration", "Peringatan"),
    ("timeDuration", "PTSP.batas"),
    ("timeDate", "2026-03-30T09:00:00+07:00"),
    ("timeDate", "2026-03-30T02:00:00Z"),
    ("timeDate", "=tanggal_sidang"),
    ("timeDate", "tanggal_sidang"),
]


@pytest.mark.parametrize(("kind", "text"), ISO_TIMES)
def test_a_time_is_iso_8601_or_feel(kind: str, text: str):
    assert fired(PLAIN + boundary(timer(text, kind))) == []


@pytest.mark.parametrize("text", ["R/PT1H", "R3/P1D", "=ulangan"])
def test_a_cycle_repeats_at_a_boundary_that_does_not_interrupt(text: str):
    assert fired(PLAIN + boundary(timer(text, "timeCycle"), attributes='cancelActivity="false"')) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "P"),
        ("timeDuration", "PT"),
        ("timeDuration", "P3"),
        ("timeDuration", "P3H"),
        ("timeDuration", "-P3D"),
        ("timeDuration", "P2W"),
        ("timeDuration", "P1Y3D"),
        ("timeDuration", "2026-03-30T09:00:00+07:00"),
        ("timeDate", "2026-13-30T09:00:00+07:00"),
        ("timeDate", "2026-03-30T25:00:00+07:00"),
        ("timeDate", "P3D"),
        ("timeDate", "2026-3-30"),
    ],
)
def test_a_time_that_nobody_can_read_is_refused(kind: str, text: str):
    (finding,) = findings(PLAIN + boundary(timer(text, kind)))
    assert (finding.rule, finding.element_id) == ("timer-invalid", "b")
    assert text in finding.message


@pytest.mark.parametrize("text", ["R0/PT1H", "R/PT0S", "R3/2026-03-30T09:00:00+07:00/PT1H", "R3/P1W"])
def test_a_cycle_that_nobody_can_read_is_refused(text: str):
    process = PLAIN + boundary(timer(text, "timeCycle"), attributes='cancelActivity="false"')
    assert fired(process) == ["timer-invalid"]


@pytest.mark.parametrize("text", ["2026-03-30T09:00:00", "2026-03-30"])
def test_a_moment_without_a_zone_is_refused(text: str):
    assert fired(PLAIN + boundary(timer(text, "timeDate"))) == ["timer-naive"]


def test_a_cycle_at_an_event_that_fires_once_is_refused():
    cycle = timer("R3/PT1H", "timeCycle")
    assert fired(PLAIN + boundary(cycle)) == ["timer-kind"]
    assert fired(around(event("intermediateCatchEvent", cycle), "v")) == ["timer-kind"]


@pytest.mark.parametrize("text", ["R/P1D", "R3/PT1H"])
def test_a_cycle_may_start_a_process(text: str):
    start = event("startEvent", timer(text, "timeCycle"))
    assert fired(start + TASK + END + path("v", "t", "e")) == []


def test_a_timer_that_names_no_time_is_refused():
    assert fired(PLAIN + boundary("<bpmn:timerEventDefinition/>")) == ["timer-kind"]
    assert fired(PLAIN + boundary(timer(""))) == ["expression-missing"]


def test_a_timer_whose_feel_does_not_parse_is_refused():
    (finding,) = findings(PLAIN + boundary(timer("=batas +")))
    assert finding.rule == "expression-invalid"
    assert finding.parameters["position"] > 0


@pytest.mark.parametrize(
    "text", ["P3D", "=now() + duration(&quot;P3D&quot;)", "2026-03-30T09:00:00+07:00", ""]
)
def test_a_due_date_is_iso_8601_or_feel(text: str):
    assert fired(around(user_task(dueDate=text, followUpDate=text))) == []


def test_a_due_date_is_held_to_the_same_rules():
    assert fired(around(user_task(dueDate="besok"))) == ["timer-invalid"]
    assert fired(around(user_task(followUpDate="2026-03-30T09:00:00"))) == ["timer-naive"]
