"""What is on its way out: written with what it tells of, taken by one, tried again, given up, forgotten."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from engine import SYSTEM, assign_task, clock, desk
from engine.commands.notifying import SENT_KEPT, notify
from engine.desk import NOTIFICATIONS_KEPT, Channel, DeliveryOutcome, MailChoice, NotificationKind
from engine.errors import ActionForbidden
from engine.store import reading, writing
from engine.store.tables import Delivery, Notification, NotificationChoice
from tests.integration.engine.models import drawn, task
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

KIND = NotificationKind.DEADLINE_BREACH
MAILS = (Channel.MAIL, Channel.DIGEST)
Later = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Puts the clock on; it begins in the afternoon of a Monday, Jakarta's time."""
    now = [datetime(2026, 3, 30, 8, 0, tzinfo=UTC)]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def put(after: timedelta) -> None:
        now[0] += after

    return put


def confirm(office: Office, user_id: str) -> None:
    code = desk.begin_email(office.database, office.user(user_id), f"{user_id}@uji.go.id")
    assert desk.confirm_email(office.database, office.user(user_id), f"{code[:4]} {code[4:]}")


def tell(database: Engine, *user_ids: str) -> None:
    with writing(database) as tx:
        notify(tx, KIND, HOME, user_ids)


def rows(office: Office, table: type) -> int:
    with reading(office.database) as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def test_only_who_chose_mail_gets_one_and_one_alone_takes_it(office: Office) -> None:
    confirm(office, "petugas")
    tell(office.database, "petugas@uji", "peksos@uji")
    [parcel] = desk.take_deliveries(office.database, MAILS)
    assert (parcel.user.id, parcel.email) == ("petugas@uji", "petugas@uji.go.id")
    assert desk.take_deliveries(office.database, MAILS) == []


def tell_and_fail(database: Engine) -> None:
    with writing(database) as tx:
        notify(tx, KIND, HOME, ["petugas@uji"])
        raise RuntimeError


def test_what_is_rolled_back_is_never_sent(office: Office) -> None:
    confirm(office, "petugas")
    with pytest.raises(RuntimeError):
        tell_and_fail(office.database)
    assert rows(office, Delivery) == 0


def test_a_sender_that_died_is_followed_by_another_with_the_same_id(office: Office, later: Later) -> None:
    confirm(office, "petugas")
    tell(office.database, "petugas@uji")
    [first] = desk.take_deliveries(office.database, MAILS)
    later(timedelta(minutes=11))
    [second] = desk.take_deliveries(office.database, MAILS)
    assert first.id == second.id
    desk.end_delivery(office.database, first.id, DeliveryOutcome.SENT)
    later(timedelta(minutes=11))
    assert desk.take_deliveries(office.database, MAILS) == []


def test_pauses_grow_and_end_after_a_day(office: Office, later: Later) -> None:
    confirm(office, "petugas")
    tell(office.database, "petugas@uji")
    pauses = []
    for _ in range(40):
        [parcel] = desk.take_deliveries(office.database, MAILS)
        if not desk.put_off_delivery(office.database, parcel.id):
            break
        waited = 0
        while not due(office):
            later(timedelta(minutes=1))
            waited += 1
        pauses.append(waited)
    assert pauses[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert 24 * 60 <= sum(pauses) <= 25 * 60
    assert not due(office)


def due(office: Office) -> bool:
    with reading(office.database) as tx:
        waiting = Delivery.ended_at.is_(None), Delivery.due_at <= clock.now()
        return tx.execute(select(Delivery.id).where(*waiting)).first() is not None


def test_the_next_digest_is_at_its_hour_on_the_agencys_clocks(office: Office, later: Later) -> None:
    confirm(office, "petugas")  # 15.00 in Jakarta
    assert digest_at(office) == datetime(2026, 3, 31, 0, 0, tzinfo=UTC)
    choose(office, hour=16)
    assert digest_at(office) == datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
    later(timedelta(minutes=59))
    assert desk.plan_digests(office.database) == 0
    later(timedelta(minutes=1))
    assert desk.plan_digests(office.database) == 1
    assert desk.plan_digests(office.database) == 0
    [parcel] = desk.take_deliveries(office.database, MAILS)
    assert parcel.channel is Channel.DIGEST
    assert not desk.read_digest(office.database, parcel)
    assert digest_at(office) == datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
    desk.put_email(office.database, office.user("petugas"), "petugas@uji", "")
    assert digest_at(office) is None


def digest_at(office: Office) -> datetime | None:
    with reading(office.database) as tx:
        return tx.scalars(select(NotificationChoice.digest_at)).one()


def choose(office: Office, *, hour: int) -> None:
    mail = dict.fromkeys(NotificationKind, MailChoice.NONE)
    desk.choose_ways(
        office.database, office.user("petugas"), mail=mail, push=(), summary=True, digest_hour=hour
    )


def test_who_chose_nothing_of_a_kind_is_told_in_the_app_alone(office: Office) -> None:
    confirm(office, "petugas")
    choose(office, hour=7)
    tell(office.database, "petugas@uji")
    assert rows(office, Delivery) == 0
    assert desk.count_unread(office.database, office.user("petugas"), 9) == 1


def test_only_an_administrator_enters_the_address_of_others(office: Office) -> None:
    for actor in ("petugas", "manajer", "analis"):
        with pytest.raises(ActionForbidden):
            desk.put_email(office.database, office.user(actor), "peksos@uji", "a@b.id")
        with pytest.raises(ActionForbidden):
            desk.get_choice(office.database, office.user(actor), "peksos@uji")
    desk.put_email(office.database, SYSTEM, "peksos@uji", "a@b.id")
    assert desk.get_choice(office.database, office.user("peksos")).confirmed is False


def test_who_is_given_a_task_by_another_is_told_and_who_takes_one_is_not(office: Office) -> None:
    office.deploy(drawn(process(task("a"), "s > a > e")))
    [given] = office.tasks(office.start().id)
    manager = office.user("manajer")
    assign_task(office.database, manager, given.id, "petugas@uji")
    assign_task(office.database, manager, given.id, "petugas@uji")
    assign_task(office.database, manager, given.id, None)
    assign_task(office.database, office.user("petugas2"), given.id, "petugas2@uji")
    [told] = desk.list_notifications(office.database, office.user("petugas"))
    assert (told.kind, told.task_id, told.about["by"]) == ("task_assigned", given.id, "manajer@uji")
    assert desk.list_notifications(office.database, office.user("petugas2")) == []


def test_whom_the_diagram_gives_a_task_is_told_unless_the_step_before_was_theirs(office: Office) -> None:
    nodes = task("a", assignee="petugas2@uji") + task("b", assignee="petugas2@uji")
    office.deploy(drawn(process(nodes, "s > a > b > e")))
    case = office.start()
    office.do(case, "a", "petugas2")
    told = desk.list_notifications(office.database, office.user("petugas2"))
    assert [(n.task_name, n.about["by"]) for n in told] == [("Kerjakan a", "petugas@uji")]


def test_old_ones_are_forgotten_with_how_they_were_sent(office: Office, later: Later) -> None:
    confirm(office, "petugas")
    tell(office.database, "petugas@uji", "peksos@uji")
    [parcel] = desk.take_deliveries(office.database, MAILS)
    desk.end_delivery(office.database, parcel.id, DeliveryOutcome.SENT)
    later(SENT_KEPT + timedelta(seconds=1))
    assert desk.forget_notifications(office.database) == 0
    assert (rows(office, Delivery), rows(office, Notification)) == (0, 2)
    tell(office.database, "petugas@uji")
    later(NOTIFICATIONS_KEPT - SENT_KEPT)
    assert desk.forget_notifications(office.database) == 2
    assert rows(office, Notification) == 1
