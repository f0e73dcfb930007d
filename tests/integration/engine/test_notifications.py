"""Telling people: once each, in the transaction of what it tells of, and nothing across agencies."""

import pytest
from sqlalchemy import Engine

from engine import SYSTEM, Page, desk, set_active, set_memberships
from engine.commands.notifying import notify
from engine.desk import NotificationKind
from engine.store import writing
from tests.support.office import HOME, Office


def tell(database: Engine, *user_ids: str, agency: str = HOME, **about: str | int) -> None:
    with writing(database) as tx:
        notify(tx, NotificationKind.MENTIONED, agency, user_ids, about=about)


def told(office: Office, user_id: str, **options: bool) -> list[dict[str, str | int]]:
    return [dict(n.about) for n in desk.list_notifications(office.database, office.user(user_id), **options)]


def test_each_person_is_told_once_and_the_newest_comes_first(office: Office) -> None:
    tell(office.database, "petugas@uji", "petugas@uji", "peksos@uji", by="a")
    tell(office.database, "petugas@uji", by="b")
    assert told(office, "petugas") == [{"by": "b"}, {"by": "a"}]
    assert told(office, "peksos") == [{"by": "a"}]
    page = desk.list_notifications(office.database, office.user("petugas"), Page(1, 1))
    assert [n.about["by"] for n in page] == ["a"]


def test_nobody_is_told_who_is_no_active_user(office: Office) -> None:
    set_active(office.database, SYSTEM, "peksos@uji", False)
    tell(office.database, "peksos@uji", "siapa@uji")
    set_active(office.database, SYSTEM, "peksos@uji", True)
    assert told(office, "peksos") == []


def test_who_leaves_an_agency_does_not_see_what_it_told(office: Office) -> None:
    tell(office.database, "petugas@uji")
    set_memberships(office.database, SYSTEM, "petugas@uji", [("lain", "petugas")])
    assert told(office, "petugas") == []
    assert desk.count_unread(office.database, office.user("petugas"), 9) == 0


def test_what_was_read_is_unread_no_more_and_only_ones_own(office: Office) -> None:
    tell(office.database, "petugas@uji", "peksos@uji", by="a")
    tell(office.database, "petugas@uji", by="b")
    petugas, peksos = office.user("petugas"), office.user("peksos")
    assert desk.count_unread(office.database, petugas, 9) == 2
    assert desk.count_unread(office.database, petugas, 1) == 1
    newest = desk.list_notifications(office.database, petugas)[0].id
    assert desk.mark_read(office.database, peksos, [newest]) == 0
    assert desk.mark_read(office.database, petugas, [newest]) == 1
    assert told(office, "petugas", unread=True) == [{"by": "a"}]
    assert desk.mark_read(office.database, petugas) == 1
    assert told(office, "petugas", unread=True) == []
    assert told(office, "peksos", unread=True) == [{"by": "a"}]


def tell_and_fail(database: Engine) -> None:
    with writing(database) as tx:
        notify(tx, NotificationKind.MENTIONED, HOME, ["petugas@uji"])
        raise RuntimeError


def test_what_is_rolled_back_was_never_told(office: Office) -> None:
    with pytest.raises(RuntimeError):
        tell_and_fail(office.database)
    assert told(office, "petugas") == []
