"""The database fixtures keep tests apart."""

import pytest
from sqlalchemy import Engine, inspect, text

from engine.store import metadata
from tests.support.databases import chosen_kinds


def test_a_database_has_every_table_and_no_row(database: Engine) -> None:
    names = {name for name in inspect(database).get_table_names() if not name.startswith("procrastinate_")}
    assert names == set(metadata.tables)
    with database.connect() as connection:
        counts = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) for name in metadata.tables}
    assert counts.pop("key_store_mark") == 1  # nothing of an earlier release is left to be sealed
    assert set(counts.values()) == {0}


@pytest.mark.parametrize("round_", [1, 2])
def test_what_one_test_writes_another_does_not_see(database: Engine, round_: int) -> None:
    with database.begin() as connection:
        connection.execute(text("CREATE TABLE mine (number INTEGER)"))
        connection.execute(text("INSERT INTO mine VALUES (:number)"), {"number": round_})
    with database.connect() as connection:
        assert connection.scalars(text("SELECT number FROM mine")).all() == [round_]


def test_an_unknown_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TITIAN_TEST_DATABASES", "sqlite,oracle")
    with pytest.raises(pytest.UsageError, match="not oracle"):
        chosen_kinds()
