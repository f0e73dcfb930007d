"""Which variables are sealed: those of fields marked ``rahasia``, those that hold the message of an error
(``camunda:errorMessageVariable``), and whatever their values are copied to.

A sealed value never becomes an open one under another name: copies are followed (``definitions.copies``, and
the outputs of decisions). Nor does it get into what everybody reads: a case's number, a topic, the names of
those whom a task is for. What a condition or a rule merely *chooses* by a sealed value (a way, a level) is no
copy of it and stays open: the people who work by it must see it.
"""

from functools import lru_cache

from engine import catalog
from engine.catalog import DeployedProcess
from engine.commands.unit import Work
from engine.definitions.copies import Copy, copies_at, spread
from engine.errors import ExecutionFailed
from engine.feel import parse_expression


def sealed_names(work: Work) -> set[str]:
    """Names of the variables that are sealed when the work is done: those that were, those that the process
    marks (``catalog.sealed_fields``), whoever has set them, and what copies them.
    """
    marked = catalog.sealed_fields(work.tx, work.deployed)
    there = {name for scope in work.host.scopes.values() for name in marked.intersection(scope)}
    return spread(work.sealed | there, [*_copies_in(work.deployed), *work.copies])


@lru_cache(256)
def _copies_in(deployed: DeployedProcess) -> tuple[Copy, ...]:
    elements = [e for process in deployed.processes.values() for e in process.elements.values()]
    return tuple(copy for element in elements for copy in copies_at(element))


def shows_sealed(work: Work, text: str | None) -> bool:
    """Whether what an attribute gives (literal, or FEEL after ``=``) may hold a value that is sealed when the
    work is saved."""
    if not work.sealed or text is None or not text.strip().startswith("="):
        return False
    return not parse_expression(text).copied.isdisjoint(work.sealed)


def require_unsealed(work: Work, element_id: str, text: str | None, what: str) -> None:
    """Raise ``ExecutionFailed`` where ``what`` everybody reads would hold a sealed value."""
    if shows_sealed(work, text):
        raise ExecutionFailed(element=element_id, reason=f"{what} would show what is confidential")
