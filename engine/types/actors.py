"""Who acts, and the roles that an agency knows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

MANAGER, ANALYST, SERVICE = "manajer", "analis", "layanan"
DATA_OFFICER, AUDITOR = "petugas_data", "auditor"
"""Reserved groups: who holds them in an agency has the role there (the others are candidate groups)."""

ROLES = frozenset({MANAGER, ANALYST, SERVICE, DATA_OFFICER, AUDITOR})


@dataclass(frozen=True)
class Actor:
    """Who acts: a user id (``peksos@pasuruan``) and what the user belongs to.

    ``memberships`` holds pairs (agency id, group); ``admin`` keeps users and agencies and sees no case.
    ``acting``: which of them are somebody else's, in whose place the user acts by appointment: (agency id,
    group, that user). Built from the database at every request, never from what a client sends.
    """

    user_id: str
    memberships: frozenset[tuple[str, str]] = frozenset()
    admin: bool = False
    name: str = field(default="", compare=False)
    acting: frozenset[tuple[str, str, str]] = field(default=frozenset(), compare=False)

    @classmethod
    def of(cls, user_id: str, agency_id: str, groups: Iterable[str], *, admin: bool = False) -> "Actor":
        """An actor of one agency."""
        return cls(user_id, frozenset((agency_id, group) for group in groups), admin)

    @cached_property
    def by_agency(self) -> dict[str, frozenset[str]]:
        """Agency id -> all groups held there, roles included."""
        found: dict[str, set[str]] = {}
        for agency_id, group in self.memberships:
            found.setdefault(agency_id, set()).add(group)
        return {agency_id: frozenset(groups) for agency_id, groups in found.items()}

    def groups(self, agency_id: str) -> frozenset[str]:
        """Candidate groups held in one agency, without roles."""
        return self.by_agency.get(agency_id, frozenset()) - ROLES

    def holds(self, agency_id: str, role: str) -> bool:
        """Whether the actor has a role (``manajer``, ``analis``) in an agency."""
        return (agency_id, role) in self.memberships

    def agencies_with(self, role: str) -> frozenset[str]:
        """Ids of the agencies in which the actor has a role."""
        return frozenset(a for a, group in self.memberships if group == role)


SYSTEM = Actor("system")
"""Acts when no person does: a timer that is due, the first deployment."""
