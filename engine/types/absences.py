"""Who is away, and who stands in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AbsenceView:
    """A person is away until ``ends_at`` (not included). ``appointed``: by a manager, and the substitute acts
    in the person's candidate groups for that time without holding them."""

    id: str
    agency_id: str
    user_id: str
    substitute_id: str
    appointed: bool
    starts_at: datetime
    ends_at: datetime
    set_at: datetime
    set_by: str
    ended_at: datetime | None
    ended_by: str | None

    def holds_at(self, at: datetime) -> bool:
        """Whether the person is away at a moment."""
        return self.ended_at is None and self.starts_at <= at < self.ends_at
