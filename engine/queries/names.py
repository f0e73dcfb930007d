"""Search by name: who works on cases looks through what may be read anyway, opened one by one in memory.

There is no index of names, and none is made here (docs/discussion/secrecy.md): what is opened is gone when
the answer is made, and an erased case is found no more. Whoever asks records it (``NamesFound``).
"""

import logging
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from engine import access
from engine.errors import SealBroken
from engine.secrecy import keys_of
from engine.store import Database, reading
from engine.store.documents import open_secrets
from engine.store.tables import ProcessInstance
from engine.types import Actor
from engine.types.inbox import NamesFound

MOST = 500
"""Cases that one search opens at most, the newest; some 60 ms of work where all keys must be fetched."""

SHORTEST = 3
"""Letters; with fewer nearly every case would be found."""

_OWN = (
    select(ProcessInstance.id, ProcessInstance.agency_id, ProcessInstance.secrets, ProcessInstance.key_id)
    .where(
        ProcessInstance.ended_at.is_(None),
        ProcessInstance.erased_at.is_(None),
        ProcessInstance.secrets.is_not(None),
    )
    .order_by(ProcessInstance.started_at.desc(), ProcessInstance.id.desc())
    .limit(MOST + 1)
)
_log = logging.getLogger(__name__)


def search_names(database: Database, actor: Actor, words: str) -> NamesFound:
    """The open cases that ``actor`` works on and in which something sealed has all of ``words``, the newest
    first. Upper and lower case, and accents, are the same.

    A role opens nothing: a manager who works on no case finds nothing. Fewer than ``SHORTEST`` letters find
    nothing. A case whose seal is broken is passed over and logged by its key.
    """
    wanted = _plain(words).split()
    if len("".join(wanted)) < SHORTEST:
        return NamesFound((), {}, more=False)
    with reading(database) as tx:
        keys, rows = keys_of(tx), tx.execute(_OWN.where(access.worked_instances(actor))).all()
        looked = rows[:MOST]
        keys.fetch(row.key_id for row in looked)
        found = []
        for row in looked:
            key = keys.readable(row.key_id)
            try:
                sealed = open_secrets(row.secrets, key) if key else {}
            except SealBroken:
                _log.error("what is sealed with the key %s cannot be opened", row.key_id)
                continue
            if any(all(word in text for word in wanted) for text in _texts(sealed)):
                found.append((row.id, row.agency_id))
    return NamesFound(found, Counter(row.agency_id for row in looked), more=len(rows) > MOST)


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, made plain; the names of variables are none."""
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _plain(text: str) -> str:
    parted = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parted if not unicodedata.combining(sign)).casefold()
