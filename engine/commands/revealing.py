"""Opening the identity in a case: for whoever may see the case and does not work on it, with a purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.case_keys import sealed_words
from engine.commands.managing import check_reason
from engine.errors import InstanceErased, InstanceNotFound, PurposeMissing
from engine.queries.comments import read_comments
from engine.queries.history import read_facts
from engine.record import record
from engine.store import Database, writing
from engine.store.documents import Event
from engine.store.tables import ProcessInstance
from engine.types import Actor, Fact, HistoryKind, RecordAction
from engine.types.comments import CommentView

SHORTEST_PURPOSE = 10
"""Letters that say what for; "cek" says nothing."""


@dataclass(frozen=True)
class Identity:
    """What is confidential in a case: the sealed answers, and what people have said to each other."""

    facts: Sequence[Fact]
    comments: Sequence[CommentView]


def open_identity(database: Database, actor: Actor, instance_id: str, purpose: str) -> Identity:
    """What people filled in as confidential and wrote as comments: the look is recorded before it is given.

    ``purpose``: what for, in a sentence (UU 27/2022 Ps 16(2)b: processing is for a purpose). The history of
    the case tells who looked; only the access log tells the purpose. Raises ``InstanceNotFound``,
    ``ActionForbidden``, ``PurposeMissing`` for a purpose that says nothing, ``InstanceErased``.
    """
    check_reason(purpose)
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise PurposeMissing
    columns = ("agency_id", "definition_id", "erased_at")
    query: Any = select(*(getattr(ProcessInstance, name) for name in columns))
    with writing(database) as tx:
        seen = query.where(ProcessInstance.id == instance_id, access.visible_instances(actor))
        case = tx.execute(seen).one_or_none()
        if case is None:
            raise InstanceNotFound(id=instance_id)
        access.require(actor, Action.OPEN_IDENTITY, case.agency_id)
        if case.erased_at is not None:
            raise InstanceErased(id=instance_id)
        told = [Event(HistoryKind.IDENTITY_OPENED.value)]
        history.write_events(tx, actor, instance_id, case.agency_id, case.definition_id, clock.now(), told)
        said = sealed_words(tx, instance_id, "purpose", purpose.strip())
        place = {"agency_id": case.agency_id, "instance_id": instance_id}
        record(tx, actor, RecordAction.REVEAL_IDENTITY, **place, purpose=said)
        facts = [fact for fact in read_facts(tx, instance_id, opened=True) if fact.sealed]
        return Identity(facts, read_comments(tx, actor, instance_id, opened=True))
