"""What a user chose about being told outside the app."""

from sqlalchemy import Engine, select

from engine import access
from engine.access import Action
from engine.store import reading
from engine.store.tables import NotificationChoice, PushSubscription
from engine.types import Actor
from engine.types.delivery import DEFAULT_HOUR, BrowserView, ChoiceView, MailChoice, default_mail
from engine.types.notifications import NotificationKind

_KINDS = frozenset(kind.value for kind in NotificationKind)


def get_choice(database: Engine, actor: Actor, user_id: str | None = None) -> ChoiceView:
    """What the actor (or, for ``admin``, somebody else) chose; the defaults where nothing was chosen.

    Raises ``ActionForbidden``.
    """
    if user_id not in (None, actor.user_id):
        access.require(actor, Action.ADMINISTER)
    of_user = NotificationChoice.user_id == (user_id or actor.user_id)
    with reading(database) as tx:
        row = tx.execute(select(NotificationChoice.__table__).where(of_user)).one_or_none()
    if row is None:
        return ChoiceView("", False, False, default_mail(), frozenset(NotificationKind), True, DEFAULT_HOUR)
    mail = {kind: MailChoice(row.mail.get(kind.value, MailChoice.NONE)) for kind in NotificationKind}
    push = frozenset(NotificationKind(kind) for kind in row.push if kind in _KINDS)
    waiting = row.code is not None and not row.confirmed_at
    return ChoiceView(
        row.email, row.confirmed_at is not None, waiting, mail, push, row.summary, row.digest_hour
    )


def list_browsers(database: Engine, actor: Actor) -> list[BrowserView]:
    """The browsers that tell the actor by push, the oldest first."""
    query = select(PushSubscription.id, PushSubscription.agent, PushSubscription.created_at).where(
        PushSubscription.user_id == actor.user_id
    )
    with reading(database) as tx:
        return [BrowserView(*row) for row in tx.execute(query.order_by(PushSubscription.created_at))]
