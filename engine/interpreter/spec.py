"""The graph of one scope, and all graphs of a process: built once, shared by every instance and thread."""

# mypy: disallow-subclassing-any=False

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from engine.definitions import Element
from engine.interpreter.event_subprocesses import EventSubProcess
from engine.interpreter.expressions import failure
from engine.interpreter.nodes import Node
from engine.interpreter.spiff import WorkflowSpec


class Root(Node):
    """Where the tokens of a scope hang; on no diagram, and not reached by any flow."""

    visible = False


class Connection(NamedTuple):
    """Where a sequence flow leads: names of the specs that a token leaves and arrives at."""

    source: str
    target: str


class ScopeSpec(WorkflowSpec):
    """Elements of a process or sub-process. Specs are named by element ids; a helper's name has a blank.

    ``process_key``: the process that it is part of. ``starts``: its start events. ``listeners``: its event
    sub-processes. ``flows``: its sequence flows by id. ``heard``: kinds of events that something in it may
    wait for. ``joins``: whether tokens in it may wait for a look at all of them.
    """

    def __init__(self, name: str, process_key: str) -> None:
        super().__init__(name=name)
        self.process_key = process_key
        self.root = Root(self, " root", Element(id=process_key, name="", type="process", line=0, scope=""))
        self.starts: dict[str, Node] = {}
        self.listeners: list[EventSubProcess] = []
        self.flows: dict[str, Connection] = {}
        self.heard: set[str] = set()
        self.joins = False

    def start_for(self, element_id: str | None) -> Node:
        """The start event with this id; for None the one without an event, or the only one.

        Raises ExecutionFailed if there is none, or no telling which.
        """
        if element_id is not None:
            found = [node for key, node in self.starts.items() if key == element_id]
        elif len(self.starts) == 1:
            found = list(self.starts.values())
        else:
            found = [node for node in self.starts.values() if node.element.event is None]
        if len(found) != 1:
            raise failure(element_id or self.process_key, f"{len(found)} start events to choose from")
        return found[0]


@dataclass(frozen=True, eq=False)
class Executable:
    """A process that can run. ``scopes``: the graphs of it, of the processes that it calls, and of all their
    sub-processes (``process/sub-process``), by name."""

    key: str
    scopes: Mapping[str, ScopeSpec]
