"""``titian audit``: the proof of the access log, and its head to carry away."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

import click

from engine import Finding, Head, as_head, current_head, link_entries, verify_record
from webapp.cli.common import opened
from webapp.config import read_settings
from webapp.db import answers

SHOWN = 100
"""Findings that are told one by one; the others are counted."""


@click.group()
def audit() -> None:
    """The access log: who saw or changed what."""


@audit.command()
@click.option(
    "--head",
    "heads",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that was carried away (a file of the folder heads). May be given several times.",
)
def verify(heads: Sequence[Path]) -> None:
    """Look whether anybody has changed the access log, or the history of the cases.

    Finds entries that were changed, removed, added or moved, and an end that was cut off. Ends with 1 where
    there is anything. Work may go on meanwhile.
    """
    copies = [_read(path) for path in heads]
    told, began = list[Finding](), time.monotonic()

    def tell(finding: Finding) -> None:
        if len(told) < SHOWN:
            told.append(finding)
            click.secho(str(finding), fg="red")

    with opened(read_settings()) as database:
        if not answers(database):
            raise click.ClickException("the database is not ready; run `titian init`")
        state = verify_record(database, tell, copies=copies)
    for moment in state.restored:
        click.secho(f"a backup was restored at {moment}", fg="yellow")
    if state.findings > len(told):
        click.secho(f"and {state.findings - len(told)} more", fg="red")
    click.echo(
        f"{state.entries} entries in {state.blocks} blocks, {state.loose} not chained yet,"
        f" {state.history} held to the history, in {time.monotonic() - began:.1f} s:"
        f" {state.findings} findings"
    )
    if state.findings:
        raise click.exceptions.Exit(1)


def _read(path: Path) -> Head:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise click.ClickException(f"{path} is no head of an access log") from error
    head = as_head(found) if isinstance(found, dict) else None
    if head is None:
        raise click.ClickException(f"{path} is no head of an access log")
    return head


@audit.command()
def head() -> None:
    """Chain what is not chained yet, and print the head of the chain.

    Keep it where nobody who can write to this database or its folder can write: whoever has it can show that
    nothing up to it was changed.
    """
    with opened(read_settings()) as database:
        if not answers(database):
            raise click.ClickException("the database is not ready; run `titian init`")
        link_entries(database)
        found = current_head(database)
    if found is None:
        raise click.ClickException("nothing has been recorded yet")
    click.echo(json.dumps(found, indent=2))
