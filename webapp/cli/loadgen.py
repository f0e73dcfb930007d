"""`titian loadgen`: fill a demo database with copies of its own cases."""

import time

import click

from engine.store.copies import copy_instances
from webapp.cli.common import opened
from webapp.config import read_settings


@click.command()
@click.option("--demo", is_flag=True, help="Say that this is a demo database; no other is filled.")
@click.option("--finished", type=click.IntRange(0), default=0, help="Copies of the finished cases.")
@click.option("--open", "open_", type=click.IntRange(0), default=0, help="Copies of the open cases.")
def loadgen(demo: bool, finished: int, open_: int) -> None:
    """Fill a demo database with copies of its cases.

    It shows how the pages do when there are many. Work at least one case to its end (--finished) or part of
    the way (--open) first: those are copied, in turn, with ids, numbers and times of their own.
    """
    settings = read_settings(overrides={"demo": True} if demo else {})
    if not settings.demo:
        raise click.ClickException("only a demo database is filled (--demo)")
    begun, wanted = time.monotonic(), finished + open_

    def tell(done: int) -> None:
        click.echo(f"{done} of {wanted} cases, {time.monotonic() - begun:.0f} s", err=True)

    with opened(settings) as database:
        try:
            copy_instances(database, finished=finished, open=open_, tell=tell)
        except LookupError as missing:
            raise click.ClickException(f"there is no {missing} case to copy; work one first") from missing
