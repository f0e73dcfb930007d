"""What the commands share: how they fail, and how they open the database."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from engine import open_database, with_record
from engine.errors import DeploymentRefused, TitianError
from engine.types import Channel, Origin, acting_from
from webapp.cli.folders import FolderInvalid
from webapp.config import Settings, SettingsInvalid


class Commands(click.Group):
    """Shows what went wrong as one message, without a stack trace. What it does comes from the command line,
    and from whoever is logged in on this machine."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises ``ClickException`` for everything that Titian says no with."""
        try:
            with acting_from(Origin(Channel.CLI, _login_name())):
                return super().invoke(ctx)
        except DeploymentRefused as refused:
            lines = [str(finding) for finding in refused.findings]
            raise click.ClickException("\n".join([f"refused, {len(lines)} findings:", *lines])) from refused
        except (TitianError, SettingsInvalid, FolderInvalid) as error:
            raise click.ClickException(str(error)) from error


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return ""


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The database of ``settings``, closed again at the end; the data folder is made where it is missing."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.url, keys=settings.key_place)
    with_record(database, settings.record_place)
    try:
        yield database
    finally:
        database.dispose()
