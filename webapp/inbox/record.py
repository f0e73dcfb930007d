"""What is known of a case: facts by step and its story, as every page of a case shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine import facts, history
from engine.types import Actor, Fact, HistoryView
from webapp.db import database
from webapp.inbox.attachments import File
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
    """The newest answers come first, and so does the newest line of the story; both are made of ``facts``
    and ``events``, the oldest first."""

    answers: Sequence[Answers]
    files: Sequence[File]
    story: Sequence[Line]
    facts: Sequence[Fact]
    events: Sequence[HistoryView]


def read_record(actor: Actor, instance_id: str, files: Sequence[File] = ()) -> Record:
    """The record of a case, with these ``files``. Raises ``InstanceNotFound`` for one that the actor may not
    see."""
    by_step: dict[str, list[Fact]] = {}
    found, events = facts(database(), actor, instance_id), history(database(), actor, instance_id)
    for fact in found:
        by_step.setdefault(fact.submission_id, []).append(fact)
    answers = [_answers(of_step) for of_step in by_step.values()]
    shown = [of_step for of_step in answers[::-1] if of_step.facts]
    return Record(shown, files, story(events), found, events)


def _answers(found: Sequence[Fact]) -> Answers:
    first = found[0]
    given = [Answer(f.label, readable(f.display, f.agency_id), f.sealed) for f in found]
    kept = [answer for answer in given if answer.words or answer.sealed]
    return Answers(first.element_name, first.at, first.by, kept)
