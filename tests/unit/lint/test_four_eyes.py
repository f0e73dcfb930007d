"""The rule of four eyes names tasks that are there."""

import pytest

from tests.unit.lint.diagrams import END, START, findings, path, user_task


def signing(names: str | None, host: str = "sign") -> list[str]:
    """What the linter says to a draft and a signature, the property standing at ``host``."""
    inner = (
        ""
        if names is None
        else f'<bpmn:extensionElements><camunda:properties><camunda:property name="empat_mata" '
        f'value="{names}"/></camunda:properties></bpmn:extensionElements>'
    )
    parts = [user_task(inner if host == each else "", each) for each in ("draft", "sign")]
    gate = f'<bpmn:manualTask id="hand" name="Kirim">{inner if host == "hand" else ""}</bpmn:manualTask>'
    flows = path("s", "draft", "sign", "hand", "e")
    found = findings(START + "".join(parts) + gate + END + flows)
    return [f"{each.element_id}: {each.message}" for each in found if each.rule == "four-eyes"]


@pytest.mark.parametrize("names", [None, "draft", " draft , draft "])
def test_a_task_of_the_same_process_may_be_named(names: str | None) -> None:
    assert signing(names) == []


@pytest.mark.parametrize("names", ["", "nobody", "sign", "s", "=draft", "hand"])
def test_anything_else_would_let_everybody_sign(names: str) -> None:
    assert signing(names) == [f"sign: '{names}' is no other user task of this process."]


def test_every_name_is_looked_at() -> None:
    assert signing("draft, konsep, paraf") == [
        "sign: 'konsep' is no other user task of this process.",
        "sign: 'paraf' is no other user task of this process.",
    ]


def test_only_people_can_be_two() -> None:
    assert signing("draft", "hand") == ["hand: Only a user task can ask for a second person."]
