"""The registry of rules: documented, tested, and unmoved by whatever it is given."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from engine.definitions import parse_xml, read_processes
from engine.definitions.lint import RULES, Finding, Known, lint
from engine.definitions.lint.linting import MAX_FINDINGS
from engine.interpreter import define
from tests.unit.lint import test_compensation, test_events, test_expressions, test_references
from tests.unit.lint.diagrams import KNOWN, TASK, around, document

HERE = Path(__file__).parent
REFERENCE = HERE.parents[2] / "docs" / "reference" / "lint-rules.md"
TESTS = "".join(path.read_text() for path in HERE.glob("test_*.py") if path.name != "test_rules.py")


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_test(rule: str):
    assert f'"{rule}"' in TESTS


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_every_rule_is_in_the_reference_with_its_reason_and_its_way_out(rule):
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    sections = re.split(r"^### ", REFERENCE.read_text(), flags=re.MULTILINE)
    (section,) = [s for s in sections if s.startswith(f"{rule.id}\n")]
    for text in (rule.severity, rule.title, rule.why, rule.hint):
        assert re.sub(r"%\((\w+)\)[sd]", r"*\1*", text) in section


def test_the_reference_has_no_rule_that_does_not_exist():
    assert set(re.findall(r"^### (\S+)$", REFERENCE.read_text(), re.MULTILINE)) == set(RULES)


def test_every_text_of_a_rule_is_marked_for_translation():
    """In the sources: ``title=N_(...)``; a text that is not marked never reaches the catalogues."""
    sources = (path.read_text() for path in (HERE.parents[2] / "engine/definitions/lint").glob("*.py"))
    unmarked = re.compile(r"^    (title|why|hint|template)=(?!N_\()", re.MULTILINE)
    assert not [match for source in sources for match in unmarked.findall(source)]


def check(resources: dict[str, bytes], known: Known = KNOWN) -> None:
    """Findings, whatever comes; and where there is no error, a diagram that the interpreter can run."""
    found = lint(resources, known)
    if not any(finding.severity == "error" for finding in found) and "a.bpmn" in resources:
        root = parse_xml(resources["a.bpmn"], "a.bpmn")
        for process in read_processes(root, "a.bpmn").values():
            if process.executable and "lain" not in process.calls:
                define([root], process.key)
    for finding in found:
        assert isinstance(finding, Finding)
        assert finding.rule in RULES
        assert finding.resource in resources
        assert str(finding)
        assert finding.hint


SEEDS: list[bytes] = [
    document(around(TASK)),
    document(test_events.with_boundary_on_sub_process("escalation")),
    document(test_events.with_listener("conditional")),
    document(test_events.THROWN + test_events.link("intermediateCatchEvent", "l2")),
    document(test_expressions.call('<camunda:in sourceExpression="a + 1" target="b"/>')),
    document(test_expressions.SPLIT + test_expressions.flow("g", "e2", "umur < 12".replace("<", "&lt;"))),
    document(
        test_references.lane()
        + around(test_expressions.task(test_expressions.loop(attributes='camunda:collection="a"')))
    ),
    document(test_events.PLAIN + test_events.boundary(test_events.timer("R3/PT1H", "timeCycle"))),
    document(test_compensation.UNDONE),
    document(test_compensation.transaction()),
]
TABLE, FORM = test_references.table(), test_references.form(conditional={"hide": "=umur < 12"})
WORDS = [
    "", "p", "s", "t", "e", "sp", "s_t", "true", "-1", "R3/PT1H", "P", "2026-99-99", "=a +", "${a}", "a(b",
    "%s %(x)s", "\U0001f600", "9" * 5000, "((((", "=", ":", "x:y",
]  # fmt: skip
TAGS = [
    "startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "subProcess", "transaction", "lane",
    "userTask", "receiveTask", "callActivity", "eventBasedGateway", "exclusiveGateway", "sequenceFlow",
    "process", "participant", "multiInstanceLoopCharacteristics", "timerEventDefinition", "timeCycle",
    "eventDefinitionRef", "linkEventDefinition", "compensateEventDefinition", "cancelEventDefinition",
    "extensionElements", "outputDataItem", "decision", "rule",
]  # fmt: skip


def _mutate(root: etree._Element, chance: random.Random) -> None:
    node = chance.choice(list(root.iter(etree.Element)))
    parent = node.getparent()
    other = chance.choice(list(root.iter(etree.Element)))
    attribute = chance.choice(
        [*node.attrib, "id", "sourceRef", "default", "attachedToRef", "triggeredByEvent", "isForCompensation"]
    )
    kinds: list[Callable[[], object]] = [
        lambda: node.set(attribute, chance.choice(WORDS).replace("\U0001f600", "x")),
        lambda: node.attrib.pop(attribute, None),
        lambda: setattr(node, "text", chance.choice(WORDS)),
        lambda: setattr(node, "tag", f"{{{etree.QName(node).namespace}}}{chance.choice(TAGS)}"),
        lambda: parent.remove(node) if parent is not None else None,
        lambda: other.append(etree.fromstring(etree.tostring(node))) if other is not root else None,
        lambda: other.append(node) if other not in node.iter() and parent is not None else None,
    ]
    chance.choice(kinds)()


@settings(max_examples=400, deadline=None)
@given(seed=st.sampled_from([*SEEDS, TABLE]), number=st.integers(0, 2**32), times=st.integers(1, 12))
def test_a_diagram_with_anything_changed_gives_findings_not_exceptions(seed: bytes, number: int, times: int):
    chance, root = random.Random(number), etree.fromstring(seed)
    for _ in range(times):
        _mutate(root, chance)
    content = etree.tostring(root)
    check({"a.bpmn" if seed != TABLE else "a.dmn": content, "b.dmn": TABLE, "c.form": FORM})


@settings(max_examples=300, deadline=None)
@given(
    seed=st.sampled_from([*SEEDS, TABLE, FORM]),
    where=st.integers(0, 20_000),
    length=st.integers(0, 40),
    put=st.binary(max_size=20) | st.sampled_from([word.encode() for word in WORDS]),
)
@example(seed=FORM, where=0, length=0, put=b"[" * 20)
def test_bytes_of_a_file_with_anything_changed_give_findings_not_exceptions(
    seed: bytes, where: int, length: int, put: bytes
):
    at = where % len(seed)
    content = seed[:at] + put + seed[at + length :]
    name = "a.form" if seed == FORM else "a.dmn" if seed == TABLE else "a.bpmn"
    check({name: content})


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=12), st.binary(max_size=200), max_size=4))
@example({"a.bpmn": b"", "b.dmn": b"\xff\xfe", "c.form": b"null", "": b"", "/": b"", ".bpmn": b"x"})
def test_any_files_give_findings_not_exceptions(resources: dict[str, bytes]):
    check(resources)


def test_a_diagram_as_deep_as_xml_may_be_is_read():
    inside = ""
    for level in range(90):
        inside = f'<bpmn:subProcess id="sp{level}">{inside}</bpmn:subProcess>'
    check({"a.bpmn": document(inside)})


def test_a_hostile_file_gives_no_more_findings_and_no_longer_texts_than_anybody_reads():
    groups = ",".join(f"g{number}" for number in range(100_000))
    found = lint({"a.bpmn": document(around(test_expressions.task(candidateGroups=groups)))}, KNOWN)
    assert len(found) == MAX_FINDINGS
    (finding,) = lint({"a.bpmn": document(around(test_expressions.task(formRef="x" * 1_000_000)))}, KNOWN)
    assert len(str(finding)) < 1_000
