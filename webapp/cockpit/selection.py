"""What the list of cases shows: a state, what narrows it, an order. All of it stands in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from types import MappingProxyType

from engine.clock import now
from engine.errors import N_
from engine.types import InstanceFilter
from webapp.agencies import DEFAULT_ZONE, zone_of
from webapp.times import local

SIZE = 25
"""Cases on a page of the list."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": N_("Open"),
        "late": N_("Late"),
        "soon": N_("Due soon"),
        "untaken": N_("Not taken yet"),
        "suspended": N_("Stopped for now"),
        "month": N_("Ended this month"),
        "ended": N_("All that ended"),
        "cancelled": N_("Cancelled"),
        "all": N_("All cases"),
    }
)
"""What a case can be asked for by, and how a reader calls it. The first is what is shown without asking."""

NUMBERS = ("open", "late", "soon", "untaken", "month")
"""The states that are counted on top of the list."""

SORTS: Mapping[str, tuple[str, tuple[tuple[str, bool], ...]]] = MappingProxyType(
    {
        "urgent": (N_("Most urgent first"), (("due", True), ("started", True))),
        "oldest": (N_("Oldest first"), (("started", True),)),
        "newest": (N_("Newest first"), (("started", False),)),
        "ended": (N_("Last ended first"), (("ended", False),)),
        "number": (N_("By case number"), (("business_key", True),)),
        "number_down": (N_("By case number, downwards"), (("business_key", False),)),
        "service": (N_("By service"), (("definition", True), ("due", True))),
        "service_down": (N_("By service, downwards"), (("definition", False), ("due", True))),
    }
)
"""Orders of the list: what a reader calls them, and the engine's sort keys."""


@dataclass(frozen=True)
class Selection:
    """What the address asks for; empty text does not narrow. ``step``: ``<process key>:<element id>``."""

    state: str = "open"
    agency: str = ""
    process: str = ""
    step: str = ""
    search: str = ""
    sort: str = ""
    page: int = 1

    @property
    def narrowed(self) -> bool:
        """Whether anything but the state narrows the list."""
        return bool(self.agency or self.process or self.step or self.search)

    @property
    def order(self) -> str:
        """The key of the order: the chosen one, else what fits the state."""
        over = self.state in {"month", "ended", "cancelled"}
        return self.sort or ("ended" if over else "newest" if self.state == "all" else "urgent")

    def filter(self, managed: tuple[str, ...]) -> InstanceFilter:
        """The engine's filter, within the agencies ``managed``."""
        step_process, _, element_id = self.step.partition(":")
        process = self.process or step_process
        if self.process and step_process not in ("", self.process):
            process = "-"  # a step of another process: nothing can match
        wanted = InstanceFilter(
            agency_ids=tuple(a for a in managed if self.agency in ("", a)) or ("-",),
            definition_key=process or None,
            element_id=element_id or None,
            business_key_like=f"%{_literal(self.search)}%" if self.search else None,
        )
        return in_state(wanted, self.state)

    def arguments(self, **changes: object) -> dict[str, str]:
        """The address's parameters for this selection with ``changes``, from its first page on."""
        changed = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        plain = Selection()
        return {
            field.name: str(getattr(changed, field.name))
            for field in fields(self)
            if getattr(changed, field.name) != getattr(plain, field.name)
        }


def in_state(wanted: InstanceFilter, state: str) -> InstanceFilter:
    """``wanted``, narrowed to the cases in a state of ``STATES``."""
    at = now()
    match state:
        case "open":
            return replace(wanted, ended=False)
        case "late":
            return replace(wanted, ended=False, due_before=at)
        case "soon":
            return replace(wanted, ended=False, at_risk=at)
        case "untaken":
            return replace(wanted, ended=False, assigned=False)
        case "suspended":
            return replace(wanted, ended=False, suspended=True)
        case "month":
            return replace(wanted, ended=True, ended_after=_beginning_of_month(at, wanted.agency_ids))
        case "ended":
            return replace(wanted, ended=True)
        case "cancelled":
            return replace(wanted, outcome="cancelled")
    return wanted


def read_selection(arguments: Mapping[str, str]) -> Selection:
    """The selection of an address; what makes no sense is as if it were absent."""
    texts = {name: arguments.get(name, "").strip()[:255] for name in ("agency", "process", "step", "search")}
    state, sort, page = (arguments.get(name, "") for name in ("state", "sort", "page"))
    return Selection(
        state=state if state in STATES else "open",
        sort=sort if sort in SORTS else "",
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        **texts,
    )


def _literal(text: str) -> str:
    """``text`` without SQL's wildcard and escape (the other wildcard, ``_``, finds itself)."""
    return text.replace("%", "").replace("\\", "")


def _beginning_of_month(at: datetime, agency_ids: tuple[str, ...]) -> datetime:
    """Midnight of the first, on the clocks of the agency (of western Indonesia where there are several)."""
    zone = zone_of(agency_ids[0]) if len(agency_ids) == 1 else DEFAULT_ZONE
    return local(at, zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
