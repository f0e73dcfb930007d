"""Every step of every published standard is in a diagram, and every node says where it comes from."""

import pytest

from tests.unit.processes.catalogue import AGENCIES, agency, claimed, steps_of

COUNTS = {"bintan": 11, "kemenpppa": 4, "lumajang": 5, "natuna": 7, "pasuruan": 13}


@pytest.mark.parametrize("name", AGENCIES)
def test_the_steps_are_read_whole_from_the_published_text(name: str):
    steps = steps_of(agency(name).standard)
    assert len(steps) == COUNTS[name]
    assert steps == sorted(set(steps), key=lambda step: (int(step.rstrip("ab")), step))


def test_a_step_with_parts_counts_each_part():
    text = "Sistem, Mekanisme dan Prosedur\n1. Bila : a. Perlu; atau b. Ada.\n 2. Isi\nWaktu Penyelesaian"
    assert steps_of(text) == ["1a", "1b", "2"]


@pytest.mark.parametrize("name", AGENCIES)
def test_every_step_of_the_standard_is_claimed_by_a_node(name: str):
    found = agency(name)
    claims = {step for node in found.nodes for step in claimed(node)}
    assert [step for step in steps_of(found.standard) if step not in claims] == []


@pytest.mark.parametrize("name", AGENCIES)
def test_no_node_claims_a_step_that_the_standard_does_not_have(name: str):
    found = agency(name)
    steps = steps_of(found.standard)
    known = {*steps, *(step.rstrip("ab") for step in steps)}
    assert {node.id: claimed(node) - known for node in found.nodes if claimed(node) - known} == {}


@pytest.mark.parametrize("name", AGENCIES)
def test_every_node_names_its_step_or_its_basis(name: str):
    nodes = agency(name).nodes
    assert [n.id for n in nodes if not claimed(n) and not n.properties.get("dasar", "").strip()] == []


@pytest.mark.parametrize("name", AGENCIES)
def test_a_task_named_after_a_step_claims_that_step(name: str):
    tasks = [node for node in agency(name).nodes if node.id.startswith("langkah_")]
    assert tasks
    assert [n.id for n in tasks if n.id.split("_")[1] not in {s.rstrip("ab") for s in claimed(n)}] == []
