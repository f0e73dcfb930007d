"""Deploying: versions, what a version is made of, and refusals that leave no trace."""

import threading

import pytest

import engine
from engine.errors import ActionForbidden, AgencyNotFound, DeploymentRefused, InputInvalid, TitianError
from engine.types import SYSTEM
from tests.integration.engine.models import drawn, form, rule, table, task, tasks
from tests.support.office import AWAY, HOME, Office
from tests.unit.interpreter.diagrams import call, process

PLAIN = process(tasks("a"), "s > a > e")
NINTH = {"formRef": "isian", "formRefBinding": "version", "formRefVersion": "9"}
CALLER = process(call("c", "q"), "s > c > e")


def versions(office: Office, kind: str = "process", agency: str = HOME) -> dict[str, int]:
    found = engine.list_definitions(office.database, office.user(f"analis@{agency}"), kind)
    return {definition.key: definition.version for definition in found}


def called(task_id: str = "b") -> str:
    return process(tasks(task_id), f"s > {task_id} > e", "q")


def test_an_unchanged_file_makes_no_new_version_and_no_deployment(office: Office) -> None:
    first = office.deploy(drawn(PLAIN))
    before = office.counts()
    again = office.deploy(drawn(PLAIN))
    assert (again.id, again.definitions) == (first.id, ())
    assert office.counts() == before


def test_a_changed_file_makes_one_new_version_of_what_it_defines(office: Office) -> None:
    office.deploy(drawn(PLAIN), isian_form=form("isian", {"key": "x"}))
    office.deploy(drawn(PLAIN), isian_form=form("isian", {"key": "y"}))
    assert (versions(office), versions(office, "form")) == ({"p": 1}, {"isian": 2})


def test_a_key_counts_its_versions_in_each_agency_by_itself(office: Office) -> None:
    office.deploy(drawn(PLAIN))
    office.deploy(drawn(process(tasks("b"), "s > b > e")))
    office.deploy(drawn(PLAIN), agency=AWAY)
    assert (versions(office), versions(office, agency=AWAY)) == ({"p": 2}, {"p": 1})
    assert office.start(by="petugas@lain").definition_version == 1


def test_a_process_gets_a_new_version_when_a_process_that_it_calls_changes(office: Office) -> None:
    office.deploy(drawn(CALLER), drawn(called("b")))
    old = office.start()
    office.deploy(drawn(CALLER), drawn(called("z")))
    assert versions(office) == {"p": 2, "q": 2}
    office.opens(old, "b")
    office.opens(office.start(), "z")


def test_a_version_keeps_the_called_version_that_it_was_deployed_with(office: Office) -> None:
    office.deploy(drawn(CALLER), drawn(called("b")))
    office.deploy(lain_bpmn=drawn(called("z")))
    assert versions(office) == {"p": 1, "q": 2}
    office.opens(office.start(), "b")
    office.deploy(drawn(CALLER))
    assert versions(office) == {"p": 2, "q": 2}
    office.opens(office.start(), "z")


def test_a_called_process_may_come_from_a_file_of_the_same_name(office: Office) -> None:
    office.deploy(drawn(called()))
    office.deploy(drawn(CALLER))
    office.opens(office.start(), "b")


def test_a_file_with_two_processes_may_be_split_later(office: Office) -> None:
    office.deploy(drawn(CALLER, called("b")))
    office.deploy(drawn(process(call("c", "q") + tasks("a"), "s > a > c > e")))
    case = office.start()
    office.do(case, "a")
    office.opens(case, "b")


def test_processes_that_call_each_other_may_stand_in_two_files(office: Office) -> None:
    again = process(tasks("b") + call("c", "p"), "s > b > c > e", "q")
    office.deploy(drawn(CALLER), drawn(again))
    case = office.start()
    for _ in range(3):
        office.opens(case, "b")
        office.do(case, "b")
    office.deploy(drawn(CALLER), drawn(again))
    assert versions(office) == {"p": 1, "q": 1}


def test_many_files_may_draw_the_same_partner(office: Office) -> None:
    partner = process("", "s > e", "warga").replace('"true"', '"false"', 1)
    office.deploy(drawn(called(), partner))
    office.deploy(dua_bpmn=drawn(CALLER, partner))
    office.opens(office.start(), "b")


@pytest.mark.parametrize(
    "resources",
    [
        {"a.bpmn": drawn(process(task("a", formRef="hilang"), "s > a > e"))},
        {"a.bpmn": drawn(PLAIN), "b.form": b"{}"},
        {"a.bpmn": drawn(PLAIN), "b.bpmn": b"<a"},
        {"a.bpmn": drawn(PLAIN), "b.txt": b"x"},
        {"a.bpmn": drawn(PLAIN), "x" * 260 + ".form": form("isian", {"key": "x"})},
        {"a.bpmn": drawn(process(task("a", **NINTH), "s > a > e"))},
    ],
    ids=["unknown form", "no form", "no XML", "unknown kind", "long name", "version that does not exist"],
)  # fmt: skip
def test_a_refused_deployment_stores_nothing(office: Office, resources: dict[str, bytes]) -> None:
    office.deploy(isian_form=form("isian", {"key": "x"}))
    before = office.counts()
    with pytest.raises(DeploymentRefused) as refused:
        engine.deploy(office.database, office.user("analis"), HOME, "uji", resources)
    assert refused.value.findings[0].severity == "error"
    assert office.counts() == before


def test_errors_come_before_warnings(office: Office) -> None:
    odd = drawn(
        process(task("a", calledElementBinding="latest") + task("b", formRef="hilang"), "s > a > b > e")
    )
    with pytest.raises(DeploymentRefused) as refused:
        office.deploy(odd)
    severities = [finding.severity for finding in refused.value.findings]
    assert severities == sorted(severities)
    assert {"error", "warning"} == set(severities)


def test_what_only_the_interpreter_refuses_is_refused_cleanly(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.deploy.lint", lambda resources, known: [])
    before = office.counts()
    script = drawn(process('<bpmn:scriptTask id="x"/>', "s > x > e"))
    with pytest.raises(InputInvalid, match="scriptTask is not run"):
        office.deploy(script)
    assert office.counts() == before


def test_only_the_agencys_analyst_deploys(office: Office) -> None:
    for user in ("petugas", "manajer"):
        with pytest.raises(ActionForbidden):
            engine.deploy(office.database, office.user(user), HOME, "uji", {"a.bpmn": drawn(PLAIN)})


def test_another_agency_looks_as_if_it_did_not_exist(office: Office) -> None:
    with pytest.raises(AgencyNotFound):
        engine.deploy(office.database, office.user("analis@lain"), HOME, "uji", {"a.bpmn": drawn(PLAIN)})


def test_two_deployments_at_once_make_two_versions(office: Office) -> None:
    errors: list[Exception] = []

    def deploy(number: int) -> None:
        try:
            office.deploy(drawn(process(tasks(f"a{number}"), f"s > a{number} > e")))
        except TitianError as error:
            errors.append(error)

    threads = [threading.Thread(target=deploy, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    found = engine.list_definitions(office.database, office.user("analis"), latest=False)
    assert sorted(definition.version for definition in found) == [1, 2, 3, 4, 5, 6]


BINDINGS: list[tuple[dict[str, str], str]] = [
    ({}, "tiga"),
    ({"Binding": "latest"}, "tiga"),
    ({"Binding": "deployment"}, "dua"),
    ({"Binding": "version", "Version": "1"}, "satu"),
]


@pytest.mark.parametrize(("binding", "answer"), BINDINGS, ids=["none", "latest", "deployment", "version"])
def test_forms_and_decisions_follow_their_binding(
    office: Office, binding: dict[str, str], answer: str
) -> None:
    for number in ("satu", "dua"):
        office.deploy(
            isian_form=form("isian", {"key": number}), risiko_dmn=table("risiko", "hasil", **{number: "> 0"})
        )
    decision, shown = ({f"{ref}{k}": v for k, v in binding.items()} for ref in ("decisionRef", "formRef"))
    model = rule("r", "risiko", "hasil", **decision) + task("a", formRef="isian", **shown)
    office.deploy(drawn(process(model, "s > r > a > e")))
    office.deploy(isian_form=form("isian", {"key": "tiga"}), risiko_dmn=table("risiko", "hasil", tiga="> 0"))
    case = office.start(skor=1)
    schema = engine.task_form(office.database, SYSTEM, office.tasks(case.id)[0].id)
    assert schema is not None
    assert (schema["components"][0]["key"], office.variables(case)["hasil"]) == (answer, answer)


DMN_TYPE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def base(value: str) -> bytes:
    logic = f"<literalExpression><text>{value}</text></literalExpression>"
    return (
        f'<definitions xmlns="{DMN_TYPE}" id="d" name="d" namespace="dasar">'
        f'<decision id="batas" name="batas"><variable name="batas"/>{logic}</decision></definitions>'
    ).encode()


IMPORTING = (
    f'<definitions xmlns="{DMN_TYPE}" id="u" name="u" namespace="utama">'
    f'<import name="dasar" namespace="dasar" importType="{DMN_TYPE}"/>'
    '<decision id="usulan" name="usulan"><variable name="usulan"/><informationRequirement>'
    '<requiredDecision href="dasar#batas"/></informationRequirement>'
    "<literalExpression><text>dasar.batas + skor</text></literalExpression></decision></definitions>"
).encode()


def test_a_table_is_deployed_with_those_that_it_imports(office: Office) -> None:
    model = drawn(process(rule("r", "usulan", "hasil") + task("a"), "s > r > a > e"))
    office.deploy(model, usulan_dmn=IMPORTING, dasar_dmn=base("10"))
    assert office.variables(office.start(skor=1))["hasil"] == 11


def test_what_a_table_imports_is_part_of_its_version(office: Office) -> None:
    pinned = {"decisionRefBinding": "version", "decisionRefVersion": "1"}
    model = drawn(process(rule("r", "usulan", "hasil", **pinned) + task("a"), "s > r > a > e"))
    office.deploy(model, usulan_dmn=IMPORTING, dasar_dmn=base("10"))
    office.deploy(usulan_dmn=IMPORTING, dasar_dmn=base("20"))
    assert versions(office, "decision") == {"usulan": 2, "batas": 2}
    assert office.variables(office.start(skor=1))["hasil"] == 11
    analyst = office.user("analis")
    newest = engine.get_definition(office.database, analyst, "decision", key="usulan", agency_id=HOME)
    rows = engine.evaluate_decision_definition(office.database, analyst, newest.id, {"skor": 1})
    assert rows == [{"usulan": 21}]


def test_an_import_that_is_not_deployed_with_the_table_is_refused(office: Office) -> None:
    office.deploy(dasar_dmn=base("10"))
    with pytest.raises(DeploymentRefused, match="imports the model 'dasar', which is not among the files"):
        office.deploy(usulan_dmn=IMPORTING)


def test_what_deployed_forms_ask_for_is_known_when_a_table_is_checked(office: Office) -> None:
    content = table("risiko", "hasil", rendah="<= 5", tinggi=">= 6")

    def findings() -> list[str]:
        files = {"risiko.dmn": content}
        found = engine.check_deployment(office.database, office.user("analis"), HOME, files)
        return [finding.rule for finding in found]

    assert findings() == ["table-gap"]
    office.deploy(isian_form=form("isian", {"key": "skor", "type": "number", "decimalDigits": 0}))
    assert findings() == []
