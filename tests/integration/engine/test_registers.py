"""What people write in the registers is sealed, and goes with its key."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, select, text, update

import engine
from engine import clock
from engine.commands.register_words import erase_old_words
from engine.errors import KeyLost, KeysUnavailable, VariableInvalid
from engine.jobs.chores import CHORES
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.tables import Breach, DataRequest, KeyStoreMark
from engine.types import SYSTEM, InstanceView
from engine.types.registers import Requester, RequestKind, RequestOutcome
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, tasks
from tests.support.erasing import erase, office_apart
from tests.support.office import HOME, PROFILE, Office
from tests.unit.interpreter.diagrams import process

NAME = "Kenanga Ayuningtyas"
ALL = "SELECT * FROM data_request", "SELECT * FROM data_breach"


@pytest.fixture
def apart(database_url: str, tmp_path: Path) -> Iterator[Office]:
    with office_apart(database_url, tmp_path) as office:
        office.deploy(drawn(process(tasks("a"), "s > a > e")))
        yield office


def ended(office: Office) -> InstanceView:
    case = office.start()
    office.do(case, "a")
    return case


def asked(office: Office, number: str = "") -> str:
    what = RequestKind.ERASURE, Requester.PARENT, number, f"Ibu {NAME} meminta"
    return engine.add_request(office.database, office.user("petugas_data"), HOME, *what, clock.now())


def answered(office: Office, request_id: str, answer: str = f"Sudah disampaikan kepada {NAME}") -> None:
    who = office.user("petugas_data")
    engine.answer_request(office.database, who, request_id, RequestOutcome.GRANTED, answer)


def broken(office: Office) -> str:
    told = f"Asesmen {NAME}", f"Surat {NAME} tertukar", f"{NAME} diberi tahu"
    return engine.add_breach(office.database, office.user("petugas_data"), HOME, clock.now(), *told, 1)


def test_a_mistyped_year_is_refused(apart: Office) -> None:
    """A clock of three days that is 700,000 days late could be put right by nobody."""
    what = RequestKind.ACCESS, Requester.PARENT, "", "meminta salinan"
    told = "Asesmen", "Surat tertukar", "diberi tahu"
    keeper, late = apart.user("petugas_data"), clock.now() - timedelta(days=5 * 366 + 1)
    with pytest.raises(VariableInvalid, match="five years"):
        engine.add_request(apart.database, keeper, HOME, *what, late)
    with pytest.raises(VariableInvalid, match="five years"):
        engine.add_breach(apart.database, keeper, HOME, late, *told, 1)
    with pytest.raises(VariableInvalid, match="five years"):
        engine.add_request(apart.database, keeper, HOME, *what, datetime(26, 11, 3, tzinfo=UTC))
    engine.add_request(apart.database, keeper, HOME, *what, late + timedelta(days=2))


def test_entries_that_come_together_have_numbers_of_their_own(apart: Office) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: asked(apart), range(12)))
    auditor = apart.user("auditor")
    numbers = [engine.get_request(apart.database, auditor, each).number for each in made]
    assert sorted(numbers) == list(range(1, 13))


def request_of(office: Office, request_id: str) -> tuple[str, str, bool]:
    found = engine.get_request(office.database, office.user("auditor"), request_id)
    assert found in engine.list_requests(office.database, office.user("auditor"), HOME)
    return found.note, found.answer, found.gone


def breach_of(office: Office, breach_id: str) -> tuple[str, str, str, bool]:
    found = engine.get_breach(office.database, office.user("auditor"), breach_id)
    assert found in engine.list_breaches(office.database, office.user("auditor"), HOME)
    return found.data, found.course, found.handling, found.gone


def rows(office: Office) -> str:
    with reading(office.database) as tx:
        return str([tx.execute(text(query)).all() for query in ALL])


def test_the_words_are_sealed_and_read_by_who_may_see_the_register(apart: Office) -> None:
    request, breach = asked(apart), broken(apart)
    answered(apart, request)
    said = {"handling": f"{NAME} sudah didampingi", "subjects": True, "authority": False}
    engine.note_breach(apart.database, apart.user("petugas_data"), breach, **said)
    assert request_of(apart, request) == (f"Ibu {NAME} meminta", f"Sudah disampaikan kepada {NAME}", False)
    data, course = f"Asesmen {NAME}", f"Surat {NAME} tertukar"
    assert breach_of(apart, breach) == (data, course, f"{NAME} sudah didampingi", False)
    assert "Kenanga" not in rows(apart)


def test_the_erasure_of_a_case_reaches_the_requests_that_name_it(apart: Office) -> None:
    """However its number was typed. Another case's stay, and one of no case."""
    case, other = ended(apart), ended(apart)
    gone, stays, of_nobody = (
        asked(apart, f" {case.business_key.lower()} "),
        asked(apart, other.business_key),
        asked(apart),
    )
    with reading(apart.database) as tx:
        of_request = select(DataRequest.note, DataRequest.key_id).where(DataRequest.id == gone)
        note, key_id = tx.execute(of_request).one()
    erase(apart, case)
    assert request_of(apart, gone) == ("", "", True)
    assert keys_of(apart.database).find(key_id) is None  # before the certificate says so
    for kept in (stays, of_nobody):
        assert request_of(apart, kept) == (f"Ibu {NAME} meminta", "", False)
    answered(apart, gone, "Dihapus")
    assert request_of(apart, gone) == ("", "Dihapus", True)

    back = update(DataRequest).where(DataRequest.id == gone)
    with writing(apart.database) as tx:  # an older backup brings the sealed words back, not their key
        tx.execute(back.values(note=note, answer=None, answered_at=None, key_id=key_id, erased_at=None))
    assert request_of(apart, gone) == ("", "", True)
    answered(apart, gone, "Dihapus")
    assert request_of(apart, gone) == ("", "Dihapus", True)


def key_of(office: Office, request_id: str) -> str:
    with reading(office.database) as tx:
        return str(tx.scalars(select(DataRequest.key_id).where(DataRequest.id == request_id)).one())


def test_an_older_key_store_brings_no_erased_words_back(apart: Office, tmp_path: Path, later: Later) -> None:
    case = ended(apart)
    with_case, by_rule, stays = asked(apart, case.business_key), asked(apart), asked(apart)
    answered(apart, by_rule)
    erased = [key_of(apart, each) for each in (with_case, by_rule)]
    alive, file = key_of(apart, stays), tmp_path / "keys" / "case-keys.db"
    keys_of(apart.database).close()
    copy = file.read_bytes()
    erase(apart, case)
    engine.put_agency(apart.database, SYSTEM, HOME, "Uji", PROFILE | {"retensi": {"register": 1}})
    later(timedelta(days=60))
    for putting_back in (False, True):
        if putting_back:
            keys_of(apart.database).close()
            file.write_bytes(copy)
            assert all(keys_of(apart.database).find(key) for key in erased)
            keys_of(apart.database).close()
        for chore in CHORES:
            chore.act(apart.database)
        assert [keys_of(apart.database).find(key) for key in erased] == [None, None]
        assert keys_of(apart.database).find(alive)


def test_the_certificate_tells_that_the_key_of_a_request_was_lost(apart: Office, tmp_path: Path) -> None:
    case = ended(apart)
    key = key_of(apart, asked(apart, case.business_key))
    store = create_engine(f"sqlite:///{tmp_path}/keys/case-keys.db")
    with store.begin() as tx:
        tx.execute(text("DELETE FROM case_key WHERE id = :key"), {"key": key})
    store.dispose()
    certificate = erase(apart, case).certificate or {}
    assert (certificate["key_destroyed_at"], certificate["keys_not_found"]) == (None, [key])


def test_a_rule_of_the_agency_erases_the_words_of_what_is_closed(apart: Office, later: Later) -> None:
    open_one, done, breach, untold = asked(apart), asked(apart), broken(apart), broken(apart)
    answered(apart, done)
    keeper, database = apart.user("petugas_data"), apart.database
    for each, authority in ((breach, True), (untold, False)):
        engine.note_breach(database, keeper, each, handling=NAME, subjects=True, authority=authority)
    later(timedelta(days=400))
    assert erase_old_words(database) == 0  # no rule, no erasure
    engine.put_agency(database, SYSTEM, HOME, "Uji", PROFILE | {"retensi": {"register": 12}})
    assert erase_old_words(database, clock.now() - timedelta(days=60)) == 0
    assert erase_old_words(database) == 2
    assert erase_old_words(database) == 0
    assert request_of(apart, done) == ("", "", True)
    assert breach_of(apart, breach) == ("", "", "", True)
    assert request_of(apart, open_one)[0] == f"Ibu {NAME} meminta"
    assert breach_of(apart, untold)[2] == NAME
    engine.note_breach(database, keeper, breach, handling="Selesai", subjects=True, authority=True)
    assert breach_of(apart, breach) == ("", "", "Selesai", True)


def test_what_an_earlier_release_left_open_is_sealed(apart: Office) -> None:
    request, breach = asked(apart), broken(apart)
    words = {"note": f"Ibu {NAME} meminta", "answer": None}
    others = {"data": f"Asesmen {NAME}", "course": "x", "handling": ""}
    with writing(apart.database) as tx:
        tx.execute(update(DataRequest).values(**words, key_id=None))
        tx.execute(update(Breach).values(**others, key_id=None))
        tx.execute(delete(KeyStoreMark))
    with pytest.raises(KeysUnavailable, match="run titian init"):
        engine.require_sealed(apart.database)
    engine.seal_open_data(apart.database)
    engine.require_sealed(apart.database)
    assert "Kenanga" not in rows(apart)
    assert request_of(apart, request) == (f"Ibu {NAME} meminta", "", False)
    assert breach_of(apart, breach) == (f"Asesmen {NAME}", "x", "", False)
    if apart.database.dialect.name == "sqlite":
        file = Path(str(apart.database.url.database))
        assert b"Kenanga" not in file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()


def test_an_entry_whose_key_is_lost_is_shown_and_not_written_over(apart: Office) -> None:
    request = asked(apart)
    with writing(apart.database) as tx:
        tx.execute(update(DataRequest).values(key_id="lain"))
    assert request_of(apart, request) == ("", "", True)
    with pytest.raises(KeyLost):
        answered(apart, request)
