"""Rights end at the next request: for a browser's login and for HTTP Basic, on the server that took them away
and on another one beside it. Nor does a second server give more tries to who guesses."""

import base64
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

import engine
from engine.types import SYSTEM, InstanceFilter
from tests.support.keys import open_database
from tests.support.server import titian_serve
from webapp.config import DEMO_PASSWORD

USER, KEY = "petugas@natuna", "natuna_pendampingan_abh_ampk"
REPORT = {"kanal": "telepon", "jenis_pelapor": "masyarakat", "uraian": "Laporan uji"}


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows a redirect instead of following it."""

    def redirect_request(self, *_: object) -> None:
        return None


@dataclass
class Browser:
    """A login's cookie, which every server of the same database knows."""

    jar: CookieJar = field(default_factory=CookieJar)
    token: str = ""

    def ask(self, address: str, **fields: str) -> tuple[int, str]:
        """Status, and the body or where it leads; a POST where there are fields."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar), _Stay)
        sent = urllib.parse.urlencode({"csrf_token": self.token, **fields}).encode() if fields else None
        headers = {"Referer": address}
        try:
            with opener.open(urllib.request.Request(address, sent, headers)) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.headers.get("Location") or error.read().decode()
        if found := re.search(r'name="csrf-token" content="([^"]+)"', text):
            self.token = found[1]
        return status, text

    def sign_in(self, server: str, user_id: str) -> "Browser":
        self.ask(f"{server}/login")
        assert self.ask(f"{server}/login", user_id=user_id, password=DEMO_PASSWORD)[0] == 302
        self.ask(f"{server}/admin" if user_id.startswith("admin") else f"{server}/")
        return self


def by_password(address: str, body: object = None, *, password: str = DEMO_PASSWORD) -> int:
    """The status that HTTP Basic gets."""
    proof = base64.b64encode(f"{USER}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {proof}", "Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, sent, headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


@dataclass
class Two:
    """Two servers in processes of their own, one database; ``case``: one that the user works on."""

    servers: tuple[str, str]
    case: str
    admin: Browser
    user: Browser

    def statuses(self) -> list[tuple[int, int]]:
        """What the user gets at each server: by the login, by password."""
        return [
            (
                self.user.ask(f"{server}/cases/{self.case}")[0],
                by_password(f"{server}/engine-rest/process-instance/{self.case}"),
            )
            for server in self.servers
        ]

    def change(self, what: str, **fields: str) -> None:
        """The administrator changes the user, at the first server."""
        answer = self.admin.ask(f"{self.servers[0]}/admin/users/{USER}/{what}", **fields)
        assert answer[0] == 303, answer


@pytest.fixture
def two(loaded_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    monkeypatch.setenv("TITIAN_SECRET_KEY", "satu kunci untuk dua server, panjang sekali")
    folders = [tmp_path / name for name in ("satu", "dua")]
    for folder in folders:
        folder.mkdir()
    database = open_database(loaded_url)
    engine.add_user(database, SYSTEM, "lain@natuna", "Rekan", "-", [("natuna", "petugas")])
    actor = engine.get_actor(database, "lain@natuna")  # who opens a case sees it in another group too
    assert actor
    case = engine.start_instance(database, actor, "natuna", KEY, REPORT)
    assert engine.count_instances(database, SYSTEM, InstanceFilter()) == 1
    database.dispose()
    with titian_serve(loaded_url, folders[0]) as first, titian_serve(loaded_url, folders[1]) as second:
        admin = Browser().sign_in(first, "admin@titian")
        yield Two((first, second), case.id, admin, Browser().sign_in(second, USER))


IN, NOT_THERE, OUT = (200, 200), (404, 404), (302, 401)


def test_who_leaves_a_group_or_is_locked_out_loses_the_next_request_everywhere(two: Two) -> None:
    assert two.statuses() == [IN, IN]
    two.change("groups", membership="natuna:kepala_dinas")
    assert two.statuses() == [NOT_THERE, NOT_THERE]
    two.change("groups", membership="natuna:petugas")
    assert two.statuses() == [IN, IN]
    two.change("groups", membership="natuna:analis")
    assert two.statuses() == [NOT_THERE, NOT_THERE]
    two.change("groups", membership="natuna:petugas")
    two.change("active", active="0")
    assert two.statuses() == [OUT, OUT]
    two.change("active", active="1")
    assert two.statuses() == [(302, 200), (302, 200)], "the old login stays ended, the password works again"


def test_wrong_passwords_are_counted_for_all_servers_together(two: Two) -> None:
    guesser = Browser()
    for number in range(10):
        server = two.servers[number % 2]
        guesser.ask(f"{server}/login")
        assert guesser.ask(f"{server}/login", user_id=USER, password=f"tebakan-{number}")[0] == 401
    for server in two.servers:
        assert guesser.ask(f"{server}/login", user_id=USER, password=DEMO_PASSWORD)[0] == 429
        two.user.sign_in(server, USER)  # a browser that the user has used before is counted by itself


def test_wrong_passwords_over_the_api_are_counted_for_all_servers_together(two: Two) -> None:
    addresses = [f"{server}/engine-rest/task/count" for server in two.servers]
    assert [by_password(addresses[n % 2], password=f"tebakan-{n}") for n in range(10)] == [401] * 10
    assert [by_password(address) for address in addresses] == [429, 429]
