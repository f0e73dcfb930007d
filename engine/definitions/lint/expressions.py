"""FEEL in a diagram: there where it must be, in the right language, and parsed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from engine.definitions.lint.deployment import Deployment, Diagram, Part
from engine.definitions.lint.finding import Finding, Rule
from engine.definitions.model import Element, expression_in
from engine.definitions.reading import camunda, camunda_attributes, tag_of, text_of
from engine.errors import N_, ExpressionInvalid
from engine.feel import parse_expression

EXPRESSION_INVALID = Rule(
    id="expression-invalid",
    severity="error",
    title=N_("A FEEL expression that does not parse."),
    why=N_("The case would stop where the expression is needed."),
    hint=N_("Correct the expression; texts stand in double quotes, equality is a single '='."),
    template=N_("%(what)s: '%(text)s' is wrong at character %(column)d: %(reason)s."),
)
EXPRESSION_MISSING = Rule(
    id="expression-missing",
    severity="error",
    title=N_("An expression that is needed and absent."),
    why=N_("The engine would not know when to go on."),
    hint=N_("Enter it in the element's properties."),
    template=N_("'%(what)s' is empty."),
)
EXPRESSION_LANGUAGE = Rule(
    id="expression-language",
    severity="error",
    title=N_("An expression in another language than FEEL."),
    why=N_("FEEL is the only language that the engine evaluates."),
    hint=N_("Write it in FEEL and remove the language, or name FEEL."),
    template=N_("The language '%(language)s' is not evaluated."),
)
JUEL = Rule(
    id="juel-expression",
    severity="error",
    title=N_("An expression of the form ${...} or #{...}."),
    why=N_("Java's expression language is not evaluated; FEEL is."),
    hint=N_("Write FEEL: 'umur < 12' as a condition, '=nama' as an attribute."),
    template=N_("'%(text)s' is not FEEL."),
)
RULES = (EXPRESSION_INVALID, EXPRESSION_MISSING, EXPRESSION_LANGUAGE, JUEL)

_FEEL_ATTRIBUTES: Final = (
    "assignee", "candidateGroups", "candidateUsers", "dueDate", "followUpDate", "priority", "jobPriority",
    "taskPriority", "topic",
)  # fmt: skip
"""Attributes that are FEEL if they begin with ``=``."""
_EXPRESSION_TAGS: Final = frozenset(
    {
        "conditionExpression", "condition", "timeDate", "timeDuration", "timeCycle", "loopCardinality",
        "completionCondition", "loopCondition",
    }
)  # fmt: skip


@dataclass(frozen=True)
class _Said:
    """An expression: the property that it is the value of, and its text."""

    what: str
    text: str
    line: int = 0


def is_juel(text: str | None) -> bool:
    """Whether a text holds an expression of Java's kind."""
    return text is not None and ("${" in text or "#{" in text)


def problem_of(text: str) -> ExpressionInvalid | None:
    """Why a FEEL expression does not parse, None if it does."""
    try:
        parse_expression(text)
    except ExpressionInvalid as error:
        return error
    return None


def check_text(diagram: Diagram, part: Part, what: str, text: str | None, line: int = 0) -> Iterator[Finding]:
    """An expression that must be there and parse. JUEL has a rule of its own."""
    if not (text or "").strip().removeprefix("=").strip():
        yield EXPRESSION_MISSING.at(diagram.place(part, line), what=what)
    elif text is not None and not is_juel(text) and (error := problem_of(text)):
        yield EXPRESSION_INVALID.at(
            diagram.place(part, line),
            what=what,
            text=text,
            column=error.position + 1,
            position=error.position,
            reason=error.reason,
        )


def check(diagram: Diagram, deployment: Deployment) -> Iterator[Finding]:
    """All expressions of a diagram but those of timers, which have their own rules."""
    yield from _check_languages(diagram)
    for process in diagram.processes:
        for flow in process.flows.values():
            if flow.condition is not None:
                yield from check_text(diagram, flow, "condition", flow.condition)
        for element in process.elements.values():
            for said in _said_by(element):
                yield from check_text(diagram, element, said.what, said.text, said.line)


def _said_by(element: Element) -> Iterator[_Said]:
    for definition in element.events:
        if definition.kind == "conditional":
            yield _Said("condition", definition.text or "", definition.line)
    if loop := element.loop:
        for what, text in (
            ("collection", loop.collection),
            ("loopCardinality", loop.cardinality),
            ("completionCondition", loop.completion),
            ("loopCondition", loop.condition),
        ):
            if text is not None:
                yield _Said(what, text, loop.line)
    for mapping in dict.fromkeys([*element.mappings, *(m for e in element.events for m in e.mappings)]):
        if mapping.source_expression is not None:
            yield _Said("sourceExpression", mapping.source_expression, mapping.line)
        if text := expression_in(mapping.business_key):
            yield _Said("businessKey", text, mapping.line)
    for attributes in (element.attributes, *(e.attributes for e in element.events)):
        for name in _FEEL_ATTRIBUTES:
            if text := expression_in(attributes.get(name)):
                yield _Said(name, text)


def _check_languages(diagram: Diagram) -> Iterator[Finding]:
    default = diagram.root.get("expressionLanguage", "")
    if default and not _is_feel(default) and "XPath" not in default:
        # XPath is the schema's default, which some modelers write out without meaning it.
        yield EXPRESSION_LANGUAGE.at(diagram.place(diagram.root), language=default)
    for node in diagram.inside():
        if tag_of(node) in _EXPRESSION_TAGS:
            language = node.get("language", "")
            if language and not _is_feel(language):
                yield EXPRESSION_LANGUAGE.at(diagram.place(node), language=language)
            if is_juel(text := text_of(node)):
                yield JUEL.at(diagram.place(node), text=text)
        for text in _attributes(node):
            if is_juel(text):
                yield JUEL.at(diagram.place(node), text=text)


def _attributes(node: etree._Element) -> Iterator[str]:
    """Attributes that Camunda would evaluate."""
    yield from camunda_attributes(node).values()
    if node.tag in (camunda("in"), camunda("out")):
        yield from (str(value) for value in node.attrib.values())
    if tag_of(node) == "callActivity":
        yield node.get("calledElement", "")


def _is_feel(language: str) -> bool:
    return language.strip().lower() == "feel" or "/FEEL" in language
