"""What callers asked for and what was acknowledged, held against what is in the database.

Each request brings a variable whose name is its own (``k_...``). History names the variables that a step took
over, so it tells which requests were done, and how often.
"""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from uuid import uuid4

from sqlalchemy import Engine, func, select

from engine.store import reading
from engine.store.documents import unpack_events
from engine.store.tables import HistoryEntry, Job, ProcessInstance
from engine.types import HistoryKind
from tests.support.invariants import check_invariants

MARK = "k_"


@dataclass
class Asked:
    """One request, however often it was sent. ``id`` is its key and the name of its variable."""

    kind: str
    id: str = field(default_factory=lambda: f"{MARK}{uuid4().hex}")
    acknowledged: bool = False
    attempts: int = 0
    late: bool = False


@dataclass
class Ledger:
    """Written by callers on many threads; checked while no server runs.

    ``done``: how often each request and each timer is in the history.
    """

    asked: list[Asked] = field(default_factory=list)
    unsettled: list[Asked] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    seq: int = 0
    lock: Lock = field(default_factory=Lock)

    def ask(self, kind: str) -> Asked:
        """Note what is about to be asked."""
        with self.lock:
            self.asked.append(asked := Asked(kind))
            self.unsettled.append(asked)
        return asked

    def check(self, database: Engine) -> None:
        """Nothing acknowledged is lost, nothing is done twice, and every case that has moved is whole."""
        moved = self._read(database)
        self._check_done(self.unsettled)
        for asked in self.unsettled:
            asked.late = asked.late or bool(self.done[asked.id] and not asked.acknowledged)
        self.unsettled = [asked for asked in self.unsettled if not asked.acknowledged]
        for instance_id in moved:
            check_invariants(database, instance_id)

    def check_end(self, database: Engine) -> None:
        """All is answered: each thing asked was done exactly once, and the whole database is sound."""
        self.done, self.seq = Counter(), 0
        self._read(database)
        self._check_done(self.asked)
        assert all(asked.acknowledged for asked in self.asked)
        starts = sum(asked.kind == "start" for asked in self.asked)
        with reading(database) as tx:
            assert tx.scalar(select(func.count(Job.id))) == 0, "a timer was forgotten"
            assert set(tx.scalars(select(ProcessInstance.outcome))) <= {"completed"}
        assert check_invariants(database) == starts

    def figures(self) -> dict[str, int]:
        """How many requests were sent, how many more than once, and how many of these were done already."""
        return {
            "asked": len(self.asked),
            "asked again": sum(asked.attempts > 1 for asked in self.asked),
            "done but unanswered": sum(asked.late for asked in self.asked),
            "timers": sum(key.startswith("timer ") for key in self.done),
            "migrated": sum(key.startswith("migrated ") for key in self.done),
        }

    def _read(self, database: Engine) -> set[str]:
        """Take in the history since the last time; returns the instances that it is of."""
        moved = set()
        news = select(HistoryEntry.__table__).where(HistoryEntry.seq > self.seq).order_by(HistoryEntry.seq)
        with reading(database) as tx:
            for entry in tx.execute(news):
                self.seq = entry.seq
                moved.add(entry.instance_id)
                for event in unpack_events(entry.events):
                    names = (event.details or {}).get("variables", ())
                    self.done.update(name for name in names if name.startswith(MARK))
                    if event.kind == HistoryKind.INSTANCE_MIGRATED:
                        self.done[f"migrated {entry.instance_id}"] += 1
                    if event.kind == HistoryKind.TIMER_FIRED:
                        self.done[f"timer {event.token_id}"] += 1
        return moved

    def _check_done(self, asked: list[Asked]) -> None:
        lost = [each for each in asked if each.acknowledged and not self.done[each.id]]
        assert lost == [], "acknowledged, and lost"
        assert [name for name, count in self.done.items() if count > 1] == [], "done twice"
