"""Which variables get values of others: what is secret stays so in its copies.

Copies are followed by name, through all scopes: ``camunda:in`` and ``camunda:out`` (of calls, and of what is
thrown), the items and the output of a multi-instance, and fields that a form computes.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator

from engine.definitions.forms import Form
from engine.definitions.model import Element
from engine.feel import parse_expression

Copy = tuple[Collection[str], str]
"""(names of variables, name of a variable that their values are copied to)."""


def spread(names: Collection[str], copies: Iterable[Copy]) -> set[str]:
    """The names, and those that their values may have been copied to, step by step."""
    found = set(names)
    if not found:
        return found
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for sources, target in copies:
        for source in sources:
            targets[source].add(target)
    todo = deque(found)
    while todo:
        new = targets[todo.popleft()] - found
        found |= new
        todo += new
    return found


def copies_of(form: Form) -> Iterator[Copy]:
    """What the computed fields of a form copy."""
    for field in form.fields:
        todo = [field]
        while todo:
            part = todo.pop()
            if part.expression is not None:
                yield part.expression.names, field.path[0]
            todo += part.rows.fields if part.rows is not None else ()


def sealed_by(form: Form) -> frozenset[str]:
    """Names of the variables that a form seals: those of its fields marked ``rahasia``, and their copies."""
    return frozenset(spread(form.sealed, copies_of(form)))


def copies_at(element: Element) -> Iterator[Copy]:
    """What an element of a diagram copies. Raises ``ExpressionInvalid``."""
    thrown = [mapping for definition in element.events for mapping in definition.mappings]
    for mapping in (*element.mappings, *thrown):
        if mapping.target and mapping.source:
            yield {mapping.source}, mapping.target
        elif mapping.target and mapping.source_expression:
            yield parse_expression(mapping.source_expression).names, mapping.target
    if (loop := element.loop) is not None:
        if loop.collection and loop.element_variable:
            yield parse_expression(loop.collection).names, loop.element_variable
        if loop.output and loop.output_item:
            yield {loop.output_item}, loop.output
