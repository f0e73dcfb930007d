"""The commands that keep users."""

import click

from engine import (
    add_user,
    find_user,
    list_users,
    note_sign_in_event,
    reset_factors,
    set_active,
    set_memberships,
    set_password,
)
from engine.errors import UserNotFound
from engine.types import SYSTEM
from webapp.auth.common import is_common
from webapp.auth.passwords import LONGEST, SHORTEST, hash_password
from webapp.cli.common import opened
from webapp.config import read_settings

Memberships = tuple[tuple[str, str], ...]


class Membership(click.ParamType[tuple[str, str]]):
    """Text like ``pasuruan:peksos``: a group, or a role (manajer, analis, layanan), in an agency."""

    name = "agency:group"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """The pair (agency id, group)."""
        agency_id, colon, group = str(value).partition(":")
        if not (agency_id and colon and group):
            self.fail(f"'{value}' is not of the form agency:group", param, ctx)
        return agency_id, group


def _check_password(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    if not SHORTEST <= len(value) <= LONGEST:
        raise click.BadParameter(f"a password has {SHORTEST} to {LONGEST} characters")
    if is_common(value):
        raise click.BadParameter("many people use this password, so it is tried first")
    return value


password_option = click.option(
    "--password",
    prompt=True,
    hide_input=True,
    confirmation_prompt=True,
    callback=_check_password,
    help="Asked for where it is not given; others on this machine may see options.",
)
memberships_argument = click.argument("memberships", nargs=-1, type=Membership())


@click.group()
def user() -> None:
    """The users, and the groups they belong to.

    A group is written agency:group, such as pasuruan:peksos. The groups manajer, analis and layanan are
    roles.
    """


@user.command()
@click.argument("user_id")
@memberships_argument
@click.option("--name", required=True, help="The name that others read.")
@click.option("--admin", is_flag=True, help="Keeps users and agencies; sees no case.")
@password_option
def add(user_id: str, memberships: Memberships, name: str, admin: bool, password: str) -> None:
    """Add USER_ID with the groups MEMBERSHIPS."""
    with opened(read_settings()) as database:
        add_user(database, SYSTEM, user_id, name, hash_password(password), memberships, admin=admin)
    click.echo(f"{user_id} added")


@user.command()
@click.argument("user_id")
@password_option
def password(user_id: str, password: str) -> None:
    """Give USER_ID a new password; ends the user's logins."""
    with opened(read_settings()) as database:
        set_password(database, SYSTEM, user_id, hash_password(password))
    click.echo(f"{user_id} has a new password")


@user.command()
@click.argument("user_id")
@memberships_argument
def groups(user_id: str, memberships: Memberships) -> None:
    """Make MEMBERSHIPS the groups of USER_ID; without any, show them."""
    with opened(read_settings()) as database:
        if memberships:
            set_memberships(database, SYSTEM, user_id, memberships)
        found = find_user(database, user_id)
        if found is None:
            raise UserNotFound(id=user_id)
    for agency_id, group in found.memberships:
        click.echo(f"{agency_id}:{group}")


@user.command()
@click.argument("user_id")
@click.option("--undo", is_flag=True, help="Let the user in again.")
def disable(user_id: str, undo: bool) -> None:
    """Lock USER_ID out, from the next request on."""
    with opened(read_settings()) as database:
        set_active(database, SYSTEM, user_id, undo)
    click.echo(f"{user_id} may {'' if undo else 'not '}sign in")


@user.command("reset")
@click.argument("user_id")
def reset_them(user_id: str) -> None:
    """Remove the second factors of USER_ID. Ends the user's logins."""
    with opened(read_settings()) as database:
        reset_factors(database, SYSTEM, user_id)
        note_sign_in_event(database, user_id, "factors_reset", SYSTEM.user_id)
    click.echo(f"{user_id} has no second factor any more")


@user.command("list")
@click.option("--agency", "agency_id", help="Only the users of this agency.")
def list_them(agency_id: str | None) -> None:
    """List the users with their groups."""
    with opened(read_settings()) as database:
        found = list_users(database, SYSTEM, agency_id)
    for each in found:
        marks = ["admin"] * each.admin + ["locked out"] * (not each.active)
        groups = " ".join(f"{a}:{g}" for a, g in each.memberships)
        click.echo("  ".join(filter(None, [f"{each.id:<28}", each.name, groups, *marks])))
