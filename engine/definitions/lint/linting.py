"""All rules over all files of a deployment."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.definitions.lint import (
    camunda,
    clocks,
    compensation,
    constructs,
    decisions,
    drawing,
    events,
    expressions,
    files,
    forms,
    gateways,
    ids,
    loops,
    references,
    secrecy,
    structure,
    tables,
    tasks,
    timers,
)
from engine.definitions.lint.deployment import Deployment, Diagram
from engine.definitions.lint.finding import Finding, Known, Rule

RULES: Final[Mapping[str, Rule]] = {
    rule.id: rule
    for family in (
        files,
        ids,
        structure,
        gateways,
        events,
        compensation,
        timers,
        expressions,
        loops,
        tasks,
        clocks,
        secrecy,
        references,
        camunda,
        constructs,
        drawing,
        decisions,
        tables,
        forms,
    )
    for rule in family.RULES
}
"""Every rule by id, in the order of the reference."""

MAX_FINDINGS: Final = 500
"""More than anybody reads; a hostile file could have a hundred thousand."""

_DIAGRAM_CHECKS: Final[tuple[Callable[[Diagram, Deployment], Iterator[Finding]], ...]] = (
    ids.check,
    structure.check,
    gateways.check,
    events.check,
    compensation.check,
    timers.check,
    expressions.check,
    loops.check,
    tasks.check,
    clocks.check,
    secrecy.check,
    references.check,
    camunda.check,
    constructs.check,
    drawing.check,
)


def lint(resources: Mapping[str, bytes], known: Known | None = None) -> list[Finding]:
    """Everything wrong with the files of a deployment.

    ``resources``: content by file name (``.bpmn``, ``.dmn``, ``.form``, ``.json``), untrusted. ``known``:
    what the agency has already. Returns findings, errors first, then by file and line, at most
    ``MAX_FINDINGS``; it raises nothing.
    """
    deployment, findings = files.read_files(resources, known or Known())
    findings += files.check_duplicates(deployment)
    for diagram in deployment.diagrams:
        if too_large := list(ids.check_size(diagram)):
            findings += too_large  # some rules compare elements with each other
            continue
        for check in _DIAGRAM_CHECKS:
            findings += check(diagram, deployment)
    for table in deployment.tables:
        findings += decisions.check(table, deployment)
        findings += tables.check(table, deployment)
    for form in deployment.forms:
        findings += forms.check(form, deployment)
    findings.sort(key=lambda f: (f.severity, f.resource, f.line, f.rule, f.element_id))
    return findings[:MAX_FINDINGS]
