"""Who is told of a case may see it, when it is written and when it is delivered: by the rule of its page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from engine import SYSTEM, assign_task, clock, desk, get_instance, set_active, set_memberships
from engine.commands.notifying import notify
from engine.desk import Channel, DeliveryOutcome, MailChoice, NotificationKind
from engine.errors import InstanceNotFound
from engine.store import reading, writing
from engine.store.tables import Delivery, Notification
from engine.types import InstanceView
from tests.integration.engine.models import drawn, task
from tests.support.office import HOME, Office
from tests.support.push import Browser
from tests.unit.interpreter.diagrams import process

ALL = (Channel.MAIL, Channel.PUSH)
KIND = NotificationKind.MENTIONED
READER, COLLEAGUE = "petugas2@uji", "petugas@uji"


def leaves_the_group(office: Office, _: InstanceView) -> None:
    set_memberships(office.database, SYSTEM, READER, [(HOME, "analis")])


def changes_to_another_group(office: Office, _: InstanceView) -> None:
    set_memberships(office.database, SYSTEM, READER, [(HOME, "peksos")])


def leaves_the_agency(office: Office, _: InstanceView) -> None:
    set_memberships(office.database, SYSTEM, READER, [("lain", "petugas")])


def is_switched_off(office: Office, _: InstanceView) -> None:
    set_active(office.database, SYSTEM, READER, False)


ENDS = [leaves_the_group, changes_to_another_group, leaves_the_agency, is_switched_off]


@pytest.fixture
def case(office: Office) -> InstanceView:
    """A case of the group ``petugas``, of whom two people want a mail and a push message at once."""
    office.deploy(drawn(process(task("a"), "s > a > e")))
    found = office.start()
    for user_id in (READER, COLLEAGUE):
        wants_everything(office, user_id)
    return found


def wants_everything(office: Office, user_id: str) -> None:
    actor = office.user(user_id)
    code = desk.begin_email(office.database, actor, user_id.replace("@", "@kantor.") + ".go.id")
    assert desk.confirm_email(office.database, actor, code)
    mail = dict.fromkeys(NotificationKind, MailChoice.NOW)
    kinds = tuple(NotificationKind)
    desk.choose_ways(office.database, actor, mail=mail, push=kinds, summary=False, digest_hour=7)
    endpoint = f"https://fcm.googleapis.com/fcm/send/{user_id}"
    desk.subscribe_browser(office.database, actor, endpoint, **Browser().keys)


def tell(office: Office, case: InstanceView, *user_ids: str) -> None:
    with writing(office.database) as tx:
        notify(tx, KIND, HOME, user_ids, instance_id=case.id, about={"by": "manajer@uji"})


def sent_to(office: Office) -> list[tuple[str, str]]:
    """Who is sent something now, and how."""
    return sorted((p.user.id, p.channel.value) for p in desk.take_deliveries(office.database, ALL))


def told(office: Office, user_id: str) -> int:
    actor = office.user(user_id)
    found = desk.list_notifications(office.database, actor)
    assert desk.count_unread(office.database, actor, 99) == len(found)
    return len(found)


@pytest.mark.parametrize("end", ENDS)
def test_whose_right_ends_before_it_is_sent_gets_nothing(
    office: Office, case: InstanceView, end: Callable[[Office, InstanceView], None]
) -> None:
    tell(office, case, READER, COLLEAGUE)
    [line] = desk.list_notifications(office.database, office.user(READER))
    end(office, case)
    assert sent_to(office) == [(COLLEAGUE, "mail"), (COLLEAGUE, "push")]
    with reading(office.database) as tx:
        ended = set(tx.scalars(select(Delivery.outcome).where(Delivery.user_id == READER)))
    assert ended == {DeliveryOutcome.DROPPED.value}
    set_active(office.database, SYSTEM, READER, True)
    if end is is_switched_off:
        return
    reader = office.user(READER)
    assert told(office, READER) == 0
    assert desk.find_notification(office.database, reader, line.id) is None
    assert desk.mark_read(office.database, reader) == 0
    assert told(office, COLLEAGUE) == 1


@pytest.mark.parametrize("end", ENDS)
def test_whose_right_has_ended_is_told_nothing_whoever_names_them(
    office: Office, case: InstanceView, end: Callable[[Office, InstanceView], None]
) -> None:
    end(office, case)
    tell(office, case, READER, COLLEAGUE)
    with reading(office.database) as tx:
        assert tx.scalars(select(Notification.user_id)).all() == [COLLEAGUE]


def test_who_had_a_task_by_name_alone_is_told_no_more_once_another_has_it(office: Office) -> None:
    office.deploy(drawn(process(task("a", group="", assignee=READER), "s > a > e")))
    wants_everything(office, READER)
    case = office.start()
    tell(office, case, READER)
    [given] = office.tasks(case.id)
    assign_task(office.database, office.user("manajer"), given.id, COLLEAGUE)
    with pytest.raises(InstanceNotFound):
        get_instance(office.database, office.user(READER), case.id)
    assert sent_to(office) == []
    assert told(office, READER) == 0


def test_who_stands_in_is_told_for_as_long_as_that_lasts(office: Office, case: InstanceView) -> None:
    wants_everything(office, "peksos@uji")
    until = clock.now() + timedelta(days=3)
    manager, away = office.user("manajer"), (COLLEAGUE, "peksos@uji")
    absence = desk.set_absence(office.database, manager, HOME, *away, clock.now(), until)
    assert {who for who, _ in sent_to(office)} == set(away)  # that one stands in for the other
    tell(office, case, COLLEAGUE)
    assert told(office, "peksos") == 2
    desk.end_absence(office.database, manager, absence.id)
    assert {who for who, _ in sent_to(office)} == {COLLEAGUE}
    assert told(office, "peksos") == 1
    tell(office, case, "peksos@uji")
    assert told(office, "peksos") == 1


def test_whose_right_comes_back_reads_what_was_told(office: Office, case: InstanceView) -> None:
    tell(office, case, READER)
    changes_to_another_group(office, case)
    assert told(office, READER) == 0
    set_memberships(office.database, SYSTEM, READER, [(HOME, "petugas")])
    assert told(office, READER) == 1


def test_the_manager_is_told_of_every_case_of_the_agency_and_of_no_other(
    office: Office, case: InstanceView
) -> None:
    tell(office, case, "manajer@uji", "manajer@lain")
    assert told(office, "manajer") == 1
    assert told(office, "manajer@lain") == 0


def test_a_group_that_is_told_as_such_need_not_see_the_case(office: Office, case: InstanceView) -> None:
    chief, other = "peksos@uji", "analis@uji"
    for user_id in (chief, other):
        wants_everything(office, user_id)
    with writing(office.database) as tx:
        who = [chief, other, READER]
        notify(tx, NotificationKind.DEADLINE_BREACH, HOME, who, instance_id=case.id, group="peksos")
    with pytest.raises(InstanceNotFound):
        get_instance(office.database, office.user(chief), case.id)
    assert {who for who, _ in sent_to(office)} == {chief, READER}
    assert [told(office, who) for who in (chief, other, READER)] == [1, 0, 1]
    set_memberships(office.database, SYSTEM, chief, [(HOME, "analis"), ("lain", "peksos")])
    assert told(office, chief) == 0


def test_a_batch_asks_as_much_for_many_as_for_one(office: Office, case: InstanceView) -> None:
    counts = []
    for cases in ([case], [case, office.start(), office.start()]):
        for each in cases:
            tell(office, each, READER, COLLEAGUE)
        asked = list[str]()

        def note(_connection: object, _cursor: object, sql: str, *_: object, seen: list[str] = asked) -> None:
            seen.append(sql)

        event.listen(office.database, "before_cursor_execute", note)
        found = desk.take_deliveries(office.database, ALL)
        event.remove(office.database, "before_cursor_execute", note)
        assert len(found) == 4 * len(cases)
        counts.append(len(asked))
    assert counts[0] == counts[1]
