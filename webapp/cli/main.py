"""The commands that run the server and fill its database."""

import logging
import os
from pathlib import Path

import click
from sqlalchemy import Engine

from engine import deploy as deploy_files
from engine import list_agencies, require_sealed
from engine.desk import reseal_totp_keys
from engine.types import SYSTEM
from webapp import create_app
from webapp.auth.passwords import hash_password
from webapp.auth.sealing import unsealed_by
from webapp.cli.audit import audit
from webapp.cli.backup import backup, restore
from webapp.cli.calendar_file import NAME as CALENDAR
from webapp.cli.calendar_file import read_calendar
from webapp.cli.common import Commands, opened
from webapp.cli.decide import decide
from webapp.cli.due import due_when
from webapp.cli.erase import erase
from webapp.cli.folders import read_agencies, read_resources
from webapp.cli.keys import keys
from webapp.cli.loadgen import loadgen
from webapp.cli.server import serve as serve_app
from webapp.cli.setup import init_database
from webapp.cli.users import user
from webapp.cli.worker import worker
from webapp.config import DEMO_PASSWORD, Settings, misspelt, read_settings, secret_of
from webapp.db import answers
from webapp.demo import demo_users, make_demo_users

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="titian")
def main() -> None:
    """Titian runs the service procedures of public agencies behind a task inbox.

    Settings are environment variables (TITIAN_DATA, TITIAN_PORT, ...); docs/reference/settings.md lists them.
    """


@main.command()
@click.option("--demo", is_flag=True, help="Known users with a known password, on this machine only.")
@click.option("--host", help="Address to listen on (TITIAN_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (TITIAN_PORT).")
def serve(demo: bool, host: str | None, port: int | None) -> None:
    """Serve the pages and the API and run what is due, until stopped."""
    given = {"demo": demo or None, "host": host, "port": port}
    settings = read_settings(overrides={name: value for name, value in given.items() if value is not None})
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for name in misspelt(os.environ):
        click.secho(f"{name} is not a setting of Titian", fg="yellow", err=True)
    app = create_app(settings)
    with opened(settings) as database:
        if not answers(database):
            command = "titian init --demo" if settings.demo else "titian init"
            raise click.ClickException(f"the database is not ready; run `{command}`")
        require_sealed(database)
        try:
            serve_app(app, settings, database, lambda: _announce(settings, database))
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            raise click.ClickException(f"cannot listen on {where}: {error}") from error


def _announce(settings: Settings, database: Engine) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.secho(f"Titian: http://{host}:{settings.port}", bold=True)
    if settings.demo:
        click.echo(f"\nUsers, all with the password {click.style(DEMO_PASSWORD, bold=True)}:")
        agencies = list_agencies(database, SYSTEM)
        for agency in agencies:
            click.echo(f"  {agency.name}")
            click.echo(f"    {', '.join(user.id for user in demo_users([agency])[:-1])}")
        click.echo(f"  {demo_users([])[-1].id}")
    click.echo("\nStop with Ctrl+C.")


@main.command()
@click.option("--demo", is_flag=True, help="Also make the demo users.")
@click.option(
    "--processes",
    type=FOLDER,
    default="processes",
    show_default=True,
    help="Folder with a folder per agency; `forms` is looked for beside it.",
)
def init(demo: bool, processes: Path) -> None:
    """Create the database, or bring it up to date.

    That is: the tables, the holidays in `kalender.csv`, the agencies, and their processes, decisions and
    forms. Running it again changes only what has changed; edits of the calendar stay.
    """
    settings = read_settings(overrides={"demo": True} if demo else {})
    folders, calendar = read_agencies(processes), read_calendar(processes)
    if not calendar:
        click.secho(f"{processes} holds no {CALENDAR}: holidays stay as they are", fg="yellow", err=True)
    with opened(settings) as database:
        init_database(database, folders, click.echo, calendar)
        if anew := reseal_totp_keys(database, lambda *row: unsealed_by(secret_of(settings), *row)):
            click.echo(f"{anew} keys of authenticator apps are sealed anew")
        if settings.demo:
            made = make_demo_users(database, lambda: hash_password(DEMO_PASSWORD))
            click.echo(f"users: {made} new")


@main.command()
@click.argument("folder", type=FOLDER)
@click.option("--agency", help="Agency to deploy to. Default: the folder's name.")
def deploy(folder: Path, agency: str | None) -> None:
    """Deploy the diagrams, decision tables and forms in FOLDER.

    For processes/<agency>, the forms in forms/<agency> go with them. One error and nothing is deployed.
    """
    resources = read_resources(folder)
    if not resources:
        raise click.ClickException(f"{folder} holds no .bpmn, .dmn or .form file")
    with opened(read_settings()) as database:
        name = agency or folder.resolve().name
        deployment = deploy_files(database, SYSTEM, name, folder.name, resources, source="titian deploy")
    for finding in deployment.warnings:
        click.secho(str(finding), fg="yellow", err=True)
    for definition in deployment.definitions:
        click.echo(f"{definition.kind} {definition.key}, version {definition.version}")
    if not deployment.definitions:
        click.echo("nothing has changed")


@main.group()
def agency() -> None:
    """The agencies, which are Titian's tenants."""


@agency.command("list")
def list_them() -> None:
    """List the agencies."""
    with opened(read_settings()) as database:
        for found in list_agencies(database, SYSTEM):
            click.echo(f"{found.id:<12} {found.name}")


main.add_command(audit)
main.add_command(loadgen)
main.add_command(decide)
main.add_command(due_when)
main.add_command(user)
main.add_command(erase)
main.add_command(keys)
main.add_command(backup)
main.add_command(restore)
main.add_command(worker)
