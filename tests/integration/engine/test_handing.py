"""Handing a task over, and Camunda's delegation: who may get it, who completes it, and who is told."""

import pytest
from sqlalchemy import text

import engine
from engine import desk
from engine.errors import (
    ActionForbidden,
    CommentRefused,
    DraftClosed,
    SecondPersonNeeded,
    TaskDelegated,
    TaskNotFound,
    UserNotFound,
)
from engine.store import reading
from engine.types import SYSTEM, DelegationState, HistoryKind, InstanceView, TaskView
from tests.integration.engine.models import drawn, form, task
from tests.integration.engine.test_drafts import Page
from tests.integration.engine.test_four_eyes import EYES
from tests.support.office import HOME, Office
from tests.unit.interpreter.diagrams import process

NOTE = "Kenanga takut pada lelaki; tolong Ibu yang datang"


@pytest.fixture
def case(office: Office) -> InstanceView:
    office.deploy(drawn(process(task("draft") + task("sign", EYES), "s > draft > sign > e")))
    return office.start()


def own(office: Office, case: InstanceView, by: str = "petugas") -> str:
    """The id of the open task, taken."""
    [found] = office.tasks(case.id)
    engine.claim_task(office.database, office.user(by), found.id)
    return found.id


def now(office: Office, task_id: str) -> TaskView:
    return engine.get_task(office.database, SYSTEM, task_id)


def told(office: Office, user_id: str) -> list[tuple[str, str | int]]:
    return [(n.kind, n.about["by"]) for n in desk.list_notifications(office.database, office.user(user_id))]


def test_a_task_that_is_handed_over_is_the_colleagues_with_a_note_for_those_who_work_on_the_case(
    office: Office, case: InstanceView
) -> None:
    task_id, database = own(office, case), office.database
    desk.hand_over_task(database, office.user("petugas"), task_id, "petugas2@uji", NOTE)
    assert (now(office, task_id).assignee, now(office, task_id).owner) == ("petugas2@uji", None)
    [note] = desk.list_comments(database, office.user("petugas2"), case.id, task_id)
    assert (note.message, note.action) == (NOTE, desk.CommentAction.HAND_OVER)
    assert [c.message for c in desk.list_comments(database, office.user("manajer"), case.id)] == [None]
    last = office.history(case)[-1]
    assert (last.kind, last.details["assignee"]) == (HistoryKind.TASK_HANDED_OVER, "petugas2@uji")
    assert "Kenanga" not in str(office.history(case))
    with reading(database) as tx:
        assert "Kenanga" not in str(tx.execute(text("SELECT * FROM comment")).all())
    assert told(office, "petugas2") == [("task_handed_over", "petugas@uji")]
    engine.complete_task(database, office.user("petugas2"), task_id, {})


def test_only_who_has_a_task_gives_it_and_only_to_a_candidate(office: Office, case: InstanceView) -> None:
    task_id, database = own(office, case), office.database
    for giving in (desk.hand_over_task, desk.delegate_task):
        for other in ("petugas2", "manajer"):
            with pytest.raises(ActionForbidden):
                giving(database, office.user(other), task_id, "petugas2@uji")
        for absent in ("peksos@uji", "petugas@lain", "tidak.ada@uji", "petugas@uji"):
            with pytest.raises(UserNotFound):
                giving(database, office.user("petugas"), task_id, absent)
        with pytest.raises(TaskNotFound):
            giving(database, office.user("petugas@lain"), task_id, "petugas2@uji")
        with pytest.raises(CommentRefused):
            giving(database, office.user("petugas"), task_id, "petugas2@uji", "@peksos@uji lihat ini")
    assert now(office, task_id).assignee == "petugas@uji"
    people = engine.task_candidates(database, office.user("petugas"), task_id)
    assert [person.id for person in people] == ["petugas@uji", "petugas2@uji"]


def test_nobody_is_given_the_signature_of_what_they_have_drafted(office: Office, case: InstanceView) -> None:
    office.do(case, "draft", by="petugas2")
    task_id = own(office, case)
    for giving in (desk.hand_over_task, desk.delegate_task):
        with pytest.raises(SecondPersonNeeded):
            giving(office.database, office.user("petugas"), task_id, "petugas2@uji")


def test_a_delegated_task_is_completed_by_its_owner_once_it_is_given_back(
    office: Office, case: InstanceView
) -> None:
    task_id, database = own(office, case), office.database
    owner, helper = office.user("petugas"), office.user("petugas2")
    made = desk.delegate_task(database, owner, task_id, helper.user_id, "Tolong hubungi sekolah")
    assert (made.owner, made.assignee, made.delegation_state) == (
        owner.user_id,
        helper.user_id,
        DelegationState.PENDING,
    )
    for who in (owner, helper):
        with pytest.raises(TaskDelegated, match="Somebody does this task for petugas@uji"):
            engine.complete_task(database, who, task_id, {})
    for refused in (
        lambda: engine.unclaim_task(database, helper, task_id),
        lambda: engine.assign_task(database, helper, task_id, None),
        lambda: desk.hand_over_task(database, helper, task_id, owner.user_id),
        lambda: desk.delegate_task(database, helper, task_id, owner.user_id),
    ):
        with pytest.raises(TaskDelegated):
            refused()
    back = desk.resolve_task(database, helper, task_id, "Sekolah bersedia")
    assert (back.owner, back.assignee, back.delegation_state) == (
        owner.user_id,
        owner.user_id,
        DelegationState.RESOLVED,
    )
    assert desk.resolve_task(database, helper, task_id) == back
    assert told(office, "petugas2") == [("task_delegated", "petugas@uji")]
    assert told(office, "petugas") == [("task_resolved", "petugas2@uji")]
    kinds = [event.kind for event in office.history(case)][-2:]
    assert kinds == [HistoryKind.TASK_DELEGATED, HistoryKind.TASK_RESOLVED]
    engine.complete_task(database, owner, task_id, {})


def test_the_owner_takes_a_delegated_task_back_and_a_manager_may_give_it_to_another(
    office: Office, case: InstanceView
) -> None:
    task_id, database = own(office, case), office.database
    desk.delegate_task(database, office.user("petugas"), task_id, "petugas2@uji")
    assert desk.resolve_task(database, office.user("petugas"), task_id).assignee == "petugas@uji"
    desk.delegate_task(database, office.user("petugas"), task_id, "petugas2@uji")
    given = engine.assign_task(database, office.user("manajer"), task_id, "petugas2@uji")
    assert (given.owner, given.delegation_state) == (None, None)
    engine.complete_task(database, office.user("petugas2"), task_id, {})


def test_who_does_a_delegated_task_does_not_make_it_an_own_one(office: Office, case: InstanceView) -> None:
    task_id, database = own(office, case), office.database
    desk.delegate_task(database, office.user("petugas"), task_id, "petugas2@uji")
    same = engine.assign_task(database, office.user("petugas2"), task_id, "petugas2@uji")
    assert (same.owner, same.delegation_state) == ("petugas@uji", "PENDING")
    with pytest.raises(TaskDelegated):
        engine.complete_task(database, office.user("petugas2"), task_id, {})


def test_who_is_taken_out_of_the_group_does_not_complete_what_was_taken(
    office: Office, case: InstanceView
) -> None:
    task_id, database = own(office, case), office.database
    engine.set_memberships(database, SYSTEM, "petugas@uji", [(HOME, "peksos")])
    with pytest.raises((ActionForbidden, TaskNotFound)):
        engine.complete_task(database, office.user("petugas"), task_id, {})
    taken = engine.claim_task(database, office.user("petugas2"), task_id)
    assert taken.assignee == "petugas2@uji"
    engine.complete_task(database, office.user("petugas2"), task_id, {})


def test_an_owner_who_has_left_does_not_get_the_task_back(office: Office, case: InstanceView) -> None:
    task_id, database = own(office, case), office.database
    desk.delegate_task(database, office.user("petugas"), task_id, "petugas2@uji")
    engine.set_memberships(database, SYSTEM, "petugas@uji", [(HOME, "peksos")])
    back = desk.resolve_task(database, office.user("petugas2"), task_id)
    assert (back.assignee, back.owner, back.delegation_state) == (None, None, None)


def test_whom_a_manager_gives_a_task_to_is_told(office: Office, case: InstanceView) -> None:
    [found] = office.tasks(case.id)
    for _ in range(2):  # again changes nothing, and tells nothing
        engine.assign_task(office.database, office.user("manajer"), found.id, "petugas@uji")
    assert told(office, "petugas") == [("task_assigned", "manajer@uji")]


def test_who_gets_a_task_of_no_group_may_be_named_in_its_note(office: Office) -> None:
    office.deploy(drawn(process(task("a", group="", assignee="petugas@uji"), "s > a > e")))
    case = office.start()
    [given] = office.tasks(case.id)
    task_id, note = given.id, "@peksos@uji: tolong"
    desk.hand_over_task(office.database, office.user("petugas"), task_id, "peksos@uji", note)
    [said] = desk.list_comments(office.database, office.user("peksos"), case.id)
    assert said.message == note


def test_what_was_typed_goes_along_where_the_giver_says_so_and_is_the_receivers_alone(
    office: Office,
) -> None:
    place, database = letter_in_hand(office), office.database
    giver = Page(office, place, "petugas", "Ponsel")
    giver.type(nama=NOTE)
    desk.hand_over_task(database, office.user("petugas"), place.task_id, "petugas2@uji", with_draft=True)
    receiver = Page(office, place, "petugas2")
    assert (giver.read(), dict(receiver.values)) == (None, {"nama": NOTE})
    view = receiver.read()
    assert view is not None
    assert view.version.given_by == "petugas@uji"
    with pytest.raises(DraftClosed):
        giver.type(nama="terlambat")
    with reading(database) as tx:
        assert NOTE not in str(tx.execute(text("SELECT * FROM draft")).all())
    assert receiver.type(nama="Kenanga").version.given_by == ""
    engine.complete_task(database, office.user("petugas2"), place.task_id, {"nama": "Kenanga"})
    assert receiver.read() is None


def test_without_a_word_of_the_giver_what_was_typed_stays_the_givers(office: Office) -> None:
    place = letter_in_hand(office)
    giver = Page(office, place, "petugas")
    giver.type(nama=NOTE)
    desk.hand_over_task(office.database, office.user("petugas"), place.task_id, "petugas2@uji")
    assert dict(giver.values) == {"nama": NOTE}
    assert Page(office, place, "petugas2").read() is None


def test_what_the_receiver_has_typed_before_stands_beside_what_is_given(office: Office) -> None:
    place, database = letter_in_hand(office), office.database
    receiver, giver = Page(office, place, "petugas2"), Page(office, place, "petugas")
    receiver.type(nama="lama")
    giver.type(nama="baru")
    desk.hand_over_task(database, office.user("petugas"), place.task_id, "petugas2@uji", with_draft=True)
    view = receiver.read()
    assert view is not None
    assert (dict(view.values), len(view.rivals)) == ({"nama": "baru"}, 1)
    before = receiver.read(view.rivals[0].id)
    assert before is not None
    assert dict(before.values) == {"nama": "lama"}


def test_who_hands_a_letter_over_with_its_words_does_not_sign_it(office: Office) -> None:
    place, database = letter_in_hand(office), office.database
    Page(office, place, "petugas").type(nama=NOTE)
    desk.hand_over_task(database, office.user("petugas"), place.task_id, "petugas2@uji", with_draft=True)
    engine.complete_task(database, office.user("petugas2"), place.task_id, {"nama": NOTE})
    [sign] = engine.list_tasks(database, office.user("petugas"))
    with pytest.raises(SecondPersonNeeded, match="petugas@uji worked on 'Kerjakan draft'"):
        engine.claim_task(database, office.user("petugas"), sign.id)


def letter_in_hand(office: Office) -> desk.OfTask:
    """The draft of a letter, taken by ``petugas``."""
    steps = task("draft", formRef="isian") + task("sign", EYES)
    asked = form("isian", {"key": "nama", "properties": {"rahasia": "ya"}})
    office.deploy(drawn(process(steps, "s > draft > sign > e")), isian_form=asked)
    return desk.OfTask(own(office, office.start()))
