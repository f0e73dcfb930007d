"""What is done now and then beside the jobs: whoever runs jobs does it, and doing it twice does no harm."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from engine.commands.attempts import forget_attempts
from engine.commands.clock_mending import mend_clocks
from engine.commands.draft_chores import sweep_drafts
from engine.commands.erasing import erase_expired
from engine.commands.idempotency import purge_answers
from engine.commands.kept_forms import sweep_forms
from engine.commands.key_chores import destroy_spent_keys
from engine.commands.notifying import forget_notifications
from engine.commands.register_words import erase_old_words
from engine.commands.releasing import release_expired
from engine.commands.taking_over import sweep_attachments

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Chore:
    """``every``: seconds between two times."""

    name: str
    every: float
    act: Callable[[Engine], object]


CHORES = (
    Chore("erase old words in the registers", 3600.0, erase_old_words),
    Chore("erase what retention rules let nobody keep", 3600.0, erase_expired),  # destroys their keys too
    Chore("destroy the keys that have served", 3600.0, destroy_spent_keys),
    Chore("forget what repeated requests were answered", 3600.0, purge_answers),
    Chore("forget attempts to sign in that no longer count", 3600.0, forget_attempts),
    Chore("forget forms that nobody came back for", 3600.0, sweep_forms),
    Chore("forget what was told long ago", 3600.0, forget_notifications),
    Chore("remove drafts that nobody needs", 3600.0, sweep_drafts),
    Chore("take back what substitutes hold beyond their time", 3600.0, release_expired),
    Chore("set clocks right that a change of the calendar has missed", 3600.0, mend_clocks),
    Chore("sweep files that no case has taken over", 3600.0, sweep_attachments),
)


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
