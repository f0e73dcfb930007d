"""The database fixtures keep tests apart."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine, inspect, text

from engine.store import metadata
from tests.support.databases import KINDS, chosen_kinds, other_half

PAGES = Path(__file__).parents[1] / "pages"


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


class Asked(pytest.Item):
    """A test of a page, as it is collected."""

    def runtest(self) -> None:
        raise NotImplementedError


def test_what_runs_on_one_database_each_runs_on_one_and_half_of_it_on_either(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(name: str, kind: str) -> Asked:
        item = Asked.from_parent(request.session, name=f"{name}[{kind}]")
        item.path, item.callspec = PAGES / "test_pages.py", SimpleNamespace(params={"loaded_url": kind})
        return item

    items = [asked(f"test_{number}", kind) for number in range(100) for kind in KINDS]
    alone = asked("test_alone", "sqlite")
    marked = [asked("test_marked", kind) for kind in KINDS]
    for item in marked:
        item.add_marker("every_database")
    monkeypatch.delenv("TITIAN_TEST_DATABASES", raising=False)
    left_out = other_half([*items, alone, *marked], [PAGES])
    names = {item.name.partition("[")[0] for item in left_out}
    assert len(left_out) == len(names) == 100
    assert 30 < len([item for item in left_out if "[sqlite]" in item.name]) < 70
    assert not {alone, *marked} & set(left_out)
    assert other_half(items, [PAGES.parent / "engine"]) == []
    monkeypatch.setenv("TITIAN_TEST_DATABASES", "sqlite,postgresql")
    assert other_half(items, [PAGES]) == []
