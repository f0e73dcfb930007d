"""The migrations make exactly the schema that the code says."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Inspector, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.exc import IntegrityError

from engine.store import metadata, migrate
from engine.store.connect import changing_schema, reading, writing
from engine.store.queue import drop_queue


def emptied(database: Engine) -> Engine:
    metadata.drop_all(database)
    with writing(database) as tx:
        drop_queue(tx)
    assert not inspect(database).get_table_names()
    return database


def differences(database: Engine) -> list[object]:
    with reading(database) as tx:
        context = MigrationContext.configure(
            tx, opts={"include_name": _is_ours, "include_object": _comparable}
        )
        return list(compare_metadata(context, metadata))


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not str(name).startswith("procrastinate_")


def _comparable(_thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Alembic cannot compare an index that has a direction in it; ``schema`` does."""
    return kind != "index" or name not in ("ix_user_task_open", "ix_user_task_queue", "ix_user_task_assignee")


def schema(database: Engine) -> dict[str, object]:
    """Columns, keys and indexes of every table but Alembic's own."""
    found: Inspector = inspect(database)
    return {
        name: (
            sorted((c["name"], str(c["type"]), c["nullable"]) for c in found.get_columns(name)),
            found.get_pk_constraint(name),
            sorted(found.get_foreign_keys(name), key=str),
            sorted(found.get_unique_constraints(name), key=str),
            sorted(_index(index) for index in found.get_indexes(name)),
        )
        for name in metadata.tables
    }


def _index(index: ReflectedIndex) -> tuple[str, str, str]:
    where = [str(value) for value in index.get("dialect_options", {}).values() if value not in ([], None)]
    return str(index["name"]), str(index["column_names"]), str(where)


def test_migrating_makes_the_schema_of_the_tests(database: Engine) -> None:
    made = schema(database)
    migrate(emptied(database))
    assert differences(database) == []
    assert schema(database) == made


def test_the_comparison_notices_a_difference(database: Engine) -> None:
    with database.begin() as tx:
        tx.execute(text("ALTER TABLE job ADD COLUMN lain INTEGER"))
    assert len(differences(database)) == 1


def test_migrating_again_changes_nothing(database: Engine) -> None:
    migrate(emptied(database))
    before = schema(database)
    with database.begin() as tx:
        tx.execute(text("INSERT INTO agency (id, name, profile) VALUES ('uji', 'Uji', '{}')"))
    migrate(database)
    assert schema(database) == before
    with database.begin() as tx:
        assert tx.scalar(text("SELECT count(*) FROM agency")) == 1


def test_a_change_of_the_schema_that_leaves_a_row_pointing_nowhere_is_refused(database: Engine) -> None:
    lost = text("INSERT INTO membership (user_id, agency_id, group_id) VALUES ('siapa', 'mana', 'apa')")
    for transaction in (changing_schema, writing):  # and after it, every row is looked at again
        with pytest.raises(IntegrityError), transaction(database) as tx:
            tx.execute(lost)
        with reading(database) as tx:
            assert tx.scalar(text("SELECT count(*) FROM membership")) == 0


@pytest.mark.parametrize("entries", [0, 1])
def test_words_that_lie_open_in_a_register_are_left_to_be_sealed(database: Engine, entries: int) -> None:
    """A migration has no keys; until `titian init` has sealed them, no server starts."""
    migrate(emptied(database), "0018")
    breach = "INSERT INTO data_breach (id, agency_id, number, found_at, due_at, data, course, handling,"
    breach += " subjects, recorded_by) VALUES ('b', 'uji', 1, :at, :at, 'x', 'x', 'x', 1, 'x')"
    with database.begin() as tx:
        tx.execute(text("INSERT INTO agency (id, name, profile) VALUES ('uji', 'Uji', '{}')"))
        tx.execute(
            text("INSERT INTO key_store_mark (id, store_id, sealed) VALUES (1, 'x', :yes)"), {"yes": True}
        )
        if entries:
            tx.execute(text(breach), {"at": "2026-03-16 09:00:00+00:00"})
    migrate(database)
    with reading(database) as tx:
        assert bool(tx.scalar(text("SELECT sealed FROM key_store_mark"))) is not bool(entries)
