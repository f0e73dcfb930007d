"""Filling a database: its tables, and the agencies with what they run."""

from collections.abc import Callable, Iterable

from sqlalchemy import Engine

from engine import begin_record, bind_keys, deploy, list_agencies, put_agency, seal_open_data
from engine.store import migrate
from engine.types import SYSTEM, AgencyView, DeploymentView
from webapp.cli.folders import AgencyFolder

Tell = Callable[[str], None]
"""Takes a line for whoever watches."""


def init_database(database: Engine, folders: Iterable[AgencyFolder], tell: Tell) -> None:
    """Bring tables, agencies and definitions to what the folders say. What is so already stays untouched.

    Raises ``DeploymentRefused`` with the linter's findings; agencies before that one are done then.
    """
    migrate(database)
    bind_keys(database)
    if sealed := seal_open_data(database):
        tell(f"{sealed} cases of an earlier release are sealed now")
    begin_record(database)
    known = {agency.id: agency for agency in list_agencies(database, SYSTEM)}
    for folder in folders:
        if known.get(folder.id) != AgencyView(folder.id, folder.name, dict(folder.profile)):
            put_agency(database, SYSTEM, folder.id, folder.name, folder.profile)
        deployment = deploy(database, SYSTEM, folder.id, folder.id, folder.resources, source="titian init")
        tell(_told(folder.id, deployment))


def _told(agency_id: str, deployment: DeploymentView) -> str:
    made = deployment.definitions
    return f"{agency_id}: {len(made)} new definitions" if made else f"{agency_id}: up to date"
