"""The administrator's pages: users, what they belong to, and the agencies."""

import pytest

from engine import find_user
from tests.integration.web.conftest import Visitor, Visitors
from tests.support.service import Service

PASSWORD = "sandi-baru-123"
NEW = {"user_id": "siti@pasuruan", "name": "Siti Aminah", "password": PASSWORD}


@pytest.fixture
def admin(visitors: Visitors) -> Visitor:
    visitor = visitors("admin@titian")
    visitor.get("/admin")
    return visitor


def follow(visitor: Visitor, path: str, **fields: str) -> str:
    """Send a form and read the page that follows it."""
    answer = visitor.send(path, **fields)
    assert answer.status_code == 303, answer.text
    return visitor.get(answer.location).text


@pytest.mark.parametrize("user_id", ["petugas@natuna", "manajer@natuna", "analis@natuna"])
def test_only_an_administrator_comes_in(visitors: Visitors, service: Service, user_id: str) -> None:
    visitor = visitors(user_id)
    for path in ("/admin", "/admin/users/new", "/admin/users/peksos@natuna", "/admin/agencies"):
        answer = visitor.get(path)
        assert answer.status_code == 403
        assert "Pekerja sosial" not in answer.text
    for path in ("/admin/users", "/admin/users/peksos@natuna/groups", "/admin/users/peksos@natuna/active"):
        assert visitor.send(path, **NEW, membership="natuna:manajer", active="0").status_code == 403
    assert find_user(service.database, "siti@pasuruan") is None


def test_an_administrators_work_begins_with_the_users(admin: Visitor) -> None:
    assert admin.get("/").location == "/admin"


def test_users_are_found_by_id_name_and_agency(admin: Visitor) -> None:
    everybody = admin.get("/admin").text
    assert "peksos@natuna" in everybody
    assert "manajer@bintan" in everybody
    found = admin.get("/admin?search=KEPALA&agency=natuna").text
    assert "2 pengguna" in found
    assert "kepala_bidang@natuna" in found
    assert "peksos@natuna" not in found
    assert "Tidak ada pengguna yang cocok" in admin.get("/admin?search=tidakada").text


def test_a_new_user_can_sign_in_and_work(visitors: Visitors, service: Service, admin: Visitor) -> None:
    page = follow(admin, "/admin/users", **NEW, membership="pasuruan:peksos")
    assert "Siti Aminah kini dapat masuk sebagai siti@pasuruan." in page
    user = find_user(service.database, "siti@pasuruan")
    assert user
    assert (user.name, user.admin, user.memberships) == ("Siti Aminah", False, (("pasuruan", "peksos"),))
    assert visitors().sign_in("siti@pasuruan", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("user_id", "Siti Aminah", "Tulis nama pengguna seperti nama@instansi"),
        ("user_id", "siti@" + "p" * 64, "Nama pengguna paling banyak 64 karakter."),
        ("user_id", "peksos@pasuruan", "Nama pengguna ini sudah dipakai."),
        ("name", " ", "Tulis nama yang akan dibaca orang lain."),
        ("name", "x" * 256, "Nama paling banyak 255 karakter."),
        ("password", "pendek", "Kata sandi paling sedikit 10 karakter."),
        ("password", "x" * 1025, "Kata sandi paling banyak 1024 karakter."),
    ],
)
def test_what_is_wrong_with_a_new_user_is_said_and_nothing_kept(
    service: Service, admin: Visitor, field: str, value: str, problem: str
) -> None:
    answer = admin.send("/admin/users", **NEW | {field: value})
    assert answer.status_code == 400
    assert answer.text.count(problem) == 2  # on top of the page, and at the field
    assert PASSWORD not in answer.text
    assert find_user(service.database, "siti@pasuruan") is None


def test_a_group_that_was_not_offered_is_refused(service: Service, admin: Visitor) -> None:
    for path in ("/admin/users", "/admin/users/peksos@natuna/groups"):
        assert admin.send(path, **NEW, membership="natuna:raja").status_code == 400
    user = find_user(service.database, "peksos@natuna")
    assert user
    assert user.memberships == (("natuna", "peksos"),)
    assert find_user(service.database, "siti@pasuruan") is None


def test_groups_are_replaced_and_hold_from_the_next_request_on(visitors: Visitors, admin: Visitor) -> None:
    worker = visitors("peksos@natuna")
    assert worker.get("/cockpit").status_code == 403
    page = follow(admin, "/admin/users/peksos@natuna/groups", membership="natuna:manajer")
    assert "Kelompok Pekerja sosial sudah disimpan." in page
    assert worker.get("/cockpit").status_code == 200


def test_a_new_password_replaces_the_old_one_and_ends_logins(visitors: Visitors, admin: Visitor) -> None:
    worker = visitors("peksos@natuna")
    page = follow(admin, "/admin/users/peksos@natuna/password", password=PASSWORD)
    assert "Kata sandi Pekerja sosial sudah diganti." in page
    assert PASSWORD not in page
    assert worker.get("/cockpit").status_code == 302
    assert visitors().sign_in("peksos@natuna").status_code == 401
    assert visitors().sign_in("peksos@natuna", PASSWORD).status_code == 302


def test_a_short_password_changes_nothing(visitors: Visitors, admin: Visitor) -> None:
    answer = admin.send("/admin/users/peksos@natuna/password", password="pendek")
    assert answer.status_code == 400
    assert "Kata sandi paling sedikit 10 karakter." in answer.text
    assert visitors("peksos@natuna").get("/start").status_code == 200


def test_a_user_is_locked_out_at_once_and_let_in_again(visitors: Visitors, admin: Visitor) -> None:
    worker = visitors("peksos@natuna")
    page = follow(admin, "/admin/users/peksos@natuna/active", active="0")
    assert "Akun Pekerja sosial dikunci." in page
    assert worker.get("/start").status_code == 302
    assert visitors().sign_in("peksos@natuna").status_code == 401
    assert "Pekerja sosial dapat masuk lagi." in follow(
        admin, "/admin/users/peksos@natuna/active", active="1"
    )
    assert visitors("peksos@natuna").get("/start").status_code == 200


def test_an_administrator_does_not_lock_the_own_door(service: Service, admin: Visitor) -> None:
    assert "Kunci akun" not in admin.get("/admin/users/admin@titian").text
    assert admin.send("/admin/users/admin@titian/active", active="0").status_code == 403
    user = find_user(service.database, "admin@titian")
    assert user
    assert user.active


def test_an_administrator_gives_no_groups_to_the_own_account(service: Service, admin: Visitor) -> None:
    """As manager, the one who sees no case would see them all; the record tells who gets which group."""
    page = admin.get("/admin/users/admin@titian").text
    assert "Mintalah kepada administrator lain" in page
    assert 'action="/admin/users/admin@titian/groups"' not in page
    refused = admin.send("/admin/users/admin@titian/groups", membership="natuna:manajer")
    assert (refused.status_code, "tidak ada yang memberi kelompok" in refused.text) == (400, True)
    user = find_user(service.database, "admin@titian")
    assert user
    assert not user.memberships


def test_who_does_not_exist_is_not_found(admin: Visitor) -> None:
    assert admin.get("/admin/users/tidak@ada").status_code == 404
    for action, fields in (("groups", {}), ("password", {"password": PASSWORD}), ("active", {"active": "0"})):
        assert admin.send(f"/admin/users/tidak@ada/{action}", **fields).status_code == 404
    assert admin.send("/admin/users/peksos@natuna/active", active="2").status_code == 400


def test_the_agencies_show_where_a_group_has_nobody(admin: Visitor) -> None:
    assert "belum ada orangnya" not in admin.get("/admin/agencies").text
    follow(admin, "/admin/users/peksos@natuna/active", active="0")
    page = admin.get("/admin/agencies").text
    assert "Dinas Sosial Kabupaten Natuna" in page
    assert "belum ada orangnya" in page


def test_an_administrator_sees_no_case(admin: Visitor) -> None:
    assert admin.get("/cockpit").status_code == 403
    assert admin.get("/?tab=mine").status_code == 200
    assert 'href="/cockpit"' not in admin.get("/admin").text
