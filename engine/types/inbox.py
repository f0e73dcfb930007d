"""What the inbox needs beside lists of tasks: saved filters, what became of many tasks, names found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.errors import TitianError
from engine.types.views import TaskView


@dataclass(frozen=True)
class SavedFilterView:
    """A person's own filter; ``arguments``: the parameters of its address."""

    id: str
    name: str
    arguments: Mapping[str, str]


@dataclass(frozen=True)
class TaskOutcome:
    """What became of one of many tasks. ``refused``: why nothing did, None where it did; ``task``: as it
    stands now, None where the actor cannot see it."""

    task_id: str
    task: TaskView | None
    refused: TitianError | None


@dataclass(frozen=True)
class NamesFound:
    """``cases``: id and agency of each case that holds the words; ``looked``: agency -> how many of its cases
    were opened for it; ``more``: there were others, older ones, that were not looked through."""

    cases: Sequence[tuple[str, str]]
    looked: Mapping[str, int]
    more: bool
