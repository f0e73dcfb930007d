"""``titian backup`` and ``titian restore``: everything in one file, and back."""

import time
from pathlib import Path

import click

from engine import BackupView, back_up
from engine import restore as restore_file
from webapp.cli.common import opened
from webapp.config import read_settings

_TOLD = {
    "agency": "agencies",
    "app_user": "users",
    "process_definition": "process definitions",
    "process_instance": "process instances",
    "user_task": "user tasks",
    "job": "jobs",
    "history_entry": "history entries",
}

force_option = click.option("--force", is_flag=True, help="Replace what is there.")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@force_option
def backup(file: Path, force: bool) -> None:
    """Copy everything into FILE while work goes on.

    The copy shows one moment. It is looked over before it gets its name, and it is on the disk when the
    command ends. It holds all data of all cases: keep it where nobody else can read it.
    """
    began = time.monotonic()
    with opened(read_settings()) as database:
        found = back_up(database, file, force=force)
    _tell(found, f"{file}, {file.stat().st_size / 1e6:.1f} MB, in {time.monotonic() - began:.1f} s")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@force_option
@click.option("--keep-logins", is_flag=True, help="End no login and revoke no API token: to move a machine.")
def restore(file: Path, force: bool, keep_logins: bool) -> None:
    """Put a backup into the database: all of it, or nothing.

    The file is looked over first: that it is whole, of a release that this one knows, and that every open
    case can go on. A database that holds data already is replaced only with --force, and a SQLite file never
    while a server has it open.

    All logins end and all API tokens are revoked, since some of them may have been since the backup.
    """
    began = time.monotonic()
    with opened(read_settings()) as database:
        found = restore_file(database, file, force=force, keep_logins=keep_logins)
    _tell(found, f"restored from {file} in {time.monotonic() - began:.1f} s")
    if keep_logins:
        told = f"kept {found.logins} logins and {found.tokens} API tokens, also those ended since the backup"
        click.secho(told, fg="yellow")
    else:
        click.echo(f"ended {found.logins} logins and revoked {found.tokens} API tokens")
        if found.tokens:
            click.secho("services that used one need a new token", fg="yellow")


def _tell(found: BackupView, line: str) -> None:
    for table, name in _TOLD.items():
        click.echo(f"{found.rows[table]:>10} {name}")
    click.echo(line)
