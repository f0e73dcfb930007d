"""Opening the identity in a case: with a purpose, and recorded before it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request

from engine import open_identity
from engine.errors import PurposeMissing
from engine.types import Actor, Fact, InstanceView
from webapp.auth import current_actor
from webapp.cockpit.actions import reason_problem
from webapp.cockpit.part import blueprint, managed_instance
from webapp.db import database
from webapp.errors import localized
from webapp.i18n import gettext
from webapp.inbox.attachments import files_of_case
from webapp.inbox.saying import Said, said
from webapp.words import readable


@dataclass(frozen=True)
class Opened:
    """A confidential answer, opened: its label, the words, and the step where it was given last."""

    label: str
    words: str
    step: str


@dataclass(frozen=True)
class Confidential:
    """Everything that is opened: answers, and comments in their words."""

    answers: Sequence[Opened]
    comments: Sequence[Said]


@blueprint.get("/instances/<instance_id>/identity")
def identity(instance_id: str) -> str:
    """The question what for."""
    actor = current_actor()
    return _page(managed_instance(actor, instance_id))


@blueprint.post("/instances/<instance_id>/identity")
def open_it(instance_id: str) -> str | tuple[str, int]:
    """What is confidential in the case, for the ``reason`` given. It is on this page alone, until one leaves
    it.
    """
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    purpose = request.form.get("reason", "").strip().replace("\r\n", "\n")
    problem = reason_problem(purpose, gettext("Write what you need it for."))
    if not problem:
        try:
            return _page(view, purpose=purpose, opened=_opened(actor, view, purpose))
        except PurposeMissing as error:
            problem = localized(error)
    return _page(view, purpose=purpose, problem=problem), 400


def _opened(actor: Actor, view: InstanceView, purpose: str) -> Confidential:
    """The last answer to each question, in the order in which they were first asked, and the comments."""
    found = open_identity(database(), actor, view.id, purpose)
    last: dict[str, Fact] = {}
    for fact in found.facts:
        last[fact.key] = fact
    answers = [
        Opened(fact.label, readable(fact.display, fact.agency_id), fact.element_name)
        for fact in last.values()
    ]
    return Confidential(answers, said(found.comments))


def _page(
    view: InstanceView, *, purpose: str = "", problem: str = "", opened: Confidential | None = None
) -> str:
    return render_template(
        "cockpit/identity.html",
        instance=view,
        agency_id=view.agency_id,
        reason=purpose,
        problem=problem,
        opened=opened,
        files=[] if opened is None else files_of_case(current_actor(), view.id, revealed=True),
    )
