"""The one search field of the inbox: a number, a pseudonym, a step, a service, or a name.

It is sent by POST and always answered by sending the browser on, so that what was typed stands in no address,
no log, no history of the browser and no page. Where it goes holds what may be known: a number or a pseudonym
as typed, else ids of steps and of the cases that were found.
"""

from collections.abc import Iterable
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from engine import desk, list_tasks, open_steps
from engine.types import Actor, Page, StepView, TaskFilter
from webapp.auth import current_actor
from webapp.db import database
from webapp.inbox.part import blueprint
from webapp.inbox.selection import FOUND, NOTHING
from webapp.inbox.words import LONGEST, is_public, names_words, tree_in
from webapp.recording import seen

MOST_CASES = 25
"""Cases that one search shows: their ids stand in the address."""

MOST_STEPS = 12


@blueprint.post("/search")
def search() -> Response:
    """Look for what was typed among everything that the reader may see, and go to what was found."""
    actor, text = current_actor(), " ".join(request.form.get("search", "").split())[:LONGEST]
    if not text:
        found: dict[str, Any] = {"tab": request.form.get("tab", "")[:255]}
    elif is_public(text, actor.by_agency):
        found = {"tab": FOUND, "search": text}
    else:
        found = {"tab": FOUND, **_by_words(actor, text)}
    return redirect(url_for("inbox.index", **{name: each for name, each in found.items() if each}), 303)


def _by_words(actor: Actor, text: str) -> dict[str, str]:
    """The parameters of the list of what words have found: cases first, else steps."""
    steps = _steps_called(open_steps(database(), actor), text.lower().split())
    cases = [*_cases_called(actor, text), *_cases_with(actor, text)]
    if cases:
        return {"cases": ",".join(list(dict.fromkeys(cases))[:MOST_CASES]), "also": ",".join(steps)}
    return {"step": ",".join(steps)} if steps else {"cases": NOTHING}


def _steps_called(steps: Iterable[StepView], words: list[str]) -> list[str]:
    """Element ids of the steps whose own name, or whose service's, is made of the words."""
    names = {step.element_id: step.name for step in steps}
    return [element_id for element_id, name in names.items() if names_words(name, words)][:MOST_STEPS]


def _cases_called(actor: Actor, text: str) -> list[str]:
    """Ids of the cases whose pseudonym begins with the word."""
    tree = tree_in(text)
    if not tree:
        return []
    found = list_tasks(database(), actor, TaskFilter(pseudonym_like=f"{tree} %"), Page(size=MOST_CASES))
    return [task.instance_id for task in found]


def _cases_with(actor: Actor, text: str) -> list[str]:
    """Ids of the actor's own cases that hold the words among what is sealed.

    The access log gets an entry for each case that is shown to hold them, and one for each agency with how
    many of its cases the engine has opened; which words were looked for is written nowhere.
    """
    found = desk.search_names(database(), actor, text)
    for agency_id, looked in found.looked.items():
        seen(None, agency_id, f"search:{looked}")
    for instance_id, agency_id in found.cases[:MOST_CASES]:
        seen(instance_id, agency_id, "search:names")
    return [instance_id for instance_id, _ in found.cases[:MOST_CASES]]
