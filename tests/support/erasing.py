"""An office with a key store of its own, so that its bytes can be looked at, with cases to be erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import delete, text

import engine
from engine import KeyPlace
from engine.secrecy import keys_of
from engine.secrecy.keys import BATCH
from engine.store.migrate import known_versions
from engine.store.tables import KeyStoreMark
from engine.types import SYSTEM, ErasureView, InstanceView
from tests.integration.engine.models import drawn, form, task
from tests.support.office import HOME, PROFILE, Office, open_office
from tests.unit.interpreter.diagrams import process

SECRET = form(
    "isian",
    {"key": "nama", "properties": {"rahasia": "ya"}},
    {"key": "kota"},
)
NAME = "Kenanga Ayuningtyas"
REASON = "Permintaan subjek data nomor 7"


@contextmanager
def office_apart(database_url: str, tmp_path: Path) -> Iterator[Office]:
    """Its keys are in the folder ``keys`` of ``tmp_path``; two managers can erase."""
    database = engine.open_database(database_url, keys=KeyPlace.in_folder(tmp_path / "keys"))
    with database.begin() as tx:  # as `titian init` would have left it: backups ask for it
        tx.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        tx.execute(text(f"INSERT INTO alembic_version VALUES ('{known_versions()[0]}')"))
        tx.execute(delete(KeyStoreMark))  # of the tests' common key store
    engine.bind_keys(database)
    office = open_office(database)
    engine.add_user(database, SYSTEM, f"manajer2@{HOME}", "M", "-", [(HOME, "manajer")])
    office.deploy(
        drawn(process(task("a", formRef="isian") + task("b", formRef="isian"), "s > a > b > e")),
        isian_form=SECRET,
    )
    yield office
    database.dispose()


def ended(office: Office, reason: str = "") -> InstanceView:
    """A case with a name in its variables, in what was filled in, in its history and its reason."""
    case = office.start()
    office.do(case, "a", nama=NAME, kota="Natuna")
    if reason:
        engine.cancel_instance(office.database, office.user("manajer"), case.id, reason)
    else:
        office.do(case, "b", nama=NAME, kota="Natuna")
    return case


def erase(office: Office, case: InstanceView) -> ErasureView:
    asked = engine.request_erasure(office.database, office.user("manajer"), case.id, REASON)
    return engine.agree_to_erasure(office.database, office.user("manajer2"), asked.id)


def put_retention(office: Office) -> None:
    """A decree that lets the office keep a case for a month."""
    engine.put_agency(office.database, SYSTEM, HOME, "Uji", {**PROFILE, "retensi": {"semua": 1}})


@contextmanager
def older_key_store(office: Office, tmp_path: Path) -> Iterator[None]:
    """What is sealed inside loses its key: afterwards a copy of the key store from before is put back."""
    file, keys = tmp_path / "keys" / "case-keys.db", keys_of(office.database)
    copy = file.read_bytes()
    for _ in range(BATCH):  # beyond those that the copy has
        keys.take()
    yield
    keys.close()
    file.write_bytes(copy)
