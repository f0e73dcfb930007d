"""What the API reads strictly: patterns, lists, flags; and passwords that have changed."""

import pytest

from engine import set_active, set_memberships, set_password
from engine.types import SYSTEM
from tests.support.case import Case, begin
from tests.support.service import Service
from webapp.auth.passwords import hash_password

KEY = "natuna_pendampingan_abh_ampk"


@pytest.fixture
def case(service: Service) -> Case:
    return begin(service, "natuna", KEY, "petugas")


def test_a_pattern_means_the_same_for_business_keys_and_for_definitions(service: Service, case: Case) -> None:
    caller = service.caller("petugas@natuna")
    for pattern, found in {
        "NATUNA-%": True,
        "natuna-____-0001": True,
        "NATUNA": False,
        "%0001%": True,
        r"NATUNA\-%": True,
        r"NATUNA-\%": False,
        "' OR '1'='1": False,
        "%" + "%a" * 100: False,
        "": False,
    }.items():
        tasks = caller.get("/task", processInstanceBusinessKeyLike=pattern).json
        assert bool(tasks) is found, pattern
    for pattern, found in {
        "natuna%": True,
        "NATUNA_%": True,
        "natuna": False,
        KEY + KEY: False,
        "%_abh_ampk": True,
        "%_abh__ampk": False,
        r"natuna\_%": True,
        r"natuna\%": False,
        "%a" * 100 + "b": False,
    }.items():
        definitions = caller.get("/process-definition", keyLike=pattern).json
        assert bool(definitions) is found, pattern


def test_a_pattern_that_a_database_would_choke_on_is_refused(service: Service) -> None:
    caller = service.caller("petugas@natuna")
    for path, name in (("/task", "nameLike"), ("/process-instance", "businessKeyLike")):
        for pattern in ("x" * 256, "x\\", "x\\\\\\"):
            assert caller.get(path, **{name: pattern}).status_code == 400


def test_a_parameter_stands_there_once(service: Service) -> None:
    caller = service.caller("petugas@natuna")
    answer = caller.get("/task", name=["a", "b"])
    assert answer.status_code == 400
    assert "'name'" in answer.json["message"]


def test_a_list_has_an_end(service: Service) -> None:
    caller = service.caller("petugas@natuna")
    many = [str(number) for number in range(1001)]
    assert caller.get("/task", processInstanceIdIn=",".join(many[1:])).json == []
    for answer in (
        caller.get("/task", processInstanceIdIn=",".join(many)),
        caller.post("/task", {"taskDefinitionKeyIn": many}),
        caller.post("/task", {"taskDefinitionKeyIn": [1]}),
        caller.post("/task", {"name": ["a"]}),
        caller.post("/process-instance/delete", {"processInstanceIds": many}),
    ):
        assert answer.status_code == 400


def test_a_flag_that_is_false_asks_for_nothing_and_a_true_one_is_never_ignored(
    service: Service, case: Case
) -> None:
    caller = service.caller("petugas@natuna")
    for name in ("active", "assigned", "suspended", "withoutTenantId", "variableNamesIgnoreCase"):
        assert len(caller.post("/task", {name: False}).json) == 1, name
    for name in ("withoutTenantId", "variableNamesIgnoreCase"):
        answer = caller.post("/task", {name: True})
        assert answer.status_code == 400
        assert name in answer.json["message"]
    assert caller.get("/task", assigned="true", unassigned="true").status_code == 400
    task_id = caller.get("/task").json[0]["id"]
    answer = caller.post(f"/task/{task_id}/complete", {"variables": {}, "withVariablesInReturn": "yes"})
    assert answer.status_code == 400


def test_a_changed_password_a_lost_group_and_a_locked_door_hold_at_once(service: Service, case: Case) -> None:
    caller = service.caller("petugas@natuna")
    assert len(caller.get("/task").json) == 1
    set_memberships(service.database, SYSTEM, "petugas@natuna", [("natuna", "peksos")])
    assert caller.get("/task").json == []
    set_password(service.database, SYSTEM, "petugas@natuna", hash_password("another password"))
    assert caller.get("/task").status_code == 401
    caller.password = "another password"
    assert caller.get("/task").status_code == 200
    set_active(service.database, SYSTEM, "petugas@natuna", False)
    assert caller.get("/task").status_code == 401
