"""What a form marks confidential is copied to nothing that everybody reads."""

import json
from dataclasses import replace
from typing import Any

import pytest

from engine.definitions.lint import lint
from tests.unit.lint.diagrams import END, KNOWN, START, around, document, path, user_task

NAMED = {"type": "textfield", "id": "f1", "key": "nama", "label": "Nama", "properties": {"rahasia": "ya"}}
COPY = {"type": "expression", "id": "f2", "key": "salinan", "expression": "=nama", "computeOn": "change"}
OPEN = {"type": "textfield", "id": "f3", "key": "kota", "label": "Kota"}
ASK = user_task("", "a", formRef="isian")


def asking(*fields: dict[str, Any], form_id: str = "isian") -> bytes:
    schema = {"type": "default", "id": form_id, "schemaVersion": 18, "components": fields}
    return json.dumps(schema).encode()


TIMER = (
    '<bpmn:intermediateCatchEvent id="t" name="Tunggu"><bpmn:timerEventDefinition>'
    "<bpmn:timeDate>nama</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
ASKING = asking(NAMED, COPY, OPEN)


def said(element: str, *ids: str, form: bytes = ASKING) -> list[tuple[str, str]]:
    """What the linter says of elements behind a task that asks for a name."""
    content = document(START + ASK + element + END + path("s", "a", *(ids or ("t",)), "e"))
    found = lint({"a.bpmn": content, "isian.form": form}, KNOWN)
    return [(each.rule, each.message) for each in found if each.rule.startswith("sealed-")]


def throwing(mapping: str) -> str:
    inner = f"<bpmn:extensionElements>{mapping}</bpmn:extensionElements>"
    event = f'<bpmn:messageEventDefinition messageRef="m">{inner}</bpmn:messageEventDefinition>'
    return f'<bpmn:intermediateThrowEvent id="t" name="Kirim">{event}</bpmn:intermediateThrowEvent>'


def worker(topic: str) -> str:
    return f'<bpmn:serviceTask id="t" name="Kirim" camunda:type="external" camunda:topic="{topic}"/>'


@pytest.mark.parametrize(
    ("element", "what"),
    [
        (throwing('<camunda:in businessKey="= nama"/>'), "businessKey"),
        (worker("=nama"), "topic"),
        (user_task(candidateUsers="= nama"), "candidateUsers"),
        (
            user_task(candidateGroups="= if true then lower case(nama) else kota"),
            "candidateGroups",
        ),
    ],
)
def test_what_everybody_reads_shows_no_confidential_field(element: str, what: str) -> None:
    assert said(element) == [("sealed-shown", f"{what}: 'nama' is confidential.")]


def test_a_copy_is_as_confidential_as_what_it_copies() -> None:
    assert said(worker("=salinan")) == [("sealed-shown", "topic: 'salinan' is confidential.")]
    carried = throwing('<camunda:in source="salinan" target="tujuan"/><camunda:in businessKey="=tujuan"/>')
    assert said(carried) == [("sealed-shown", "businessKey: 'tujuan' is confidential.")]


@pytest.mark.parametrize(
    "element",
    [
        throwing('<camunda:in businessKey="= nomor_registrasi"/>'),
        throwing('<camunda:in source="nama" target="nama"/>'),
        worker("nama"),
        worker("=kota"),
        user_task(candidateGroups="= if nama = null then &quot;petugas&quot; else &quot;peksos&quot;"),
        user_task(assignee="= nama"),
    ],
    ids=["number", "carried", "literal", "open", "chosen", "assignee"],
)
def test_what_shows_no_value_is_let_pass(element: str) -> None:
    assert said(element) == []


def test_a_field_that_no_form_of_the_process_marks_is_open() -> None:
    """A form of another process may: its fields are others."""
    other = asking(NAMED, form_id="lain")
    content = document(around(user_task(candidateUsers="=nama")))
    found = lint({"a.bpmn": content, "lain.form": other}, KNOWN)
    assert not [each for each in found if each.rule.startswith("sealed-")]


def test_a_form_that_the_agency_has_already_counts() -> None:
    content = document(START + ASK + worker("=nama") + END + path("s", "a", "t", "e"))
    known = replace(KNOWN, sealed={"isian": frozenset({"nama"})})
    assert "sealed-shown" in [each.rule for each in lint({"a.bpmn": content}, known)]


@pytest.mark.parametrize(
    "element",
    [
        user_task(dueDate="= nama"),
        user_task(followUpDate="= nama"),
        user_task(priority="= nama"),
        TIMER,
    ],
    ids=["due", "follow-up", "priority", "timer"],
)
def test_a_time_or_a_priority_of_a_confidential_field_is_asked_about(element: str) -> None:
    [(rule, message)] = said(element)
    assert (rule, message.partition(": ")[2]) == ("sealed-derived", "'nama' is confidential.")
