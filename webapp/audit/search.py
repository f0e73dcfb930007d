"""The auditor's search of the access log."""

from dataclasses import dataclass

from flask import render_template, request

from engine import count_accesses, list_accesses
from engine.types import AUDITOR, AccessFilter, Page, RecordAction
from webapp.audit.part import SIZE, agencies_of, blueprint, chosen_agency, page_number, read_day
from webapp.audit.words import ACTIONS, CHANNELS
from webapp.auth import current_actor
from webapp.db import database
from webapp.recording import seen

MOST = 10_000
"""Entries that are counted: nobody pages further."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for, as it stands in the fields."""

    agency: str = ""
    user: str = ""
    case: str = ""
    action: str = ""
    since: str = ""
    until: str = ""

    def arguments(self) -> dict[str, str]:
        """The address's parameters; what is empty is left out."""
        return {name: value for name, value in vars(self).items() if value}

    def filter(self, agency_id: str) -> AccessFilter:
        """The engine's filter; ``agency_id`` says on whose clocks the days are."""
        known = self.action in {action.value for action in RecordAction}
        return AccessFilter(
            agency_id=self.agency or None,
            user_id=self.user or None,
            business_key=self.case or None,
            action=RecordAction(self.action) if known else None,
            since=read_day(self.since, agency_id),
            until=read_day(self.until, agency_id, after=True),
        )


@blueprint.get("")
def index() -> str:
    """Who did what, the newest first. Raises ``ActionForbidden`` for who is no auditor."""
    agency_id, _ = chosen_agency(AUDITOR)
    actor = current_actor()
    names = ("agency", "user", "case", "action", "since", "until")
    asked = Asked(**{name: request.args.get(name, "").strip()[:255] for name in names})
    wanted = asked.filter(agency_id)
    total = count_accesses(database(), actor, wanted, MOST)
    pages = max(-(-total // SIZE), 1)
    number = min(page_number(), pages)
    entries = list_accesses(database(), actor, wanted, Page((number - 1) * SIZE, SIZE))
    for each in [asked.agency] if asked.agency else agencies_of(actor, AUDITOR):
        seen(None, each, "log:" + ",".join(sorted(asked.arguments())))
    return render_template(
        "audit/index.html",
        asked=asked,
        entries=entries,
        total=total,
        most=MOST,
        page=number,
        pages=pages,
        agencies=agencies_of(actor, AUDITOR),
        zone_agency=agency_id,
        actions=ACTIONS,
        channels=CHANNELS,
    )
