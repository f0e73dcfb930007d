"""The cases of a folder of the kit, evaluated one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from engine import evaluate_decision
from engine.errors import DecisionError, TitianError
from tests.tck.values import local, same, value_of


@dataclass(frozen=True)
class Verdict:
    """One expected result. ``reason``: why it failed, "" if it passed."""

    folder: str
    file: str
    case: str
    node: str
    labels: tuple[str, ...]
    reason: str = field(default="")


def verdicts(root: Path) -> Iterator[Verdict]:
    """Evaluate every test case below a folder: ``compliance-level-N/<folder>/*-test-*.xml``."""
    for path in sorted(root.rglob("*-test-*.xml")):
        yield from _of_file(path, path.parent.relative_to(root).as_posix())


def _of_file(path: Path, folder: str) -> Iterator[Verdict]:
    tree = etree.parse(path, etree.XMLParser(remove_comments=True, remove_pis=True)).getroot()
    children = {local(child): child for child in tree}
    model = (children["modelName"].text or "").strip()
    labels = tuple((child.text or "").strip() for child in children.get("labels", ()))
    resources = _resources(path.parent, model)
    for case in tree:
        if local(case) != "testCase":
            continue
        given = {n.get("name", ""): value_of(n) for n in case if _is(n, "inputNode")}
        for result in (n for n in case if _is(n, "resultNode")):
            name = case.get("invocableName") or result.get("name", "")
            reason = _judge(resources, name, given, result)
            yield Verdict(folder, path.name, case.get("id", ""), name, labels, reason)


def _resources(folder: Path, model: str) -> dict[str, bytes]:
    others = sorted(path.name for path in folder.glob("*.dmn") if path.name != model)
    return {name: (folder / name).read_bytes() for name in (model, *others)}


def _is(element: Any, name: str) -> bool:
    return local(element) == name


def _judge(
    resources: Mapping[str, bytes], name: str, given: Mapping[str, Any], result: etree._Element
) -> str:
    """Why the result is not the expected one, else "". A refusal is the null of an ``errorResult`` only."""
    expected = next((value_of(n) for n in result if _is(n, "expected")), None)
    warnings: list[str] = []
    try:
        found = evaluate_decision(resources, name, given, warnings)
    except DecisionError as error:
        if result.get("errorResult") in ("true", "1") and expected is None:
            return ""
        return f"{type(error).__name__}: {error}"
    except TitianError as error:
        return f"{type(error).__name__}: {error}"
    if same(expected, found):
        return ""
    return f"expected {expected!r}, found {found!r} {warnings[:2]}"
