"""What the commands share: how they fail, and how they open the database."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from engine import open_database
from engine.errors import DeploymentRefused, TitianError
from webapp.cli.folders import FolderInvalid
from webapp.config import Settings, SettingsInvalid


class Commands(click.Group):
    """Shows what went wrong as one message, without a stack trace."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises ``ClickException`` for everything that Titian says no with."""
        try:
            return super().invoke(ctx)
        except DeploymentRefused as refused:
            lines = [str(finding) for finding in refused.findings]
            raise click.ClickException("\n".join([f"refused, {len(lines)} findings:", *lines])) from refused
        except (TitianError, SettingsInvalid, FolderInvalid) as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def opened(settings: Settings) -> Iterator[Engine]:
    """The database of ``settings``, closed again at the end; the data folder is made where it is missing."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = open_database(settings.url, keys=settings.key_place)
    try:
        yield database
    finally:
        database.dispose()
