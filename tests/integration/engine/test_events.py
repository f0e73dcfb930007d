"""Signals and thrown messages between cases: written with the step, delivered by jobs, one receiver each."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

import engine
from engine import SubscriptionFilter, clock
from engine.errors import (
    ActionForbidden,
    AgencyNotFound,
    InstanceNotFound,
    MessageUnmatched,
    QueryInvalid,
    SignalUnmatched,
    VariableInvalid,
)
from engine.store import reading
from engine.store.tables import Job
from engine.types import SYSTEM, InstanceView
from tests.integration.engine.models import drawn, form, task, tasks
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    SIGNAL,
    boundary,
    catch,
    exclusive,
    process,
    start,
    throw,
)

HOUR = timedelta(hours=1)


def carrying(event: str, mappings: str) -> str:
    """An event definition with what it carries."""
    tag = event[1:].split(maxsplit=1)[0]
    return event.replace("/>", f"><bpmn:extensionElements>{mappings}</bpmn:extensionElements></{tag}>")


def thrower(event: str, key: str = "pelempar") -> bytes:
    """After a task, something is thrown; then another task."""
    return drawn(process(tasks("a", "b") + throw("t", event), "s > a > t > b > e", key))


def catcher(event: str, key: str = "penangkap", nodes: str = "", flows: str = "s > c > z > e") -> bytes:
    """It waits for an event, then for a person."""
    return drawn(process(nodes + catch("c", event) + tasks("z"), flows, key))


def run_jobs(office: Office, after: timedelta = timedelta()) -> int:
    """Run everything that is due, until nothing is."""
    done = 0
    while now := engine.run_due_jobs(office.database, clock.now() + after):
        done += now
    return done


def jobs(office: Office) -> list[Any]:
    with reading(office.database) as tx:
        return list(tx.execute(select(Job.__table__).order_by(Job.id)))


def begun(office: Office, event: str = SIGNAL, count: int = 1) -> list[InstanceView]:
    """Cases that wait for the event."""
    office.deploy(catcher(event))
    return [office.start("penangkap") for _ in range(count)]


def thrown(office: Office, event: str, **variables: Any) -> InstanceView:
    """A case that has thrown the event, and goes on."""
    office.deploy(thrower(event))
    case = office.start("pelempar")
    office.do(case, "a", **variables)
    office.opens(case, "b")
    return case


def test_a_thrown_signal_reaches_every_case_of_the_agency_that_waits_for_it(office: Office) -> None:
    waiting = begun(office, count=3)
    office.deploy(catcher(SIGNAL), agency=AWAY)
    elsewhere = office.start("penangkap", by="petugas@lain")
    case = thrown(office, carrying(SIGNAL, '<camunda:in source="nama" target="siapa"/>'), nama="Rani")
    assert [(job.kind, job.instance_id, job.element_id) for job in jobs(office)] == [("signal", case.id, "t")]
    assert run_jobs(office) == 1 + 3
    for receiver in waiting:
        office.opens(receiver, "z")
        assert office.variables(receiver) == {"siapa": "Rani"}
        [event] = [e for e in office.history(receiver) if e.kind == "signal_received"]
        assert event.details == {"signal": "darurat", "variables": ["siapa"], "sender": case.id}
    office.opens(elsewhere, "")
    assert jobs(office) == []


def test_one_receiver_that_fails_holds_up_no_other_and_is_tried_again(office: Office) -> None:
    nodes = exclusive("g") + tasks("x")
    office.deploy(catcher(SIGNAL, "rusak", nodes, "s > c > g; g > z if n = 1; g > x if n = 2; z > e; x > e"))
    broken, [sound] = office.start("rusak", n=3), begun(office)
    thrown(office, SIGNAL)
    assert run_jobs(office) == 2
    office.opens(sound, "z")
    office.opens(broken, "")
    [job] = jobs(office)
    assert (job.instance_id, job.retries, job.due_at > clock.now()) == (broken.id, 3, True)
    assert "condition" in job.error


def test_a_signal_starts_the_newest_version_of_what_begins_with_it(office: Office) -> None:
    begins = process(tasks("z"), "s2 > z > e", "mulai")
    for n in (1, 2):
        text = begins.replace("</bpmn:process>", f"{start('s2', SIGNAL)}</bpmn:process>").replace(
            "Kerjakan z", f"Kerjakan z{n}"
        )
        office.deploy(drawn(text.replace('<bpmn:startEvent id="s"/>', "")))
    thrown(office, carrying(SIGNAL, '<camunda:in variables="all"/>'), nama="Rani")
    run_jobs(office)
    [case] = engine.list_instances(office.database, SYSTEM, engine.InstanceFilter(definition_key="mulai"))
    assert case.definition_version == 2
    office.opens(case, "z")
    assert office.variables(case) == {"nama": "Rani"}
    assert case.business_key.startswith("UJI-")


def test_who_waits_no_more_when_a_signal_comes_has_no_use_for_it(office: Office) -> None:
    [waiting, other] = begun(office, count=2)
    thrown(office, SIGNAL)
    engine.run_due_jobs(office.database)
    engine.cancel_instance(office.database, office.user("manajer"), waiting.id, "selesai")
    run_jobs(office)
    office.opens(other, "z")
    office.opens(waiting, "DONE")
    assert jobs(office) == []


def test_what_a_case_has_thrown_arrives_though_the_case_is_cancelled(office: Office) -> None:
    [waiting] = begun(office)
    case = thrown(office, SIGNAL)
    engine.cancel_instance(office.database, office.user("manajer"), case.id, "salah")
    run_jobs(office)
    office.opens(waiting, "z")


def test_the_case_that_throws_a_signal_gets_it_once(office: Office) -> None:
    parts = tasks("a", "b", "z") + throw("t", SIGNAL) + boundary("x", "b", SIGNAL, cancel=False)
    office.deploy(drawn(process(parts, "s > a > t > b > e; x > z > e")))
    first, other = office.start(), office.start()
    office.do(other, "a")
    run_jobs(office)
    office.do(first, "a")
    office.opens(first, "b")
    run_jobs(office)
    office.opens(first, "b")
    office.opens(other, "b z")


def test_a_sealed_value_stays_sealed_in_the_case_that_it_is_thrown_to(office: Office) -> None:
    secret = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}}, {"key": "kota"})
    maps = '<camunda:in source="nama" target="siapa"/><camunda:in source="kota" target="kota"/>'
    parts = task("a", formRef="isian") + throw("t", carrying(MESSAGE, maps))
    [waiting] = begun(office, MESSAGE)
    office.deploy(drawn(process(parts, "s > a > t > e")), isian_form=secret)
    case = office.start()
    office.do(case, "a", nama="Rani", kota="Natuna")
    run_jobs(office)
    assert office.variables(waiting) == {"siapa": "Rani", "kota": "Natuna"}
    assert office.sealed(waiting) == {"siapa"}


def test_a_thrown_message_goes_to_the_case_that_it_names(office: Office) -> None:
    one, other = begun(office, MESSAGE, 2)
    maps = '<camunda:in businessKey="=untuk"/><camunda:in source="hasil" target="hasil"/>'
    thrown(office, carrying(MESSAGE, maps), untuk=other.business_key, hasil="setuju")
    run_jobs(office)
    office.opens(one, "")
    office.opens(other, "z")
    assert office.variables(other) == {"hasil": "setuju"}


def test_a_thrown_message_that_nobody_waits_for_is_tried_again_until_somebody_does(office: Office) -> None:
    thrown(office, MESSAGE)
    assert run_jobs(office) == 0
    [job] = jobs(office)
    assert job.retries == 3
    assert "putusan" in job.error
    [waiting] = begun(office, MESSAGE)
    assert run_jobs(office, HOUR) == 1
    office.opens(waiting, "z")
    assert jobs(office) == []


def test_a_thrown_message_starts_the_process_that_begins_with_it(office: Office) -> None:
    text = process(tasks("z"), "s2 > z > e", "mulai").replace(
        '<bpmn:startEvent id="s"/>', start("s2", MESSAGE)
    )
    office.deploy(drawn(text))
    thrown(office, carrying(MESSAGE, '<camunda:in source="nama" target="nama"/>'), nama="Rani")
    run_jobs(office)
    [case] = engine.list_instances(office.database, SYSTEM, engine.InstanceFilter(definition_key="mulai"))
    assert office.variables(case) == {"nama": "Rani"}
    assert case.started_by == "system"


def test_a_step_that_is_rolled_back_throws_nothing(office: Office) -> None:
    parts = tasks("a", "b", "c") + throw("t", SIGNAL) + exclusive("g")
    office.deploy(drawn(process(parts, "s > a > t > g; g > b if n = 1; g > c if n = 2; b > e; c > e")))
    case = office.start()
    with pytest.raises(engine.errors.ExecutionFailed):
        office.do(case, "a", n=3)
    assert jobs(office) == []
    office.do(case, "a", n=1)
    assert len(jobs(office)) == 1


@pytest.mark.parametrize("who", ["manajer", "layanan"])
def test_a_signal_from_outside_reaches_who_waits(office: Office, who: str) -> None:
    waiting = begun(office, count=2)
    count = engine.send_signal(office.database, office.user(who), "darurat", variables={"tingkat": 2})
    assert count == 2
    office.opens(waiting[0], "")
    run_jobs(office)
    for case in waiting:
        office.opens(case, "z")
        assert office.variables(case) == {"tingkat": 2}
        [event] = [e for e in office.history(case) if e.kind == "signal_received"]
        assert event.details["sender"] == f"{who}@uji"


def test_a_signal_to_one_case_arrives_at_once_and_nowhere_else(office: Office) -> None:
    one, other = begun(office, count=2)
    sender = office.user("layanan")
    engine.send_signal(office.database, sender, "darurat", instance_id=one.id, variables={"tingkat": 1})
    office.opens(one, "z")
    office.opens(other, "")
    assert jobs(office) == []
    with pytest.raises(SignalUnmatched):
        engine.send_signal(office.database, sender, "darurat", instance_id=one.id)
    with pytest.raises(InstanceNotFound):
        engine.send_signal(office.database, office.user("layanan@lain"), "darurat", instance_id=other.id)
    with pytest.raises(InstanceNotFound):
        engine.send_signal(office.database, sender, "darurat", instance_id=other.id, agency_id=AWAY)


def test_only_a_manager_or_a_service_account_sends_signals(office: Office) -> None:
    [case] = begun(office)
    send: Callable[..., int] = engine.send_signal
    for name in ("petugas", "analis"):
        with pytest.raises(ActionForbidden):
            send(office.database, office.user(name), "darurat", agency_id=HOME)
    for agency in (HOME, "tiada"):
        with pytest.raises(AgencyNotFound):
            send(office.database, office.user("manajer@lain"), "darurat", agency_id=agency)
    with pytest.raises(ActionForbidden):
        send(office.database, office.user("petugas"), "darurat")
    with pytest.raises(ActionForbidden):
        send(office.database, office.user("petugas"), "darurat", instance_id=case.id)
    both = [(HOME, "layanan"), (AWAY, "manajer")]
    engine.add_user(office.database, SYSTEM, "dua@uji", "Dua", "-", both)
    with pytest.raises(QueryInvalid):
        send(office.database, office.user("dua"), "darurat")
    assert send(office.database, office.user("dua"), "darurat", agency_id=HOME) == 1
    with pytest.raises(VariableInvalid):
        send(office.database, office.user("manajer"), "darurat", variables={"nomor_registrasi": "X"})


def test_a_service_account_gives_a_message_to_a_case_that_it_cannot_list(office: Office) -> None:
    [case] = begun(office, MESSAGE)
    with pytest.raises(MessageUnmatched):
        office.send("putusan", by="layanan@lain")
    office.send("putusan", by="layanan", business_key=case.business_key)
    office.opens(case, "z")


def test_subscriptions_are_listed_for_who_sees_the_case(office: Office) -> None:
    [case] = begun(office)
    office.deploy(catcher(MESSAGE, "lain"))
    office.start("lain")
    database, manager = office.database, office.user("manajer")
    found = engine.list_subscriptions(database, manager)
    assert {(s.kind, s.name, s.element_id) for s in found} == {
        ("signal", "darurat", "c"),
        ("message", "putusan", "c"),
    }
    own = SubscriptionFilter(kind="signal", name="darurat", instance_id=case.id, element_id="c")
    [one] = engine.list_subscriptions(database, manager, own)
    assert engine.count_subscriptions(database, manager, own) == 1
    by_id = SubscriptionFilter(subscription_id=one.id, agency_ids=(HOME,))
    assert engine.list_subscriptions(database, manager, by_id) == [one]
    assert engine.count_subscriptions(database, office.user("manajer@lain")) == 0


def test_a_message_whose_retries_a_manager_has_set_arrives_all_the_same(office: Office) -> None:
    [receiver] = begun(office, MESSAGE)
    thrown(office, MESSAGE)
    [job] = jobs(office)
    engine.set_job_retries(office.database, office.user("manajer"), [job.id], 2)
    run_jobs(office)
    office.opens(receiver, "z")
    assert jobs(office) == []
