"""How long an agency keeps what is sealed, as its profile says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

RULES = "retensi"
"""The table in an agency's profile: process key, ``semua`` or ``register`` -> months that it is kept."""

EVERY = "semua"
"""Every process without a rule of its own."""

REGISTERS = "register"
"""The words of closed entries in the registers."""


def rules_of(profile: Any) -> Iterator[tuple[str, int]]:
    """The names and months of an agency's rules; what is no number of months is no rule."""
    found = profile.get(RULES, {})
    for key, months in found.items() if isinstance(found, dict) else ():
        if isinstance(months, int) and not isinstance(months, bool) and months > 0:
            yield key, months


def months_before(moment: datetime, months: int) -> datetime:
    """The same day so many months earlier, or the last day of that month."""
    count = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(count, 12)
    if year < 1:
        return datetime.min.replace(tzinfo=moment.tzinfo)
    following = datetime(year + month // 11, (month + 1) % 12 + 1, 1, tzinfo=moment.tzinfo)
    last = (following - timedelta(days=1)).day
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
