"""What waits for messages and signals."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, func, select

from engine import access
from engine.queries.paging import paged, where
from engine.store import reading
from engine.store.tables import ProcessInstance, Subscription
from engine.types import WHOLE, Actor, Page


@dataclass(frozen=True)
class SubscriptionFilter:
    """What narrows a list of event subscriptions; what is None or empty does not narrow."""

    subscription_id: str | None = None
    kind: str | None = None
    name: str | None = None
    instance_id: str | None = None
    element_id: str | None = None
    agency_ids: tuple[str, ...] = ()


ANY_SUBSCRIPTION = SubscriptionFilter()


@dataclass(frozen=True)
class SubscriptionView:
    """A token, or a listener, that waits for a message or signal (``kind``) of this name."""

    id: str
    agency_id: str
    instance_id: str
    element_id: str
    kind: str
    name: str


_FIELDS = tuple(getattr(Subscription, name) for name in SubscriptionView.__dataclass_fields__)
_SORT = {"id": Subscription.id, "agency": Subscription.agency_id}


def list_subscriptions(
    database: Engine, actor: Actor, filter: SubscriptionFilter = ANY_SUBSCRIPTION, page: Page = WHOLE
) -> list[SubscriptionView]:
    """What the cases that ``actor`` may see wait for. Sort keys: id, agency. Raises ``QueryInvalid``."""
    query = paged(_narrow(select(*_FIELDS), actor, filter), page, _SORT, Subscription.id)
    with reading(database) as tx:
        return [SubscriptionView(*row) for row in tx.execute(query)]


def count_subscriptions(database: Engine, actor: Actor, filter: SubscriptionFilter = ANY_SUBSCRIPTION) -> int:
    """How many ``list_subscriptions`` would list without a page."""
    with reading(database) as tx:
        return int(tx.execute(_narrow(select(func.count(Subscription.id)), actor, filter)).scalar_one())


def waiting_for(
    kind: str,
    name: str,
    *,
    agencies: Collection[str] = (),
    business_key: str | None = None,
    instance_id: str | None = None,
) -> Any:
    """A query for what waits for an event: ``id`` (of the token), ``instance_id``, ``element_id``, and
    whether it is ``suspended``. ``agencies``: where to look, empty for everywhere (no index helps then).

    The caller narrows it to the instances that may be told.
    """
    query = (
        select(Subscription.id, Subscription.instance_id, Subscription.element_id, ProcessInstance.suspended)
        .join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
        .where(Subscription.kind == kind, Subscription.name == name)
        .order_by(Subscription.instance_id, Subscription.id)
    )
    return where(
        query,
        [
            (Subscription.agency_id.in_, tuple(agencies)),
            (ProcessInstance.business_key.__eq__, business_key),
            (Subscription.instance_id.__eq__, instance_id),
        ],
    )


def _narrow(query: Any, actor: Actor, f: SubscriptionFilter) -> Any:
    query = query.join(ProcessInstance, ProcessInstance.id == Subscription.instance_id)
    return where(
        query.where(access.visible_instances(actor)),
        [
            (Subscription.id.__eq__, f.subscription_id),
            (Subscription.kind.__eq__, f.kind),
            (Subscription.name.__eq__, f.name),
            (Subscription.instance_id.__eq__, f.instance_id),
            (Subscription.element_id.__eq__, f.element_id),
            (Subscription.agency_id.in_, f.agency_ids),
        ],
    )
