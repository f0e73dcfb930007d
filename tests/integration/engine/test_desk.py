"""The inbox beyond its lists: names that are looked for, many tasks at once, one's own filters."""

import pytest
from sqlalchemy import text

import engine
from engine import desk
from engine.commands import many_tasks, saved_filters
from engine.errors import FilterNotFound, FilterRefused, NameTaken, QueryInvalid, TitianError
from engine.queries import names
from engine.store import writing
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, form, task
from tests.integration.engine.test_four_eyes import letter
from tests.support.office import Office
from tests.unit.interpreter.diagrams import process

SECRET = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})


def report(office: Office, *children: str) -> list[InstanceView]:
    """A case for each child, at the step after the one that asked for the name."""
    steps = task("a", formRef="isian") + task("b")
    office.deploy(drawn(process(steps, "s > a > b > e")), isian_form=SECRET)
    cases = [office.start() for _ in children]
    for case, child in zip(cases, children, strict=True):
        office.do(case, "a", nama=child, kota="Ranai")
    return cases


def found(office: Office, words: str, by: str = "petugas") -> list[str]:
    return [case for case, _ in desk.search_names(office.database, office.user(by), words).cases]


def test_who_works_on_a_case_finds_it_by_a_name_however_it_is_written(office: Office) -> None:
    budi, siti = report(office, "Budi Santoso", "Siti Andrée")
    assert found(office, "santoso BUDI") == [budi.id]
    assert found(office, "andree") == [siti.id]
    assert found(office, "budi andree") == []
    assert found(office, "Ranai") == [], "what is open is found by other means"
    assert found(office, "bu") == [], "with two letters nearly everything would be"


def test_nobody_finds_a_name_in_a_case_of_others(office: Office) -> None:
    report(office, "Budi Santoso")
    for other in ("manajer", "peksos", "analis", "petugas@lain"):
        told = desk.search_names(office.database, office.user(other), "budi")
        assert (list(told.cases), dict(told.looked)) == ([], {}), other


def test_what_was_erased_or_has_ended_is_found_no_more(office: Office) -> None:
    gone, ended = report(office, "Budi Satu", "Budi Dua")
    office.do(ended, "b")
    assert found(office, "budi") == [gone.id]
    engine.cancel_instance(office.database, office.user("manajer"), gone.id, "uji")
    assert found(office, "budi") == []


def test_a_case_with_a_broken_seal_keeps_the_others_from_nobody(office: Office) -> None:
    broken, whole = report(office, "Budi Satu", "Budi Dua")
    with writing(office.database) as tx:
        spoilt = {"id": broken.id, "bytes": b"\x01" * 60}
        tx.execute(text("UPDATE process_instance SET secrets = :bytes WHERE id = :id"), spoilt)
    assert found(office, "budi") == [whole.id]


def test_a_search_opens_the_newest_cases_and_says_when_there_are_more(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, second, third = report(office, "Budi Satu", "Budi Dua", "Budi Tiga")
    monkeypatch.setattr(names, "MOST", 2)
    told = desk.search_names(office.database, office.user("petugas"), "budi")
    assert [case for case, _ in told.cases] == [third.id, second.id]
    assert (dict(told.looked), told.more) == ({"uji": 2}, True)


def outcomes(told: list[desk.TaskOutcome]) -> list[str]:
    return [type(each.refused).__name__ if each.refused else "done" for each in told]


def test_many_tasks_are_taken_each_by_itself_and_each_refusal_is_told(office: Office) -> None:
    database, petugas = office.database, office.user("petugas")
    free, taken, drafted, stopped = (letter(office) for _ in range(4))
    office.do(drafted, "draft", by="petugas")
    engine.suspend_instance(database, office.user("manajer"), stopped.id)
    ids = [office.tasks(case.id)[0].id for case in (free, taken, drafted, stopped)]
    engine.claim_task(database, office.user("petugas2"), ids[1])
    told = desk.claim_tasks(database, petugas, [*ids, ids[0], "tidak-ada"])
    assert outcomes(told) == [
        "done",
        "TaskClaimed",
        "SecondPersonNeeded",
        "InstanceSuspended",
        "TaskNotFound",
    ]
    assert [each.task.assignee if each.task else "-" for each in told] == [
        *("petugas@uji", "petugas2@uji", None, None, "-")
    ]
    before = len(office.history(free))
    assert outcomes(desk.claim_tasks(database, petugas, ids[:1])) == ["done"]
    assert len(office.history(free)) == before, "to take what one has changes nothing"


def test_a_manager_gives_many_tasks_to_somebody_who_can_have_all(office: Office) -> None:
    database, manager = office.database, office.user("manajer")
    one, other = letter(office), letter(office)
    office.do(other, "draft", by="petugas")
    ids = [office.tasks(case.id)[0].id for case in (one, other)]
    assert [p.id for p in desk.common_candidates(database, manager, ids)] == ["petugas2@uji"]
    assert outcomes(desk.assign_tasks(database, manager, ids, "petugas@uji")) == [
        "done",
        "SecondPersonNeeded",
    ]
    assert outcomes(desk.assign_tasks(database, manager, ids, "petugas2@uji")) == ["done", "done"]
    entries = len(office.history(one))
    assert outcomes(desk.assign_tasks(database, manager, ids, "petugas2@uji")) == ["done", "done"]
    assert len(office.history(one)) == entries
    assert outcomes(desk.assign_tasks(database, office.user("peksos"), ids, "peksos@uji")) == [
        *("TaskNotFound", "TaskNotFound")
    ]


def test_more_tasks_than_anybody_looks_at_are_refused_together(office: Office) -> None:
    many = [str(number) for number in range(many_tasks.MOST + 1)]
    with pytest.raises(QueryInvalid):
        desk.claim_tasks(office.database, office.user("petugas"), many)


def test_a_filter_is_kept_renamed_and_removed_by_whose_it_is(office: Office) -> None:
    database, petugas, other = office.database, office.user("petugas"), office.user("petugas2")
    first = desk.save_filter(database, petugas, "  Asesmen \n Ranai ", {"step": "a"})
    desk.save_filter(database, petugas, "Kedua", {"due": "late"})
    desk.save_filter(database, other, "Kedua", {})
    assert [f.name for f in desk.list_filters(database, petugas)] == ["Asesmen Ranai", "Kedua"]
    assert dict(desk.list_filters(database, petugas)[0].arguments) == {"step": "a"}
    for foreign in (
        lambda: desk.rename_filter(database, other, first.id, "Milik saya"),
        lambda: desk.remove_filter(database, other, first.id),
    ):
        with pytest.raises(FilterNotFound):
            foreign()
    desk.rename_filter(database, petugas, first.id, "Pertama")
    desk.rename_filter(database, petugas, first.id, "PERTAMA")
    desk.remove_filter(database, petugas, first.id)
    assert [f.name for f in desk.list_filters(database, petugas)] == ["Kedua"]


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("  ", {}, FilterRefused),
        ("x" * 41, {}, FilterRefused),
        ("a\x00b", {}, FilterRefused),
        ("kedua", {}, NameTaken),
        ("Ketiga", {"step": "x" * 1001}, FilterRefused),
    ],
)
def test_a_filter_that_cannot_be_kept_says_why(
    office: Office, name: str, arguments: dict[str, str], error: type[TitianError]
) -> None:
    desk.save_filter(office.database, office.user("petugas"), "Kedua", {})
    with pytest.raises(error):
        desk.save_filter(office.database, office.user("petugas"), name, arguments)


def test_nobody_keeps_more_filters_than_can_be_read(office: Office) -> None:
    database, petugas = office.database, office.user("petugas")
    for number in range(saved_filters.MOST):
        desk.save_filter(database, petugas, f"Daftar {number}", {})
    with pytest.raises(FilterRefused, match="as many as can be kept"):
        desk.save_filter(database, petugas, "Satu lagi", {})


def test_a_case_is_found_by_its_pseudonym_from_its_first_moment_on(office: Office) -> None:
    office.deploy(drawn(process(task("a"), "s > a > e")))
    case = office.start()
    name = engine.types.pseudonym_of(case.id)
    wanted = engine.InstanceFilter(pseudonym=name)
    assert [c.id for c in engine.list_instances(office.database, SYSTEM, wanted)] == [case.id]
