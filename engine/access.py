"""Who may see and do what: one function that decides, and the same rights as SQL for every query.

What belongs to another agency looks exactly like what does not exist.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, literal, or_, select, true
from sqlalchemy.orm import aliased

from engine.errors import N_, ActionForbidden, SecondPersonNeeded
from engine.store.tables import (
    Attachment,
    CaseShare,
    Draft,
    Erasure,
    ExternalTask,
    Incident,
    Job,
    Notification,
    ProcessInstance,
    SavedFilter,
    TaskCandidate,
    UserTask,
)
from engine.types import ANALYST, AUDITOR, DATA_OFFICER, MANAGER, SERVICE, SYSTEM, Actor

_TASK = aliased(UserTask)
"""Of an instance; apart from the tasks that a query may be about."""

_KEPT = 1000
"""How many actors' conditions are kept: to build one costs more than to run it. What an actor belongs to is
part of the key, so a change of groups makes another one; ``SYSTEM`` is told apart before, by identity."""


class Action(StrEnum):
    """What can be asked of ``may``; the value completes the sentence "You may not do this: ..."."""

    SEE_AGENCY = N_("see this agency")
    START = N_("start this process")
    COMPLETE = N_("work on a task of another group")
    ASSIGN = N_("assign this task")
    CANCEL = N_("cancel a process instance")
    WORK_TOPIC = N_("work on external tasks of this topic")
    KEEP_EXTERNAL_TASKS = N_("change an external task that a worker is to do")
    SIGNAL = N_("send a signal")
    CHANGE_JOB = N_("change a job of the engine")
    SUSPEND = N_("suspend or activate a process instance")
    SET_VARIABLES = N_("set variables of a process instance")
    MODIFY = N_("move the tokens of a process instance")
    ERASE = N_("erase what is confidential in a case")
    OPEN_IDENTITY = N_("open the identity in a case")
    MIGRATE = N_("move process instances to another version")
    SHARE = N_("share a case with another agency")
    APPOINT = N_("name a substitute for somebody")
    SEE_STATISTICS = N_("see the statistics of this agency")
    DEPLOY = N_("deploy to this agency")
    SEE_DEFINITIONS = N_("see the definitions of this agency")
    ADMINISTER = N_("administer users and agencies")
    SEE_RECORD = N_("see the access log")
    SEE_REGISTERS = N_("see the registers of data protection")
    KEEP_REGISTERS = N_("keep the registers of data protection")
    KEEP_CALENDAR = N_("keep the calendar of this agency")


_OF_ROLES: Mapping[Action, frozenset[str]] = {
    Action.ASSIGN: frozenset({MANAGER}),
    Action.APPOINT: frozenset({MANAGER}),
    Action.CANCEL: frozenset({MANAGER}),
    Action.KEEP_EXTERNAL_TASKS: frozenset({MANAGER}),
    Action.CHANGE_JOB: frozenset({MANAGER}),
    Action.SUSPEND: frozenset({MANAGER}),
    Action.SET_VARIABLES: frozenset({MANAGER}),
    Action.MODIFY: frozenset({MANAGER}),
    Action.MIGRATE: frozenset({MANAGER}),
    Action.SHARE: frozenset({MANAGER}),
    Action.ERASE: frozenset({MANAGER}),
    Action.OPEN_IDENTITY: frozenset({MANAGER}),
    Action.SIGNAL: frozenset({SERVICE, MANAGER}),
    Action.DEPLOY: frozenset({ANALYST}),
    Action.SEE_STATISTICS: frozenset({DATA_OFFICER, MANAGER}),
    Action.SEE_RECORD: frozenset({AUDITOR}),
    Action.SEE_REGISTERS: frozenset({MANAGER, DATA_OFFICER, AUDITOR}),
    Action.KEEP_REGISTERS: frozenset({MANAGER, DATA_OFFICER}),
    Action.KEEP_CALENDAR: frozenset({MANAGER}),
}
"""What only a role of the agency allows."""


def may(
    actor: Actor,
    action: Action,
    agency_id: str = "",
    *,
    groups: Iterable[str] = (),
    users: Iterable[str] = (),
) -> bool:
    """Whether ``actor`` may do ``action`` in an agency.

    ``groups`` and ``users`` are the candidates of the task or process at hand (``named_users``; an external
    task's candidate is its topic). No candidates at a start means: every worker of the agency. Naming a
    person makes nobody a worker who holds no candidate group in the agency.
    """
    if actor is SYSTEM:
        return True
    if (roles := _OF_ROLES.get(action)) is not None:
        return not roles.isdisjoint(actor.by_agency.get(agency_id, ()))
    own = actor.groups(agency_id)
    match action:
        case Action.SEE_AGENCY:
            return agency_id in actor.by_agency or actor.admin
        case Action.START:
            groups, users = set(groups), set(users)
            named = bool(own & groups) or actor.user_id in users
            return bool(own) and (named or not (groups or users))
        case Action.COMPLETE:
            return bool(own) and (bool(own & set(groups)) or actor.user_id in set(users))
        case Action.WORK_TOPIC:
            return actor.holds(agency_id, SERVICE) or bool(own & set(groups))
        case Action.SEE_DEFINITIONS:
            return agency_id in actor.by_agency
        case Action.ADMINISTER:
            return actor.admin
        case _:
            raise NotImplementedError(action)


def require(
    actor: Actor,
    action: Action,
    agency_id: str = "",
    *,
    groups: Iterable[str] = (),
    users: Iterable[str] = (),
) -> None:
    """Raise ``ActionForbidden`` unless ``may``."""
    if not may(actor, action, agency_id, groups=groups, users=users):
        raise ActionForbidden(action=action.value)


def acts_for(actor: Actor, agency_id: str, groups: Iterable[str], users: Iterable[str]) -> str | None:
    """For whom ``actor`` does a task with these candidates: None for oneself, as a member or by name."""
    groups = set(groups)
    absent = {group: who for agency, group, who in actor.acting if agency == agency_id and group in groups}
    own = actor.groups(agency_id) & groups - absent.keys()
    return None if own or actor.user_id in set(users) or not absent else absent[min(absent)]


def require_other_hands(actor: Actor, user_id: str, done: Mapping[str, str]) -> None:
    """Raise ``SecondPersonNeeded`` where ``user_id``, who is to do a task, has done what it answers for.

    ``done``: of the task (``engine.queries.four_eyes``). Who asks makes no difference, be it the manager:
    only the system itself is bound by nothing.
    """
    if actor is not SYSTEM and (step := done.get(user_id)) is not None:
        raise SecondPersonNeeded(user_id, step)


def named_users(groups: Collection[str], users: Collection[str], assignee: str | None) -> list[str]:
    """Who may work on a task as a person, whatever group: its candidate users. Who has it counts only where
    the task names nobody: else a substitute, or somebody taken out of the group, would keep the right."""
    if users or groups:
        return [*users]
    return [assignee] if assignee else []


def sees_task(
    actor: Actor, agency_id: str, groups: Iterable[str], users: Iterable[str], assignee: str | None
) -> bool:
    """``visible_tasks`` for one task that has been read: its candidates and its assignee."""
    if actor is SYSTEM or actor.holds(agency_id, MANAGER):
        return True
    own = actor.groups(agency_id)
    named = actor.user_id == assignee or actor.user_id in users
    return bool(own) and (named or not own.isdisjoint(groups))


def sees_case(actor: Actor, agency_id: str, groups: Collection[str], users: Collection[str]) -> bool:
    """``visible_instances`` for one case of which is known whom its tasks name or have named (``groups``,
    ``users``), with who opened it."""
    if actor is SYSTEM or actor.holds(agency_id, MANAGER):
        return True
    own = actor.groups(agency_id)
    return bool(own) and (actor.user_id in users or not own.isdisjoint(groups))


def visible_tasks(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``user_task`` that ``actor`` may see."""
    return UserTask.id.is_not(None) if actor is SYSTEM else _visible_tasks(actor)


@lru_cache(maxsize=_KEPT)
def _visible_tasks(actor: Actor) -> ColumnElement[bool]:
    rules = task_rules(actor)
    return or_(*rules) if rules else UserTask.id.is_(None)


def task_rules(actor: Actor, asked: Collection[str] | None = None) -> list[ColumnElement[bool]]:
    """What ``actor`` may see of ``user_task``, as rules of which each is one range of an index; a task may
    fall under several.

    ``asked``: only what these groups may take, and what is the actor's own: the other ranges need no look.
    """
    rules: list[ColumnElement[bool]] = []
    managed = actor.agencies_with(MANAGER)
    for agency_id in sorted(actor.by_agency):
        inside, own = UserTask.agency_id == agency_id, actor.groups(agency_id)
        if agency_id in managed and asked is None:
            rules.append(inside)
        elif agency_id in managed or own:
            groups = set(asked or own) if agency_id in managed else own.intersection(asked or own)
            rules += [and_(inside, UserTask.queue == group) for group in sorted(groups)]
            named = true() if agency_id in managed else task_names(own, actor.user_id)
            rules.append(and_(inside, UserTask.queue.is_(None), named))
            rules.append(and_(UserTask.assignee == actor.user_id, inside))
    return rules


def task_names(groups: Collection[str], user_id: str | None = None) -> ColumnElement[bool]:
    """The rows of ``user_task`` without a queue that name one of the groups, or the user."""
    return _there_is(
        TaskCandidate.instance_id == UserTask.instance_id,
        TaskCandidate.task_id == UserTask.id,
        _named(groups, user_id),
    )


def _there_is(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """A row that is looked up for each row outside. The offset keeps PostgreSQL from reading and hashing the
    whole table instead, which it would rather do under an OR."""
    return select(literal(1)).where(*conditions).offset(0).exists()


def _named(groups: Collection[str], user_id: str | None) -> ColumnElement[bool]:
    by_group = and_(TaskCandidate.kind == "group", TaskCandidate.candidate.in_(groups))
    by_user = and_(TaskCandidate.kind == "user", TaskCandidate.candidate == user_id)
    return or_(by_group, by_user)


def visible_instances(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``process_instance`` that ``actor`` may see."""
    return ProcessInstance.id.is_not(None) if actor is SYSTEM else _visible_instances(actor)


@lru_cache(maxsize=_KEPT)
def _visible_instances(actor: Actor) -> ColumnElement[bool]:
    managed = actor.agencies_with(MANAGER)
    rules: list[ColumnElement[bool]] = [ProcessInstance.agency_id.in_(managed)] if managed else []
    return _any([*rules, *_work_rules(actor, managed)])


def _any(rules: Collection[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Without a rule, what no instance is, said of the key: so it is not looked for in all of them."""
    return or_(*rules) if rules else ProcessInstance.id.is_(None)


def worked_instances(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``process_instance`` that ``actor`` works on: who does may read what is sealed."""
    return ProcessInstance.id.is_not(None) if actor is SYSTEM else _worked_instances(actor)


@lru_cache(maxsize=_KEPT)
def _worked_instances(actor: Actor) -> ColumnElement[bool]:
    return _any(_work_rules(actor))


def _work_rules(actor: Actor, without: Collection[str] = ()) -> list[ColumnElement[bool]]:
    return [
        and_(ProcessInstance.agency_id == agency_id, _worked(actor.user_id, groups))
        for agency_id in actor.by_agency
        if agency_id not in without and (groups := actor.groups(agency_id))
    ]


def _worked(user_id: str, groups: Collection[str]) -> ColumnElement[bool]:
    """Looked up by the instance, so that a list stops as soon as its page is full."""
    had = _there_is(
        _TASK.instance_id == ProcessInstance.id, or_(_TASK.queue.in_(groups), _TASK.assignee == user_id)
    )
    named = _there_is(TaskCandidate.instance_id == ProcessInstance.id, _named(groups, user_id))
    return or_(ProcessInstance.started_by == user_id, had, named)


def received_shares(actor: Actor, at: datetime) -> ColumnElement[bool]:
    """The rows of ``case_share`` that ``actor`` may read at the moment ``at``: of the own candidate groups,
    not revoked, not run out. No role reads them, and they open nothing else of their cases."""
    rules = [
        and_(CaseShare.to_agency_id == agency_id, CaseShare.to_group.in_(groups))
        for agency_id in sorted(actor.by_agency)
        if (groups := actor.groups(agency_id))
    ]
    own = or_(*rules) if rules else CaseShare.id.is_(None)
    return and_(own, CaseShare.revoked_at.is_(None), CaseShare.expires_at > at)


def addressable_instances(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``process_instance`` that ``actor`` may send messages to; a service may list none."""
    serviced = actor.agencies_with(SERVICE)
    return or_(visible_instances(actor), ProcessInstance.agency_id.in_(serviced))


def workable_external_tasks(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``external_task`` that ``actor`` may lock and complete."""
    if actor is SYSTEM:
        return ExternalTask.id.is_not(None)
    rules: list[ColumnElement[bool]] = [ExternalTask.agency_id.in_(actor.agencies_with(SERVICE))]
    rules += [
        and_(ExternalTask.agency_id == agency_id, ExternalTask.topic.in_(groups))
        for agency_id in actor.by_agency
        if (groups := actor.groups(agency_id))
    ]
    return or_(*rules)


def visible_external_tasks(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``external_task`` that ``actor`` may see: a manager all of the agency."""
    managed = actor.agencies_with(MANAGER)
    return or_(workable_external_tasks(actor), ExternalTask.agency_id.in_(managed))


def visible_jobs(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``job`` that ``actor`` may see: a manager all of the agency."""
    return Job.id.is_not(None) if actor is SYSTEM else Job.agency_id.in_(actor.agencies_with(MANAGER))


def visible_erasures(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``erasure`` that ``actor`` may see: a manager all of the agency."""
    return Erasure.id.is_not(None) if actor is SYSTEM else Erasure.agency_id.in_(actor.agencies_with(MANAGER))


def visible_incidents(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``incident`` that ``actor`` may see: a manager all of the agency."""
    if actor is SYSTEM:
        return Incident.id.is_not(None)
    return Incident.agency_id.in_(actor.agencies_with(MANAGER))


def own_notifications(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``notification`` that were told to ``actor``, of agencies that the actor belongs to, and of
    cases that the actor may still see, or told to a group that the actor is still of."""
    if actor is SYSTEM:
        return Notification.id.is_(None)
    return _own_notifications(actor)


@lru_cache(maxsize=_KEPT)
def _own_notifications(actor: Actor) -> ColumnElement[bool]:
    case = select(literal(1)).where(ProcessInstance.id == Notification.instance_id, visible_instances(actor))
    as_group = [
        and_(Notification.agency_id == agency_id, Notification.told_group.in_(groups))
        for agency_id in sorted(actor.by_agency)
        if (groups := sorted(actor.groups(agency_id)))
    ]
    return and_(
        Notification.user_id == actor.user_id,
        Notification.agency_id.in_(sorted(actor.by_agency)),
        or_(Notification.instance_id.is_(None), case.correlate(Notification).offset(0).exists(), *as_group),
    )


def may_be_told(
    actor: Actor,
    agency_id: str,
    case: tuple[str, Collection[str], Collection[str]] | None,
    group: str | None = None,
) -> bool:
    """``own_notifications`` for one thing told to ``actor`` in an agency. ``case``: what it is about, as its
    agency, and the groups and users of ``sees_case``; ``group``: whose members are told as such."""
    if agency_id not in actor.by_agency:
        return False
    return case is None or group in actor.groups(agency_id) or sees_case(actor, *case)


def own_drafts(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``draft`` that ``actor`` has written, of agencies where the actor still works. Nobody reads
    another's, whatever the role."""
    return and_(Draft.user_id == actor.user_id, Draft.agency_id.in_(_working(actor)))


def own_uploads(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``attachment`` that ``actor`` uploaded and no case has taken over; agencies as above."""
    waiting = Attachment.key_id.is_not(None), Attachment.instance_id.is_(None)
    return and_(Attachment.created_by == actor.user_id, *waiting, Attachment.agency_id.in_(_working(actor)))


def _working(actor: Actor) -> list[str]:
    """Agencies of which the actor is in a candidate group."""
    return sorted(agency_id for agency_id in actor.by_agency if actor.groups(agency_id))


def own_filters(actor: Actor) -> ColumnElement[bool]:
    """The rows of ``saved_filter`` that are ``actor``'s; nobody sees those of others."""
    return SavedFilter.user_id == actor.user_id
