"""External tasks: workers fetch by topic, hold a lock, and report; each on an empty database of each kind."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, update

import engine
from engine import ExternalTaskFilter, IncidentFilter, LockedTask, Page, Topic, clock
from engine.commands.external_locks import free_tasks
from engine.errors import (
    ActionForbidden,
    ExecutionFailed,
    ExternalTaskNotFound,
    ExternalTaskNotHeld,
    InstanceSuspended,
    QueryInvalid,
    VariableInvalid,
)
from engine.secrecy import keys_of
from engine.store import reading, writing
from engine.store.tables import ExternalTask, Incident, ProcessInstance
from engine.types import SYSTEM
from tests.integration.engine.conftest import Later
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.office import AWAY, Office
from tests.unit.interpreter.diagrams import (
    END,
    ERROR,
    boundary,
    end,
    exclusive,
    many,
    node,
    parallel,
    process,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def external(element_id: str, inner: str = "", topic: str = "kirim", **camunda: str) -> str:
    """A service task for workers of a topic."""
    pairs = {f"camunda_{name}": value for name, value in camunda.items()}
    attributes = {"camunda_type": "external", "camunda_topic": topic} | pairs
    return node("serviceTask", element_id, inner, name=f"Kirim {element_id}", **attributes)


def one_step() -> bytes:
    """A letter is sent by a worker, then a person goes on."""
    return drawn(process(external("kirim") + tasks("lanjut"), "s > kirim > lanjut > e"))


def fetch(
    office: Office,
    worker: str = "w1",
    by: str = "layanan",
    *,
    max_tasks: int = 10,
    use_priority: bool = False,
    **topic: Any,
) -> list[LockedTask]:
    options = {"name": "kirim", "lock_duration": MINUTE} | topic
    return engine.fetch_and_lock(
        office.database, office.user(by), worker, max_tasks, [Topic(**options)], use_priority=use_priority
    )


def complete(office: Office, task_id: str, worker: str = "w1", **variables: Any) -> None:
    engine.complete_external_task(office.database, office.user("layanan"), task_id, worker, variables)


def incidents(office: Office, instance_id: str, *, open_only: bool = True) -> list[tuple[str, str, str]]:
    """(kind, subject, message) of a case's incidents."""
    wanted = IncidentFilter(instance_id=instance_id, open=True if open_only else None)
    found = engine.list_incidents(office.database, office.user("manajer"), wanted)
    return [(incident.kind, incident.subject_id, incident.message) for incident in found]


def test_a_worker_fetches_a_task_and_completes_it_with_variables(office: Office) -> None:
    office.deploy(one_step())
    case = office.start(nama="Rani")
    office.opens(case, "")
    [locked] = fetch(office)
    assert (locked.task.topic, locked.task.element_id, locked.task.worker_id) == ("kirim", "kirim", "w1")
    assert locked.task.business_key == case.business_key
    assert {v.name: v.value for v in locked.variables}["nama"] == "Rani"
    complete(office, locked.task.id, nomor_surat="421/2026")
    office.opens(case, "lanjut")
    assert office.variables(case) == {"nama": "Rani", "nomor_surat": "421/2026"}
    [event] = [e for e in office.history(case) if e.kind == "external_task_completed"]
    assert event.user_id == "layanan@uji"
    assert event.details == {"worker": "w1", "variables": ["nomor_surat"]}


def test_a_locked_task_is_nobody_elses_until_its_lock_expires(office: Office, later: Later) -> None:
    office.deploy(one_step())
    office.start()
    [mine] = fetch(office, "w1")
    assert fetch(office, "w2") == []
    later(2 * MINUTE)
    [yours] = fetch(office, "w2")
    assert yours.task.id == mine.task.id
    with pytest.raises(ExternalTaskNotHeld):
        complete(office, mine.task.id, "w1")
    complete(office, yours.task.id, "w2")


def test_a_worker_whose_lock_expired_may_still_report_while_nobody_has_taken_the_task(
    office: Office, later: Later
) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    later(HOUR)
    complete(office, locked.task.id)
    office.opens(case, "lanjut")


def test_an_extended_lock_counts_from_now(office: Office, later: Later) -> None:
    office.deploy(one_step())
    office.start()
    [locked] = fetch(office)
    now = later(timedelta(seconds=50))
    engine.extend_lock(office.database, office.user("layanan"), locked.task.id, "w1", HOUR)
    found = engine.get_external_task(office.database, office.user("layanan"), locked.task.id)
    assert found.lock_expires_at == now + HOUR
    later(30 * MINUTE)
    assert fetch(office, "w2") == []
    with pytest.raises(ExternalTaskNotHeld):
        engine.extend_lock(office.database, office.user("layanan"), locked.task.id, "w2", HOUR)


def test_a_task_can_be_locked_by_its_id_and_given_back(office: Office) -> None:
    office.deploy(one_step())
    office.start()
    worker = office.user("layanan")
    [found] = engine.list_external_tasks(office.database, worker)
    engine.lock_external_task(office.database, worker, found.id, "w1", MINUTE)
    engine.lock_external_task(office.database, worker, found.id, "w1", HOUR)
    with pytest.raises(ExternalTaskNotHeld):
        engine.lock_external_task(office.database, worker, found.id, "w2", MINUTE)
    engine.unlock_external_task(office.database, worker, found.id)
    with pytest.raises(ExternalTaskNotHeld):
        complete(office, found.id, "w1")
    assert len(fetch(office, "w2")) == 1


def test_a_failure_with_retries_frees_the_task_after_the_time_that_the_worker_names(
    office: Office, later: Later
) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    engine.fail_external_task(
        office.database, office.user("layanan"), locked.task.id, "w1", "Gangguan", "rincian", 2, 5 * MINUTE
    )
    assert fetch(office, "w2") == []
    later(6 * MINUTE)
    [again] = fetch(office, "w2")
    assert (again.task.retries, again.task.error_message, again.error_details) == (2, "Gangguan", "rincian")
    assert incidents(office, case.id) == []
    [event] = [e for e in office.history(case) if e.kind == "external_task_failed"]
    assert event.details == {"worker": "w1", "retries": 2}


def test_what_a_worker_says_of_a_failure_is_sealed_where_it_lies(office: Office) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    engine.fail_external_task(
        office.database, office.user("layanan"), locked.task.id, "w1", "Alamat Kenanga", "Jalan Melur"
    )
    manager = office.user("manajer")
    assert incidents(office, case.id) == [("failedExternalTask", locked.task.id, "Alamat Kenanga")]
    [listed] = engine.list_external_tasks(office.database, manager)
    assert listed.error_message == "Alamat Kenanga"
    assert engine.external_task_error(office.database, manager, locked.task.id) == "Jalan Melur"
    with reading(office.database) as tx:
        texts = [*tx.execute(select(ExternalTask.error_message, ExternalTask.error_details)).one()]
        texts += tx.scalars(select(Incident.message)).all()
        key_id = tx.scalars(select(ProcessInstance.key_id)).one()
    assert [text.partition(":")[0] for text in texts] == ["sealed"] * 3
    keys_of(office.database).destroy([key_id], clock.now())
    assert incidents(office, case.id) == [("failedExternalTask", locked.task.id, "")]
    assert engine.external_task_error(office.database, manager, locked.task.id) == ""


def test_a_failure_without_retries_is_an_incident_until_the_manager_gives_new_ones(office: Office) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    id = locked.task.id
    worker, manager = office.user("layanan"), office.user("manajer")
    engine.fail_external_task(office.database, worker, id, "w1", "Kantor pos tutup")
    assert incidents(office, case.id) == [("failedExternalTask", id, "Kantor pos tutup")]
    assert fetch(office, "w2") == []
    with pytest.raises(ActionForbidden):
        engine.set_external_task_retries(office.database, worker, [id], 1)
    engine.set_external_task_retries(office.database, manager, [id], 1)
    assert incidents(office, case.id) == []
    [again] = fetch(office, "w2")
    complete(office, again.task.id, "w2")
    office.opens(case, "lanjut")


def test_taking_the_retries_away_opens_an_incident_and_ending_the_case_closes_it(office: Office) -> None:
    office.deploy(one_step())
    case = office.start()
    manager = office.user("manajer")
    [found] = engine.list_external_tasks(office.database, manager)
    engine.set_external_task_retries(office.database, manager, [found.id], 0)
    engine.set_external_task_retries(office.database, manager, [found.id], 0)
    assert len(incidents(office, case.id)) == 1
    engine.cancel_instance(office.database, manager, case.id, "salah")
    assert incidents(office, case.id) == []
    assert len(incidents(office, case.id, open_only=False)) == 1
    assert engine.count_external_tasks(office.database, manager) == 0
    office.opens(case, "DONE")


def with_error() -> bytes:
    """A worker's BPMN error TOLAK leads to a task of its own."""
    parts = external("kirim") + boundary("b", "kirim", ERROR) + tasks("lanjut", "perbaiki")
    return drawn(process(parts, "s > kirim > lanjut > e; b > perbaiki > e"))


def test_a_bpmn_error_is_caught_by_its_boundary_event(office: Office) -> None:
    office.deploy(with_error())
    case = office.start()
    [locked] = fetch(office)
    engine.report_bpmn_error(
        office.database,
        office.user("layanan"),
        locked.task.id,
        "w1",
        "TOLAK",
        "ditolak",
        {"alasan": "alamat"},
    )
    office.opens(case, "perbaiki")
    assert office.variables(case) == {"alasan": "alamat"}
    [event] = [e for e in office.history(case) if e.kind == "external_task_error"]
    assert event.details == {"worker": "w1", "code": "TOLAK", "variables": ["alasan"]}


def test_a_bpmn_error_that_nothing_catches_is_an_incident_and_changes_nothing(office: Office) -> None:
    office.deploy(with_error())
    case = office.start()
    [locked] = fetch(office)
    id = locked.task.id
    engine.report_bpmn_error(
        office.database, office.user("layanan"), id, "w1", "LAIN", None, {"alasan": "alamat"}
    )
    office.opens(case, "")
    assert office.variables(case) == {}
    [(kind, subject, message)] = incidents(office, case.id)
    assert (kind, subject) == ("failedExternalTask", id)
    assert "LAIN" in message
    kinds = [e.kind for e in office.history(case)]
    assert "external_task_error" in kinds
    assert "external_task_failed" in kinds
    assert fetch(office, "w2") == []


def test_higher_priorities_come_first_where_a_worker_asks_for_them(office: Office) -> None:
    parts = external("satu") + external("dua", taskPriority="=mendesak * 10") + external("tiga")
    flows = "s > f > satu > j > e; f > dua > j; f > tiga > j"
    office.deploy(drawn(process(parallel("f", "j") + parts, flows)))
    case = office.start(mendesak=7)
    manager = office.user("manajer")
    by_priority = Page(sort=(("priority", False),))
    found = engine.list_external_tasks(office.database, manager, page=by_priority)
    assert [(t.element_id, t.priority) for t in found][:1] == [("dua", 70)]
    third = next(t for t in found if t.element_id == "tiga")
    engine.set_external_task_priority(office.database, manager, third.id, 99)
    order = [fetch(office, max_tasks=1, use_priority=True)[0].task.element_id for _ in range(3)]
    assert order == ["tiga", "dua", "satu"]
    assert case.outcome is None


def test_an_event_that_a_worker_sends_says_its_priority_in_its_definition(office: Office) -> None:
    who = 'camunda:type="external" camunda:topic="sipp" camunda:taskPriority="40"'
    event = end("x", f"<bpmn:messageEventDefinition {who}/>")
    office.deploy(drawn(process(event, "s > x").replace(END, "")))
    office.start("p")
    [task] = engine.list_external_tasks(office.database, office.user("manajer"))
    assert (task.element_id, task.topic, task.priority) == ("x", "sipp", 40)


def test_the_process_says_the_priority_where_the_task_says_none(office: Office) -> None:
    model = process(external("kirim"), "s > kirim > e")
    office.deploy(drawn(model.replace("<bpmn:process ", '<bpmn:process camunda:taskPriority="30" ', 1)))
    office.start()
    assert fetch(office)[0].task.priority == 30


def test_a_topic_can_be_narrowed_to_a_case_a_process_or_an_agency(office: Office) -> None:
    office.deploy(one_step())
    one, other = office.start(), office.start()
    assert fetch(office, business_key="tidak-ada") == []
    assert fetch(office, definition_keys=("lain",)) == []
    assert fetch(office, agency_ids=(AWAY,)) == []
    [locked] = fetch(office, business_key=other.business_key)
    assert locked.task.instance_id == other.id
    [locked] = fetch(office, definition_ids=(one.definition_id,), definition_keys=("p",), agency_ids=("uji",))
    assert locked.task.instance_id == one.id


def test_what_belongs_to_another_agency_or_topic_does_not_exist(office: Office) -> None:
    office.deploy(one_step())
    office.start()
    [found] = engine.list_external_tasks(office.database, office.user("manajer"))
    engine.add_user(office.database, SYSTEM, "surat@uji", "Surat", "-", [("uji", "surat")])
    engine.add_user(office.database, SYSTEM, "kirim@uji", "Kirim", "-", [("uji", "kirim")])
    for stranger in ("layanan@lain", "manajer@lain", "petugas", "analis", "surat"):
        assert engine.list_external_tasks(office.database, office.user(stranger)) == []
        assert fetch(office, by=stranger) == []
        with pytest.raises(ExternalTaskNotFound):
            engine.get_external_task(office.database, office.user(stranger), found.id)
        with pytest.raises(ExternalTaskNotFound):
            engine.unlock_external_task(office.database, office.user(stranger), found.id)
    assert fetch(office, by="manajer") == []
    with pytest.raises(ActionForbidden):
        engine.lock_external_task(office.database, office.user("manajer"), found.id, "w1", MINUTE)
    assert len(fetch(office, by="kirim")) == 1


def test_a_service_account_lists_no_case_and_no_task_of_people(office: Office) -> None:
    parts = parallel("f", "j") + external("kirim") + tasks("a")
    office.deploy(drawn(process(parts, "s > f > kirim > j > e; f > a > j")))
    office.start()
    service = office.user("layanan")
    assert engine.list_instances(office.database, service) == []
    assert engine.list_tasks(office.database, service) == []


def test_a_sealed_value_is_handed_out_only_where_it_is_asked_for_by_name(office: Office) -> None:
    report = form("isian", {"key": "nik", "properties": {"rahasia": "ya"}}, {"key": "kota"})
    parts = task("lapor", formRef="isian") + external("kirim")
    office.deploy(drawn(process(parts, "s > lapor > kirim > e")), isian_form=report)
    case = office.start()
    office.do(case, "lapor", nik="3515", kota="Pasuruan")
    [locked] = fetch(office)
    seen = {v.name: (v.value, v.sealed) for v in locked.variables}
    assert (seen["nik"], seen["kota"]) == ((None, True), ("Pasuruan", False))
    engine.unlock_external_task(office.database, office.user("layanan"), locked.task.id)
    [locked] = fetch(office, variables=("nik", "tidak_ada"))
    assert {v.name: v.value for v in locked.variables} == {"nik": "3515"}


def repeated() -> bytes:
    """Three letters at once, one of each address."""
    loop = many("alamat", "ke")
    return drawn(process(external("kirim", loop) + tasks("lanjut"), "s > kirim > lanjut > e"))


def test_each_item_of_a_multi_instance_is_a_task_with_its_own_variables(office: Office) -> None:
    office.deploy(repeated())
    case = office.start(alamat=["A", "B", "C"])
    locked = fetch(office, local_only=True)
    assert sorted(v.value for one in locked for v in one.variables if v.name == "ke") == ["A", "B", "C"]
    assert all("alamat" not in {v.name for v in one.variables} for one in locked)
    for one in locked:
        engine.complete_external_task(
            office.database, office.user("layanan"), one.task.id, "w1", {}, {"resi": one.task.id}
        )
    office.opens(case, "lanjut")
    assert "resi" not in office.variables(case)


def test_a_task_that_was_cancelled_or_done_is_not_found(office: Office) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    complete(office, locked.task.id)
    with pytest.raises(ExternalTaskNotFound):
        complete(office, locked.task.id)
    office.opens(case, "lanjut")


def test_a_report_that_the_process_cannot_take_changes_nothing(office: Office) -> None:
    parts = external("kirim") + exclusive("g") + tasks("a", "b")
    flows = "s > kirim > g; g > a if hasil = 1; g > b if hasil = 3; a > e; b > e"
    office.deploy(drawn(process(parts, flows)))
    case = office.start()
    [locked] = fetch(office)
    with pytest.raises(ExecutionFailed):
        complete(office, locked.task.id, hasil=2)
    assert office.variables(case) == {}
    complete(office, locked.task.id, hasil=1)
    office.opens(case, "a")


def test_a_suspended_task_is_neither_fetched_nor_reported_but_can_be_given_back(office: Office) -> None:
    office.deploy(one_step())
    case = office.start()
    [locked] = fetch(office)
    id, worker = locked.task.id, office.user("layanan")
    with writing(office.database) as tx:
        for table, key in ((ExternalTask, ExternalTask.instance_id), (ProcessInstance, ProcessInstance.id)):
            tx.execute(update(table).where(key == case.id).values(suspended=True))
    for refused in (
        lambda: complete(office, id),
        lambda: engine.report_bpmn_error(office.database, worker, id, "w1", "TOLAK"),
        lambda: engine.fail_external_task(office.database, worker, id, "w1"),
        lambda: engine.extend_lock(office.database, worker, id, "w1", HOUR),
        lambda: engine.lock_external_task(office.database, worker, id, "w1", HOUR),
    ):
        with pytest.raises(InstanceSuspended):
            refused()
    engine.unlock_external_task(office.database, worker, id)
    assert fetch(office, "w2") == []
    assert engine.count_external_tasks(office.database, worker, ExternalTaskFilter(suspended=True)) == 1


def test_what_a_worker_asks_for_is_checked(office: Office) -> None:
    office.deploy(one_step())
    office.start()
    worker = office.user("layanan")
    topic = Topic("kirim", MINUTE)
    for arguments in (
        ("", 1, [topic]),
        ("w" * 256, 1, [topic]),
        ("w1", 0, [topic]),
        ("w1", 1001, [topic]),
        ("w1", 1, []),
        ("w1", 1, [topic, topic]),
        ("w1", 1, [Topic("kirim", timedelta())]),
        ("w1", 1, [Topic("kirim", timedelta(days=400))]),
    ):
        with pytest.raises(QueryInvalid):
            engine.fetch_and_lock(office.database, worker, *arguments)
    [locked] = fetch(office)
    id = locked.task.id
    with pytest.raises(QueryInvalid):
        engine.fail_external_task(office.database, worker, id, "w1", retries=-1)
    with pytest.raises(QueryInvalid):
        engine.fail_external_task(office.database, worker, id, "w1", retry_timeout=timedelta(seconds=-1))
    with pytest.raises(QueryInvalid):
        engine.report_bpmn_error(office.database, worker, id, "w1", "")
    with pytest.raises(VariableInvalid):
        complete(office, id, nomor_registrasi="X-1")
    with pytest.raises(QueryInvalid):
        engine.set_external_task_priority(office.database, office.user("manajer"), id, 2**40)


def test_lists_are_narrowed_by_what_camunda_knows(office: Office, later: Later) -> None:
    office.deploy(one_step())
    first, second = office.start(), office.start()
    [locked] = fetch(office, max_tasks=1)
    manager = office.user("manajer")

    def found(**filter: Any) -> set[str]:
        listed = engine.list_external_tasks(office.database, manager, ExternalTaskFilter(**filter))
        assert engine.count_external_tasks(office.database, manager, ExternalTaskFilter(**filter)) == len(
            listed
        )
        return {task.instance_id for task in listed}

    both = {first.id, second.id}
    assert found(locked=True) == {first.id} == found(worker_id="w1")
    assert found(locked=False) == {second.id}
    assert found(topic="kirim") == both == found(with_retries=True) == found(suspended=False)
    assert found(with_retries=False) == set() == found(topic="lain") == found(priority_from=1)
    assert found(lock_before=locked.task.lock_expires_at + MINUTE) == {first.id}
    assert found(lock_after=locked.task.lock_expires_at + MINUTE) == set()
    assert found(instance_ids=(second.id,), element_ids=("kirim",)) == {second.id}
    assert engine.topic_names(office.database, manager) == ["kirim"]
    later(HOUR)
    assert found(locked=True) == set()


def test_a_backlog_is_walked_in_the_order_of_its_index_and_not_sorted(office: Office) -> None:
    oldest = free_tasks(office.user("layanan"), [Topic("kirim", MINUTE)], clock.now()).limit(1)
    with reading(office.database) as tx:
        statement = str(oldest.compile(tx.engine, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN"
        if tx.dialect.name == "postgresql":
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")  # the table is empty
            explain = "EXPLAIN"
        plan = str(tx.exec_driver_sql(f"{explain} {statement}").all())
    assert "ix_external_task_topic_created_at_id" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_workers_side_by_side_never_get_the_same_task(office: Office) -> None:
    office.deploy(one_step())
    cases = [office.start() for _ in range(24)]
    worker, barrier = office.user("layanan"), Barrier(4)

    def work(name: str) -> list[str]:
        barrier.wait()
        done: list[str] = []
        while found := engine.fetch_and_lock(
            office.database, worker, name, 2, [Topic("kirim", HOUR)], use_priority=True
        ):
            for locked in found:
                engine.complete_external_task(
                    office.database, worker, locked.task.id, name, {"oleh": locked.task.id}
                )
                done.append(locked.task.instance_id)
        return done

    with ThreadPoolExecutor(4) as pool:
        done = [case for part in pool.map(work, ("w1", "w2", "w3", "w4")) for case in part]
    assert sorted(done) == sorted(case.id for case in cases)
    for case in cases:
        office.opens(case, "lanjut")


def test_of_two_reports_of_one_task_at_once_one_wins(office: Office) -> None:
    office.deploy(one_step())
    worker = office.user("layanan")
    for _ in range(5):
        case = office.start()
        [locked] = fetch(office, business_key=case.business_key)
        barrier = Barrier(2)

        def report(
            variables: Mapping[str, Any], barrier: Barrier = barrier, id: str = locked.task.id
        ) -> bool:
            barrier.wait()
            try:
                engine.complete_external_task(office.database, worker, id, "w1", variables)
            except ExternalTaskNotFound:
                return False
            return True

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(report, ({"a": 1}, {"a": 2}))) == [False, True]
        office.opens(case, "lanjut")
