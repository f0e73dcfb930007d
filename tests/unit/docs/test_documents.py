"""The documents tell the truth: what they name is there."""

import re
from pathlib import Path

import pytest

from engine import errors
from engine.deadlines import ClockKind
from engine.deadlines.declarations import KEYS
from engine.definitions import parse_xml, read_processes
from engine.definitions.dmn import HitPolicy
from engine.definitions.dmn.boxed import KINDS
from engine.definitions.lint import RULES
from engine.types import ROLES
from webapp.config import Settings

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *(ROOT / "docs").rglob("*.md")]
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_test_and_rule_that_the_bpmn_reference_names_is_there():
    text = read("docs/reference/bpmn.md")
    tests = "".join(path.read_text() for path in (ROOT / "tests/unit/interpreter").glob("*.py"))
    named = re.findall(r"`(test_\w+)`", text)
    assert len(named) > 20
    assert [name for name in named if f"def {name}(" not in tests] == []
    refused = re.findall(r"refused[^|]*\| `([\w-]+)` \|", text)
    assert len(refused) > 8
    assert [rule for rule in refused if rule not in RULES] == []


def test_the_dmn_reference_names_every_kind_of_logic_and_hit_policy_and_tests_that_are_there():
    text = read("docs/reference/dmn.md")
    tests = "".join(path.read_text() for path in (ROOT / "tests/unit/dmn").glob("*.py"))
    named = re.findall(r"`(test_\w+)`", text)
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in tests] == []
    assert [kind for kind in KINDS if not re.search(rf"^\|.*{kind}", text, re.MULTILINE)] == []
    assert [policy for policy in HitPolicy if f"| hit policy {policy}" not in text] == []


def test_the_reference_of_clocks_has_every_key():
    text = read("docs/reference/clocks.md")
    assert re.findall(r"^\| `(\w+)` \|", text, re.M) == list(KEYS)
    assert [kind for kind in ClockKind if f"`{kind}`" not in text] == []


def test_the_readme_lists_every_setting():
    text = read("README.md")
    assert [name for name in Settings.__dataclass_fields__ if f"`TITIAN_{name.upper()}`" not in text] == []


def test_the_reference_of_roles_has_every_role_and_every_signature():
    text = read("docs/reference/roles.md")
    assert [role for role in ROLES if f"| `{role}` |" not in text] == []
    for file in (ROOT / "processes").glob("*/*.bpmn"):
        for process in read_processes(parse_xml(file.read_bytes(), file.name), file.name).values():
            for element in (each for each in process.elements.values() if each.four_eyes):
                drafts = ", ".join(f"`{draft}`" for draft in element.four_eyes)
                assert re.search(rf"\|[^|]*\| {drafts} \|[^|]*`{element.id}`[^|]*\|", text), element.id


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(document: Path):
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_error_class_is_in_the_tree_that_the_docstring_draws():
    def below(kind: type[errors.TitianError]) -> set[str]:
        return {kind.__name__}.union(*(below(each) for each in kind.__subclasses__()))

    classes = below(errors.TitianError).intersection(errors.__all__)
    assert len(classes) > 60
    assert [name for name in sorted(classes) if not re.search(rf"\b{name}\b", errors.__doc__)] == []
