"""Sharing some fields of a case with a group of another agency, and taking that back.

Explicit in everything: to whom, which fields, until when, on what consent (issue 5, section 2). The case
itself stays where it is; what is read later is what the fields hold then.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update
from uuid_utils import uuid7

from engine import access, clock
from engine.access import Action
from engine.commands import history
from engine.commands.case_keys import sealed_words
from engine.commands.managing import check_reason, require_managed
from engine.errors import N_, AgencyNotFound, InstanceErased, ShareNotFound, ShareRefused, VariableInvalid
from engine.queries.descriptions import describe_named
from engine.queries.shares import read_share
from engine.queries.variables import read_variables
from engine.store import Database, writing
from engine.store.documents import Event
from engine.store.tables import Agency, CaseShare, ProcessInstance
from engine.types import ROLES, Actor, HistoryKind, ShareView

LONGEST = timedelta(days=366)
"""Whoever needs it longer shares again, and asks for consent again."""

MOST_FIELDS = 200


def share_case(
    database: Database,
    actor: Actor,
    instance_id: str,
    *,
    to_agency_id: str,
    to_group: str,
    fields: Collection[str],
    until: datetime,
    consent: str,
) -> ShareView:
    """Let the members of a candidate group of another agency read ``fields`` (names of the case's variables).

    ``until``: when it ends, at most a year ahead. ``consent``: what it rests on, never empty. Only the
    ``manajer`` of the owning agency, and nobody opens sealed values to oneself: who belongs to the receiving
    group cannot share them with it. Returns the share.

    Raises ``InstanceNotFound``, ``ActionForbidden``, ``AgencyNotFound``, ``ShareRefused``.
    """
    with writing(database) as tx:
        require_managed(tx, actor, instance_id, Action.SHARE)
        names, at = sorted(set(fields)), clock.now()
        _check_receiver(tx, instance_id, to_agency_id, to_group)
        _check_fields(tx, actor, instance_id, names, (to_agency_id, to_group))
        _check_terms(until, at, consent)
        share_id = uuid7().hex
        owner = select(ProcessInstance.agency_id).where(ProcessInstance.id == instance_id).with_for_update()
        agency_id = tx.scalars(owner).one()
        _check_new(tx, instance_id, (to_agency_id, to_group), names, at)
        tx.execute(
            insert(CaseShare).values(
                id=share_id,
                instance_id=instance_id,
                agency_id=agency_id,
                to_agency_id=to_agency_id,
                to_group=to_group,
                fields=names,
                consent=sealed_words(tx, instance_id, "consent", consent.strip()),
                shared_at=at,
                shared_by=actor.user_id,
                expires_at=until,
            )
        )
        share = read_share(tx, share_id)
        _tell(tx, actor, share, HistoryKind.CASE_SHARED, at)
        return share


def revoke_share(database: Database, actor: Actor, share_id: str, reason: str) -> ShareView:
    """End a share from the next request on; twice is fine. ``reason`` is never empty. Returns the share.

    Raises ``ShareNotFound`` (also for what belongs to another agency), ``ActionForbidden``, ``ShareRefused``.
    """
    with writing(database) as tx:
        owned = select(CaseShare.instance_id).join(ProcessInstance).where(CaseShare.id == share_id)
        instance_id = tx.scalars(owned.where(access.visible_instances(actor))).one_or_none()
        if instance_id is None:
            raise ShareNotFound(id=share_id)
        require_managed(tx, actor, instance_id, Action.SHARE)
        _check_text(reason, N_("a reason is needed"))
        at, said = clock.now(), ""
        with suppress(InstanceErased):  # then it is ended without the words
            said = sealed_words(tx, instance_id, "revocation", reason.strip())
        ended = {"revoked_at": at, "revoked_by": actor.user_id, "revoke_reason": said}
        open_one = update(CaseShare).where(CaseShare.id == share_id, CaseShare.revoked_at.is_(None))
        if tx.execute(open_one.values(**ended)).rowcount == 1:
            _tell(tx, actor, read_share(tx, share_id), HistoryKind.SHARE_REVOKED, at)
        return read_share(tx, share_id)


def _check_receiver(tx: Connection, instance_id: str, agency_id: str, group: str) -> None:
    profile = tx.scalars(select(Agency.profile).where(Agency.id == agency_id)).one_or_none()
    if profile is None:
        raise AgencyNotFound(id=agency_id)
    own = select(ProcessInstance.id).where(
        ProcessInstance.id == instance_id, ProcessInstance.agency_id == agency_id
    )
    if tx.execute(own).first():
        raise ShareRefused(reason=N_("it is this agency's own case"))
    if group not in set(profile.get("kelompok", {})) - ROLES:
        raise ShareRefused(reason=N_("the agency has no such group"))


def _check_fields(
    tx: Connection, actor: Actor, instance_id: str, names: list[str], receiver: tuple[str, str]
) -> None:
    known = {variable.name for variable in read_variables(tx, [instance_id])}
    if not names or len(names) > MOST_FIELDS:
        raise ShareRefused(reason=N_("name the fields to be shared, at most 200"))
    if any(name not in known for name in names):
        raise ShareRefused(reason=N_("the case has no such value"))
    sealed = any(each.sealed for each in describe_named(tx, instance_id, names))
    if sealed and receiver in actor.memberships:
        raise ShareRefused(
            reason=N_("you belong to that group yourself: confidential values need another manager")
        )


def _check_new(
    tx: Connection, instance_id: str, receiver: tuple[str, str], fields: Collection[str], at: datetime
) -> None:
    """No second share of the same fields, which a repeated request made: ending one left the other."""
    living = select(CaseShare.fields).where(
        CaseShare.instance_id == instance_id,
        CaseShare.to_agency_id == receiver[0],
        CaseShare.to_group == receiver[1],
        CaseShare.revoked_at.is_(None),
        CaseShare.expires_at > at,
    )
    if any(set(held) == set(fields) for held in tx.scalars(living)):
        raise ShareRefused(reason=N_("this group reads just these fields already: end that sharing first"))


def _check_terms(until: datetime, at: datetime, consent: str) -> None:
    if not at < until <= at + LONGEST:
        raise ShareRefused(reason=N_("it has to end, later than now and within a year"))
    _check_text(consent, N_("it needs the consent or the law that it rests on"))


def _check_text(text: str, missing: str) -> None:
    if not text.strip():
        raise ShareRefused(reason=missing)
    try:
        check_reason(text)
    except VariableInvalid as too_long:
        raise ShareRefused(reason=too_long.parameters["reason"]) from too_long


def _tell(tx: Connection, actor: Actor, share: ShareView, kind: HistoryKind, at: datetime) -> None:
    """Write it into the case's history: names of fields, never what they hold, and no consent's words."""
    details: dict[str, Any] = {"share": share.id, "agency": share.to_agency_id, "group": share.to_group}
    if kind == HistoryKind.CASE_SHARED:
        details |= {"fields": list(share.fields), "until": share.expires_at.isoformat()}
    definition = select(ProcessInstance.definition_id).where(ProcessInstance.id == share.instance_id)
    place = share.instance_id, share.agency_id, tx.scalars(definition).one()
    history.write_events(tx, actor, *place, at, [Event(kind.value, details=details)])
