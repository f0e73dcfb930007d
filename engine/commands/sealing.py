"""Which variables are sealed: those of fields marked ``rahasia``, and whatever their values are copied to.

A sealed value never becomes an open one under another name. Copies are followed by name, through all
scopes: ``camunda:in`` and ``camunda:out`` (of calls, and of what is thrown), the items and the output of a
multi-instance, fields that a form computes, and the outputs of decisions. What a condition or a rule merely
*chooses* by a sealed value (a way, a level) is no copy of it and stays open: the people who work by it must
see it.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from engine import catalog
from engine.catalog import DeployedProcess
from engine.commands.unit import Copy, Work
from engine.definitions.forms import Form
from engine.definitions.model import Element
from engine.feel import parse_expression


def spread(sealed: Collection[str], deployed: DeployedProcess, copies: Iterable[Copy]) -> set[str]:
    """The names in ``sealed``, and those that their values may have been copied to, step by step."""
    found = set(sealed)
    if not found:
        return found
    targets: defaultdict[str, set[str]] = defaultdict(set)
    for sources, target in (*_copies_in(deployed), *copies):
        for source in sources:
            targets[source].add(target)
    todo = deque(found)
    while todo:
        new = targets[todo.popleft()] - found
        found |= new
        todo += new
    return found


def sealed_names(work: Work) -> set[str]:
    """Names of the variables that are sealed when the work is done: those that were, those that some form of
    the process marks, whoever has set them, and what copies them.
    """
    marked = catalog.sealed_fields(work.tx, work.deployed)
    there = {name for scope in work.host.scopes.values() for name in marked.intersection(scope)}
    return spread(work.sealed | there, work.deployed, work.copies)


def copies_of(form: Form) -> Iterator[Copy]:
    """What the computed fields of a form copy."""
    for field in form.fields:
        todo = [field]
        while todo:
            part = todo.pop()
            if part.expression is not None:
                yield part.expression.names, field.path[0]
            todo += part.rows.fields if part.rows is not None else ()


@lru_cache(256)
def _copies_in(deployed: DeployedProcess) -> tuple[Copy, ...]:
    elements = [e for process in deployed.processes.values() for e in process.elements.values()]
    return tuple(copy for element in elements for copy in _copies_at(element))


def _copies_at(element: Element) -> Iterator[Copy]:
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
