"""Filling a database: its tables, and the agencies with what they run."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Engine

from engine import begin_record, bind_keys, deploy, list_agencies, put_agency, seal_open_data
from engine.desk import CalendarEntry, keep_clocks, seed_calendar
from engine.store import Database, migrate, writing
from engine.types import SYSTEM, AgencyView, DeploymentView
from webapp.cli.folders import AgencyFolder

Tell = Callable[[str], None]
"""Takes a line for whoever watches."""


def init_database(
    database: Engine, folders: Iterable[AgencyFolder], tell: Tell, calendar: Sequence[CalendarEntry] = ()
) -> None:
    """Bring tables, agencies and definitions to what the folders say. What is so already stays untouched.

    ``calendar``: the nation's holidays; none leaves those that the database has.

    Raises ``ProfileInvalid``, and ``DeploymentRefused`` with the linter's findings; agencies before that one
    are done then, and of that one nothing.
    """
    migrate(database)
    bind_keys(database)
    if sealed := seal_open_data(database):
        tell(f"{sealed} cases of an earlier release are sealed now")
    begin_record(database)
    if calendar and (changed := seed_calendar(database, calendar)):
        tell(f"calendar: {changed} entries new or changed")
    known = {agency.id: agency for agency in list_agencies(database, SYSTEM)}
    for folder in folders:
        if known.get(folder.id) == AgencyView(folder.id, folder.name, dict(folder.profile)):
            deployment = _deployed(database, folder)
        else:
            with writing(database) as tx:  # no profile without the diagrams that go with it
                put_agency(tx, SYSTEM, folder.id, folder.name, folder.profile)
                deployment = _deployed(tx, folder)
        tell(_told(folder.id, deployment))
    if filled := keep_clocks(database):
        tell(f"{filled} open cases have got their clocks, from their history")


def _deployed(database: Database, folder: AgencyFolder) -> DeploymentView:
    return deploy(database, SYSTEM, folder.id, folder.id, folder.resources, source="titian init")


def _told(agency_id: str, deployment: DeploymentView) -> str:
    made = deployment.definitions
    return f"{agency_id}: {len(made)} new definitions" if made else f"{agency_id}: up to date"
