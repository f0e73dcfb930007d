"""``titian keys``: the master key and the keys of the cases (``docs/how-to/keep-the-keys.md``)."""

import os
from pathlib import Path
from typing import TextIO

import click

from engine import seal_open_data
from engine.secrecy import Keys, MasterKey, join_halves, split_key
from engine.secrecy.master import read_masters, write_masters
from webapp.cli.common import opened
from webapp.config import read_settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def keys() -> None:
    """The master key, and the keys of the cases that it wraps.

    What is confidential in a case is sealed with a key of its own. Those keys are in the key store, wrapped
    by the master key. Without the master key nobody can read what is confidential, ever.
    """


@keys.command()
def show() -> None:
    """Show which master key is in use, and how many keys there are; no key itself."""
    view = _keys().view()
    click.echo(f"key store {view.id}: {view.keys} keys, {view.destroyed} destroyed")
    for master_id, count in sorted(view.masters.items()):
        click.echo(f"master key {master_id}: wraps {count}{' (in use)' * (master_id == view.master_id)}")


@keys.command()
def rotate() -> None:
    """Wrap the keys of all cases with a new master key; servers may go on meanwhile.

    Afterwards no older copy of the key store can be opened. Make new halves (`titian keys escrow`) and
    destroy the old ones. Where the master key is in TITIAN_MASTER_KEY: put the new one before the old one
    there, call this, and then take the old one out.
    """
    ring = _keys()
    count = ring.rotate()
    click.echo(f"{count} keys are wrapped by the master key {ring.view().master_id}")


@keys.command()
@click.argument("first", type=_FILE)
@click.argument("second", type=_FILE)
def escrow(first: Path, second: Path) -> None:
    """Write the master key in two halves into the files FIRST and SECOND, for two safes.

    Neither tells anything alone; both together give the key back. Print them, and remove the files.
    """
    for file in (first, second):
        if file.exists():
            raise click.ClickException(f"{file} exists already")
    for file, half in zip((first, second), split_key(_keys().masters()[0]), strict=True):
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(half + "\n")
    click.echo(f"{first} and {second}: one half each")


@keys.command()
@click.argument("first", type=click.File())
@click.argument("second", type=click.File())
def drill(first: TextIO, second: TextIO) -> None:
    """Prove that the halves in the files FIRST and SECOND open every key; nothing is written.

    Do it when they are made, and once a year.
    """
    master = _joined(first, second)
    count = _keys().proves(master)
    click.echo(f"the halves give the master key {master.id}, which opens all {count} keys")


@keys.command()
@click.argument("first", type=click.File())
@click.argument("second", type=click.File())
def restore(first: TextIO, second: TextIO) -> None:
    """Put the master key back from its halves, where the key file is lost."""
    place = read_settings().key_place
    if place.given or place.file is None:
        raise click.ClickException("the master key is set by TITIAN_MASTER_KEY: put it back there")
    master = _joined(first, second)
    count = Keys(place).proves(master)
    known = read_masters(place.file)
    write_masters(place.file, [master, *(key for key in known if key != master)])
    click.echo(f"{place.file} holds the master key {master.id}, which opens all {count} keys")


@keys.command()
def seal() -> None:
    """Seal what lies open of fields that a form marks `rahasia` since; `titian init` does it after an update.

    Call it after a form was deployed that marks a field which was not marked before.
    """
    with opened(read_settings()) as database:
        click.echo(f"{seal_open_data(database, again=True)} cases were sealed")


def _keys() -> Keys:
    return Keys(read_settings().key_place)


def _joined(first: TextIO, second: TextIO) -> MasterKey:
    return join_halves(first.read(), second.read())
