"""What is done now and then beside the jobs: whoever runs jobs does it, and doing it twice does no harm."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from engine.commands.erasing import erase_expired

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """``every``: seconds between two times."""

    name: str
    every: float
    act: Callable[[Engine], object]


CHORES = (Chore("erase what retention rules let nobody keep", 3600.0, erase_expired),)


@dataclass
class Chores:
    """Remembers when each chore was done last; the first time is at once."""

    chores: tuple[Chore, ...] = CHORES
    _last: dict[str, float] = field(default_factory=dict)

    def run(self, database: Engine) -> None:
        """Do what is due. A failure is logged, and tried again when it is due the next time."""
        for chore in self.chores:
            now = time.monotonic()
            if now - self._last.get(chore.name, -chore.every) < chore.every:
                continue
            self._last[chore.name] = now
            try:
                chore.act(database)
            except Exception:  # noqa: BLE001 - whatever it was, jobs must go on
                _log.exception("chore failed: %s", chore.name)
