"""What is known of a case: facts by step and its story, as every page of a case shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import facts, history
from engine.types import Actor, Fact
from webapp.db import database
from webapp.inbox.story import Line, story
from webapp.words import readable


@dataclass(frozen=True)
class Answer:
    """One answer; ``words`` is empty where it is sealed and the reader does not work on the case."""

    label: str
    words: str
    sealed: bool


@dataclass(frozen=True)
class Answers:
    """What one person filled in at one step."""

    step: str
    at: datetime
    by: str
    facts: Sequence[Answer]


@dataclass(frozen=True)
class Record:
    """The newest answers come first, and so does the newest line of the story."""

    answers: Sequence[Answers]
    story: Sequence[Line]


def read_record(actor: Actor, instance_id: str) -> Record:
    """The record of a case. Raises ``InstanceNotFound`` for one that the actor may not see."""
    by_step: dict[str, list[Fact]] = {}
    for fact in facts(database(), actor, instance_id):
        by_step.setdefault(fact.submission_id, []).append(fact)
    answers = [_answers(found) for found in by_step.values()]
    shown = [found for found in answers[::-1] if found.facts]
    return Record(shown, story(history(database(), actor, instance_id)))


def _answers(found: Sequence[Fact]) -> Answers:
    first = found[0]
    given = [Answer(f.label, readable(f.display, f.agency_id), f.sealed) for f in found]
    kept = [answer for answer in given if answer.words or answer.sealed]
    return Answers(first.element_name, first.at, first.by, kept)
