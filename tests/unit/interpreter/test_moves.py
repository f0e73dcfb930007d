import pytest

from engine import interpreter
from engine.errors import DecisionNotFound, ExecutionFailed
from engine.interpreter import TokenNotOpen
from tests.unit.interpreter.diagrams import (
    MESSAGE,
    boundary,
    catch,
    decision,
    document,
    node,
    process,
    service,
    timer,
    user,
)
from tests.unit.interpreter.story import Story, new_host


@pytest.fixture
def story(play) -> Story:
    return play(process(user("a", "b") + boundary("t", "a", timer("PT1H")), "s > a > b > e; t > e"))


def test_a_token_keeps_its_id_over_save_and_load(story):
    token = story.at("a").token_id
    again = interpreter.load(story.workflow.save(), story.executable, story.host)
    assert token in {w.token_id for w in again.waiting()}


def test_a_task_can_be_completed_once(story):
    token = story.at("a").token_id
    story.do("a")
    with pytest.raises(TokenNotOpen):
        story.workflow.complete(token, {})


@pytest.mark.parametrize("token", ["", "unknown", "' or 1=1"])
def test_an_unknown_token_is_not_open(story, token):
    for move in (story.workflow.variables, story.workflow.trigger):
        with pytest.raises(TokenNotOpen):
            move(token)


def test_a_timer_is_not_completed_and_a_task_not_triggered(story):
    with pytest.raises(TokenNotOpen):
        story.workflow.complete(story.at("t").token_id, {})
    with pytest.raises(TokenNotOpen):
        story.workflow.trigger(story.at("a").token_id)


def test_a_refused_move_writes_nothing(story):
    with pytest.raises(TokenNotOpen):
        story.workflow.complete(story.at("t").token_id, {"x": 1})
    assert story.variables == {}


def test_variables_are_read_only(story):
    with pytest.raises(TypeError):
        story.workflow.variables(story.at("a").token_id)["x"] = 1


def test_an_expression_sees_what_the_token_sees(play):
    story = play(process(user("a"), "s > a > e"), skor=4, sla="PT3H")
    token = story.at("a").token_id
    assert story.workflow.evaluate(token, "skor + 1") == 5
    assert story.workflow.evaluate(token, "= duration(sla)") == "PT3H"
    assert story.workflow.evaluate(token, "tidak_ada") is None


@pytest.mark.parametrize("text", ["1 +", "__import__('os')", "a.b.c("])
def test_an_expression_that_does_not_parse_names_the_element(story, text):
    with pytest.raises(ExecutionFailed, match="cannot go on at a"):
        story.workflow.evaluate(story.at("a").token_id, text)


def test_a_decision_that_fails_names_the_task():
    def missing(*_):
        raise DecisionNotFound(id="risiko")

    executable = interpreter.define([document(process(decision("dt", "r"), "s > dt > e"))], "p")
    host = new_host()
    host.decide = missing
    with pytest.raises(ExecutionFailed, match="at dt: There is no decision risiko"):
        interpreter.start(executable, host)


def test_the_host_decides_by_attributes_and_visible_variables():
    asked = []
    executable = interpreter.define([document(process(decision("dt", "r"), "s > dt > e"))], "p")
    host = new_host({"skor": 3})
    host.decide = lambda attributes, variables: (
        asked.append((dict(attributes), dict(variables))) or [{"a": 1}]
    )
    assert interpreter.start(executable, host).completed
    assert asked == [({"decisionRef": "risiko", "resultVariable": "r"}, {"skor": 3})]
    assert host.scopes["p:"]["r"] == [{"a": 1}]


def test_a_decision_may_be_asked_for_nothing_but_its_effect(play):
    task = decision("dt", "r").replace(' camunda:resultVariable="r"', "")
    story = play(process(task, "s > dt > e"))
    assert story.workflow.completed
    assert story.variables == {}


def test_a_business_rule_task_may_be_an_external_task(play):
    task = node("businessRuleTask", "dt", camunda_type="external", camunda_topic="risiko")
    assert play(process(task, "s > dt > e")).at("dt").kind == "external_task"


def test_a_host_that_names_the_element_itself_is_believed():
    def fail(kind, value):
        raise ExecutionFailed(element="kalender", reason="no calendar")

    executable = interpreter.define([document(process(catch("c", timer("PT1H")), "s > c > e"))], "p")
    host = new_host()
    host.resolve_due = fail
    with pytest.raises(ExecutionFailed, match="at kalender: no calendar"):
        interpreter.start(executable, host)


def test_a_time_that_the_host_cannot_resolve_names_the_timer():
    def no_time(kind, value):
        raise ExecutionFailed(element="", reason=f"{value} is no time")

    executable = interpreter.define([document(process(catch("c", timer("sla")), "s > c > e"))], "p")
    host = new_host({"sla": "besok"})
    host.resolve_due = no_time
    with pytest.raises(ExecutionFailed, match="at c: besok is no time"):
        interpreter.start(executable, host)


def test_a_cancelled_instance_has_ended(story):
    story.workflow.cancel()
    assert story.workflow.completed
    assert interpreter.load(story.workflow.save(), story.executable, story.host).completed


def test_external_tasks_messages_and_user_tasks_are_told_apart(play):
    story = play(process(service("sv") + catch("c", MESSAGE) + user("a"), "s > sv > c > a > e"))
    assert story.at("sv").kind == "external_task"
    assert story.do("sv").at("c").kind == "message"
    assert story.fire("c").at("a").kind == "user_task"


def test_variables_may_be_set_on_behalf_of_a_token(play):
    story = play(process(user("a"), "s > a > e"))
    story.workflow.set_variables({"x": 1}, story.at("a").token_id)
    assert story.variables == {"x": 1}
