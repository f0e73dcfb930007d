"""What is known of a case: facts by step and its story, as every page of a case shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import facts, history
from engine.types import Actor, Fact
from webapp.db import database
from webapp.inbox.story import Line, story


@dataclass(frozen=True)
class Answers:
    """What one person filled in at one step."""

    step: str
    at: datetime
    by: str
    facts: Sequence[Fact]


@dataclass(frozen=True)
class Record:
    """The newest answers come first, and so does the newest line of the story."""

    answers: Sequence[Answers]
    story: Sequence[Line]


def read_record(actor: Actor, instance_id: str) -> Record:
    """The record of a case. Raises ``InstanceNotFound`` for one that the actor may not see."""
    by_step: dict[str, list[Fact]] = {}
    for fact in facts(database(), actor, instance_id):
        if fact.display:
            by_step.setdefault(fact.submission_id, []).append(fact)
    answers = [Answers(found[0].element_name, found[0].at, found[0].by, found) for found in by_step.values()]
    return Record(answers[::-1], story(history(database(), actor, instance_id)))
