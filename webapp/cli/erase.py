"""``titian erase``: erasing what is confidential in a case, by two people."""

import click
import orjson
from sqlalchemy import Engine

from engine import (
    InstanceFilter,
    agree_to_erasure,
    bind_keys,
    credentials,
    erase_expired,
    erasures_of,
    list_instances,
    request_erasure,
)
from engine.errors import ErasureNotFound, InstanceNotFound
from engine.types import SYSTEM, Actor, ErasureView, InstanceView
from webapp.auth.passwords import check_password
from webapp.cli.common import opened
from webapp.config import read_settings


@click.command()
@click.argument("case", required=False)
@click.option("--reason", help="Why, without a name: asks for the erasure.")
@click.option("--agree", is_flag=True, help="Agree to what another manager has asked for, and erase.")
@click.option("--as", "user_id", help="The manager who asks or agrees; the password is asked for.")
@click.option(
    "--certificate", is_flag=True, help="Print the certificate of an erasure that was done, as JSON."
)
@click.option("--expired", is_flag=True, help="Erase now what retention rules let nobody keep any longer.")
def erase(
    case: str | None, reason: str | None, agree: bool, user_id: str | None, certificate: bool, expired: bool
) -> None:
    """Erase what is confidential in a case, for ever.

    CASE is its registration number. What lies in backups cannot be read any more either.

    Two managers of its agency are needed: one asks (--reason), the other agrees (--agree). The key of the
    case is destroyed; steps, times and outcome stay.
    """
    if sum((reason is not None, agree, certificate, expired)) != 1 or (case is None) is not expired:
        raise click.UsageError("one of: CASE --reason, CASE --agree, CASE --certificate, --expired")
    with opened(read_settings()) as database:
        bind_keys(database)
        if expired:
            click.echo(f"{erase_expired(database)} cases erased")
            return
        found = _case(database, str(case))
        if certificate:
            _print(_latest(database, SYSTEM, found))
            return
        if user_id is None:
            raise click.UsageError("--as says which manager asks or agrees")
        actor = _signed_in(database, user_id)
        if reason is not None:
            request_erasure(database, actor, found.id, reason)
            click.echo(f"asked for; another manager agrees with: titian erase {case} --agree --as ...")
            return
        _print(agree_to_erasure(database, actor, _latest(database, actor, found).id))


def _case(database: Engine, key: str) -> InstanceView:
    found = list_instances(database, SYSTEM, InstanceFilter(business_key=key))
    if len(found) != 1:
        raise InstanceNotFound(id=key)
    return found[0]


def _latest(database: Engine, actor: Actor, case: InstanceView) -> ErasureView:
    """The erasure that counts: the last one that nobody has withdrawn."""
    known = [each for each in erasures_of(database, actor, case.id) if each.withdrawn_at is None]
    if not known:
        raise ErasureNotFound(id=case.business_key)
    return known[0]


def _signed_in(database: Engine, user_id: str) -> Actor:
    """The user whose password is typed; the same answer for a wrong one and for nobody."""
    password = str(click.prompt(f"Password of {user_id}", hide_input=True))
    known = credentials(database, user_id)
    if not check_password(known.password_hash if known else None, password) or known is None:
        raise click.ClickException("this user and password do not belong together")
    return known.actor


def _print(erasure: ErasureView) -> None:
    if erasure.certificate is None:
        raise ErasureNotFound(id=erasure.business_key)
    click.echo(orjson.dumps(erasure.certificate, option=orjson.OPT_INDENT_2).decode())
