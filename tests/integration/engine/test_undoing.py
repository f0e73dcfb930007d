"""Compensation and transactions over a database: through the linter, with rows and history that agree."""

from sqlalchemy import select

from engine.store import reading
from engine.store.documents import unpack_variables
from engine.store.tables import ProcessInstance
from tests.integration.engine.models import drawn, task, tasks
from tests.support.office import Office
from tests.unit.interpreter.diagrams import (
    CANCEL,
    COMPENSATION,
    boundary,
    end,
    exclusive,
    many,
    process,
    start,
    throw,
    transaction,
    undoes,
)


def undo(element_id: str, at: str) -> str:
    return undoes(element_id, at, camunda_candidateGroups="petugas", name=f"Batalkan {at}")


def scopes(office: Office, instance_id: str) -> dict[str, dict[str, object]]:
    with reading(office.database) as tx:
        query = select(ProcessInstance.variables).where(ProcessInstance.id == instance_id)
        return unpack_variables(tx.scalars(query).one())


def test_a_cancelled_transaction_undoes_item_by_item_what_people_have_done(office: Office) -> None:
    inside = start("s1") + task("pesan", many("kamar", "no")) + tasks("periksa") + undo("batal", "pesan")
    inside += exclusive("g", "g__e1") + end("e1") + end("x1", CANCEL)
    nodes = transaction("tr", inside, "s1 > pesan > periksa > g; g > x1 if penuh; g > e1")
    nodes += boundary("bc", "tr", CANCEL) + tasks("cari", "lanjut")
    office.deploy(drawn(process(nodes, "s > tr > lanjut > e; bc > cari > e")))
    case = office.start("p", kamar=[7, 9])
    office.do(case, "pesan")
    office.do(case, "pesan")
    office.do(case, "periksa", penuh=True)
    for room in (9, 7):
        office.opens(case, "batal")
        assert any(own.get("no") == room for own in scopes(office, case.id).values())
        office.do(case, "batal")
    office.opens(case, "cari")
    assert scopes(office, case.id).keys() == {"p:"}
    office.do(case, "cari")
    office.opens(case, "DONE")


def test_what_a_case_throws_away_it_undoes_and_goes_on(office: Office) -> None:
    nodes = tasks("a", "b", "z") + undo("ua", "a") + undo("ub", "b") + throw("t", COMPENSATION)
    office.deploy(drawn(process(nodes, "s > a > b > t > z > e")))
    case = office.start("p")
    for step in ("a", "b", "ub", "ua", "z"):
        office.opens(case, step)
        office.do(case, step)
    office.opens(case, "DONE")
