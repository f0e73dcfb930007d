"""Clocks that are not as the calendar and the profile say: found now and then, and set right.

A case that starts while either is being changed is not seen by that change, and may go by the one before
(PostgreSQL). Nothing else should be found here.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select

from engine.catalog import hold_catalog
from engine.commands.clock_filling import agencies_of, cases_to_fill, fill_clocks
from engine.commands.deadlines import BATCH, cases_to_recompute, recompute
from engine.queries.calendars import PROFILE_FAULTS
from engine.store import reading, writing
from engine.store.tables import Agency
from engine.types import SYSTEM

_log = logging.getLogger(__name__)


def mend_clocks(database: Engine) -> int:
    """Work out anew what stands otherwise than it should, with an entry in the history of each case that
    moves; returns how many deadlines have moved. Where all is well, it reads alone.

    Nothing is locked while it looks; what it finds is looked at once more under the locks, ``BATCH`` cases a
    transaction. An agency whose profile an earlier release has let pass holds up no other one: it is named in
    the log.
    """
    with reading(database) as tx:
        agencies = list(agencies_of(tx))
    moved = 0
    for agency in agencies:
        try:
            moved += _mend(database, agency.id, agency.profile)
        except PROFILE_FAULTS:
            _log.exception("the clocks of %s cannot be looked at: its profile is not valid", agency.id)
    return moved


def _mend(database: Engine, agency_id: str, profile: Mapping[str, Any]) -> int:
    with reading(database) as tx:
        astray = cases_to_fill(tx, agency_id, profile)
        wrong = cases_to_recompute(tx, agency_id, profile)
    moved = 0
    for ids in _batches(astray):
        with writing(database) as tx:
            hold_catalog(tx)
            now = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one()
            moved += fill_clocks(tx, SYSTEM, agency_id, now, ids).moved
    for ids in _batches(wrong):
        with writing(database) as tx:
            hold_catalog(tx)
            moved += recompute(tx, agency_id, instance_ids=ids)
    return moved


def _batches(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[first : first + BATCH] for first in range(0, len(ids), BATCH))
