"""The clocks of a case as its history tells them: for a case that began before its agency declared them, and
for clocks that are declared otherwise by now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from engine import catalog, clock
from engine.catalog import DeployedProcess
from engine.commands.clock_moves import seen_by_hand
from engine.deadlines.calendar import Calendar
from engine.deadlines.declarations import Amount, ClockDeclaration
from engine.deadlines.running import ClockState, Seen, advance, renewed, shortest
from engine.interpreter import MAIN_SCOPE
from engine.queries.activities import read_events
from engine.secrecy import keys_of
from engine.store.documents import Event, open_variables
from engine.types import HistoryKind

_LEFT = frozenset({HistoryKind.ACTIVITY_COMPLETED, HistoryKind.ACTIVITY_CANCELLED})

StatesOfCases = Mapping[str, Mapping[str, ClockState]]
"""How clocks stand, by case and clock."""


@dataclass
class _Story:
    """What the history of a case has told so far: where its tokens are, and how its clocks stand. ``old``:
    how those of them stood that were kept by another declaration."""

    deployed: DeployedProcess
    clocks: Sequence[ClockDeclaration]
    variables: Mapping[str, Any]
    old: Mapping[str, ClockState]
    places: dict[str, str] = field(default_factory=dict)
    states: dict[str, ClockState] = field(default_factory=dict)
    begun: bool = False

    def hear(self, at: datetime, events: Iterable[Event], calendar: Calendar) -> None:
        """What one command has done."""
        entered, completed, by_hand = set[str](), set[str](), False
        stood = frozenset(self.places.values())
        for event in events:
            by_hand = by_hand or event.kind == HistoryKind.INSTANCE_MODIFIED
            if event.process_key is not None or event.token_id is None or event.element_id is None:
                continue
            if event.kind in (HistoryKind.ACTIVITY_ENTERED, HistoryKind.ACTIVITY_MIGRATED):
                self.places[event.token_id] = event.element_id
                entered |= {event.element_id} if event.kind == HistoryKind.ACTIVITY_ENTERED else set()
            elif event.kind in _LEFT:
                self.places.pop(event.token_id, None)
                completed |= {event.element_id} if event.kind == HistoryKind.ACTIVITY_COMPLETED else set()
        still = frozenset(self.places.values())
        items = {e for e in completed & still if self._repeats(e)}
        seen = Seen(frozenset(entered), frozenset(completed - items), still, received=not self.begun)
        self.begun = True
        for each in self.clocks:
            told = seen
            if by_hand:
                told = seen_by_hand(self.deployed.process, each, seen, stood, still)
            state = advance(each, self.states.get(each.id), told, self._amount(each), at, calendar)
            if state is not None:
                self.states[each.id] = state

    def _amount(self, declared: ClockDeclaration) -> Amount | None:
        """What the variables choose now, and no more than what they have once chosen from the same amounts:
        the history keeps no values."""
        chosen, old = declared.amount_for(self.variables), self.old.get(declared.id)
        if not declared.scale or old is None or old.shape.rpartition("\n")[2] != declared.scale:
            return chosen
        return shortest(old.counts, chosen)

    def _repeats(self, element_id: str) -> bool:
        element = self.deployed.process.elements.get(element_id)
        return element is not None and element.loop is not None

    def told(self, now: datetime, calendar: Calendar) -> dict[str, ClockState]:
        """The clocks at the end of the story. One that was kept before has what was told of it; of another,
        what has passed is no news."""
        return {
            key: _known(state, now) if key not in self.old else _as_told(state, self.old[key], now, calendar)
            for key, state in self.states.items()
        }


def clocks_from_history(
    tx: Connection,
    rows: Sequence[Row[Any]],
    wanted: Mapping[str, Sequence[ClockDeclaration]],
    old: StatesOfCases,
    calendar: Calendar,
) -> StatesOfCases:
    """The ``wanted`` clocks of some cases, by case and clock, as they would stand, had they been kept from
    the beginning as they are declared now.

    ``rows``: of ``process_instance``, with what its variables are read from. ``old``: how clocks stood that
    were kept by another declaration.
    """
    stories = {
        row.id: _Story(
            catalog.load_process(tx, row.definition_id), wanted[row.id], _variables(tx, row), old[row.id]
        )
        for row in rows
    }
    commands: dict[str, dict[int, tuple[datetime, list[Event]]]] = defaultdict(dict)
    for _, entry, event in read_events(tx, [row.id for row in rows]):
        commands[entry.instance_id].setdefault(entry.seq, (entry.at, []))[1].append(event)
    for instance_id, story in stories.items():
        for at, events in commands[instance_id].values():
            story.hear(at, events, calendar)
    now = clock.now()
    return {key: story.told(now, calendar) for key, story in stories.items()}


def _variables(tx: Connection, row: Row[Any]) -> Mapping[str, Any]:
    key = keys_of(tx).readable(row.key_id) if row.key_id else None
    found: Mapping[str, Any] = open_variables(row.variables, row.secrets, key).get(MAIN_SCOPE, {})
    return found


def _known(state: ClockState, now: datetime) -> ClockState:
    if state.warn_at is not None and state.warn_at <= now:
        state = replace(state, warned_at=state.warn_at)
    if state.due_at is not None and state.due_at <= now:
        state = replace(state, breached_at=state.due_at)
    return state


def _as_told(state: ClockState, old: ClockState, now: datetime, calendar: Calendar) -> ClockState:
    if state.ended_at is not None:
        return _known(state, now)
    told = replace(state, warned_at=old.warned_at, breached_at=old.breached_at)
    return renewed(told, now, calendar)
