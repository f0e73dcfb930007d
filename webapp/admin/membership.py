"""What a user can belong to, as checkboxes of a form."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.errors import N_
from engine.types import ANALYST, AUDITOR, DATA_OFFICER, MANAGER, SERVICE
from webapp.agencies import agencies, agency_name, group_name
from webapp.i18n import gettext

Pair = tuple[str, str]
"""(agency id, group)."""

ROLE_NAMES = {MANAGER: N_("Manager"), ANALYST: N_("Process analyst"), SERVICE: N_("Service account")} | {
    AUDITOR: N_("Auditor"),
    DATA_OFFICER: N_("Data protection officer"),
}


@dataclass(frozen=True)
class Box:
    """A checkbox. ``value``: ``<agency id>:<group>``."""

    value: str
    label: str
    checked: bool


@dataclass(frozen=True)
class AgencyBoxes:
    """An agency's checkboxes: its groups, then the roles."""

    agency_id: str
    name: str
    boxes: list[Box]

    @property
    def checked(self) -> int:
        """How many of them are set."""
        return sum(box.checked for box in self.boxes)


def name_of(agency_id: str, group: str) -> str:
    """What people call a group or role."""
    return gettext(ROLE_NAMES[group]) if group in ROLE_NAMES else group_name(agency_id, group)


def boxes(held: Collection[Pair]) -> list[AgencyBoxes]:
    """The checkboxes of all agencies, by name; those of ``held`` are set.

    A group that its agency no longer names is there as long as the user holds it, so that saving another
    change does not take it away unseen.
    """
    found = []
    for agency_id, agency in agencies().items():
        gone = [group for of, group in sorted(held) if of == agency_id]
        groups = dict.fromkeys([*agency.profile.get("kelompok", {}), *ROLE_NAMES, *gone])
        own = [
            Box(f"{agency_id}:{group}", name_of(agency_id, group), (agency_id, group) in held)
            for group in groups
        ]
        found.append(AgencyBoxes(agency_id, agency_name(agency_id), own))
    return sorted(found, key=lambda each: each.name)


def chosen(values: Iterable[str], held: Collection[Pair]) -> list[Pair] | None:
    """The pairs that a form's checkboxes name; None where one of them was never offered."""
    offered = {box.value for agency in boxes(held) for box in agency.boxes}
    wanted = list(values)
    if not set(wanted) <= offered:
        return None
    return [(value.partition(":")[0], value.partition(":")[2]) for value in wanted]
