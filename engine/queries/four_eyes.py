"""Four eyes: who has done a step of a case may not do the one that answers for it (issue 5: the one who
drafts a letter does not sign it).

A user task names the steps in its ``camunda:property`` ``empat_mata``; they stand in the same process. Every
round counts: who wrote the first draft has drafted, whoever wrote the last one. A step that had another id in
the version from which the case was migrated counts as well. Who has done a step in the place of the one who
completed it is found in the history: a colleague to whom it was delegated and who gave it back, whoever has
handed it over with what was typed, and whoever has set by hand what the step's form writes. ``engine.access``
decides with what is found here.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine import catalog
from engine.catalog import DeployedProcess
from engine.definitions.model import Element
from engine.errors import FormNotFound
from engine.queries.activities import read_events
from engine.store import Database, reading
from engine.store.documents import Event
from engine.store.tables import Attachment, MigratedInstance, MigrationBatch, UserTask
from engine.types import Actor, HistoryKind, TaskView

_DONE: Any = (
    select(UserTask.ended_by.label("doer"), UserTask.name)
    .where(
        UserTask.instance_id == bindparam("instance_id"),
        UserTask.process_key == bindparam("process_key"),
        UserTask.element_id.in_(bindparam("element_ids", expanding=True)),
        UserTask.outcome == "completed",
    )
    .order_by(UserTask.ended_at, UserTask.id)
)
_ATTACHED: Any = (
    select(Attachment.created_by.label("doer"), UserTask.name)
    .join(UserTask, UserTask.id == Attachment.task_id)
    .where(
        UserTask.instance_id == bindparam("instance_id"),
        UserTask.process_key == bindparam("process_key"),
        UserTask.element_id.in_(bindparam("element_ids", expanding=True)),
    )
)
"""Who has attached a file at such a step has drafted too, whoever presses the button in the end."""

_PLANS: Any = (
    select(MigrationBatch.plan)
    .join(MigratedInstance, MigratedInstance.batch_id == MigrationBatch.id)
    .where(MigratedInstance.instance_id == bindparam("instance_id"), MigrationBatch.undone_at.is_(None))
    .order_by(MigrationBatch.at.desc(), MigrationBatch.id.desc())
)
"""The newest first: each leads one version further back."""


_BY_HAND = frozenset(
    {
        HistoryKind.VARIABLES_SET,
        HistoryKind.INSTANCE_MODIFIED,
        HistoryKind.MESSAGE_RECEIVED,
        HistoryKind.SIGNAL_RECEIVED,
    }
)
"""What sets variables and asks no form."""

AtStep = tuple[str, Event, str]
"""(who, what, name of the step): an event of the history at one of the steps."""


def doers(
    tx: Connection, instance_id: str, deployed: DeployedProcess, process_key: str, element: Element
) -> dict[str, str]:
    """Who may not do a task of ``element`` in a case: user id -> the name of the step that was done.

    ``deployed``: the version that the case runs on; ``process_key``: of the process that the element stands
    in. Asks nothing of the database where the element names no step.
    """
    if not element.four_eyes:
        return {}
    steps = _with_former(tx, instance_id, element.four_eyes)
    wanted = {"instance_id": instance_id, "process_key": process_key, "element_ids": sorted(steps)}
    elements = deployed.processes[process_key].elements
    named = {former: elements[now] for former, now in steps.items()}
    done = [(row.doer, row.name) for query in (_ATTACHED, _DONE) for row in tx.execute(query, wanted)]
    told = [(entry.user_id, event) for _, entry, event in read_events(tx, [instance_id])]
    here = [
        (user, event, step.label)
        for user, event in told
        if (step := named.get(event.element_id or "")) and (event.process_key or deployed.key) == process_key
    ]
    by_hand = _set_by_hand(told, _written_at(tx, deployed, named.values()) | _written(here))
    return {user: name for user, name in (*by_hand, *_helped(here), *done) if user}


def _written_at(tx: Connection, deployed: DeployedProcess, steps: Iterable[Element]) -> dict[str, str]:
    """Names of the variables that people fill in at some steps -> the name of the step."""
    found = dict[str, str]()
    for element in steps:
        with suppress(FormNotFound):
            form = catalog.form_of(tx, deployed, element)
            found |= dict.fromkeys(form.fillable if form else (), element.label)
    return found


def _written(here: Iterable[AtStep]) -> dict[str, str]:
    """The same, of what was written there in this case: without a form, or with the form of those days."""
    return {
        name: step
        for _, event, step in here
        if event.kind == HistoryKind.TASK_COMPLETED
        for name in _details(event).get("variables", ())
    }


def _set_by_hand(told: Iterable[tuple[str, Event]], written: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Who has set one of these variables and filled in no form -> the step that writes it."""
    for user, event in told:
        if event.kind not in _BY_HAND:
            continue
        details = _details(event)
        names = {*details.get("variables", ()), *details.get("removed", ())}
        names.update(*(instruction.get("variables", ()) for instruction in details.get("instructions", ())))
        for name in sorted(names & written.keys()):
            yield details.get("sender", user), written[name]


def _helped(here: Iterable[AtStep]) -> Iterator[tuple[str, str]]:
    """To whom one of the steps was delegated, and who gave it back; and who handed it over with what was
    typed. The owner may take back what was delegated: then nobody says that it was done."""
    asked = dict[str | None, str]()
    for user, event, step in here:
        if event.kind == HistoryKind.TASK_DELEGATED:
            asked[event.token_id] = _details(event)["assignee"]
        gave_back = event.kind == HistoryKind.TASK_RESOLVED and asked.get(event.token_id) == user
        if gave_back or (event.kind == HistoryKind.TASK_HANDED_OVER and _details(event).get("draft")):
            yield user, step


def _details(event: Event) -> Mapping[str, Any]:
    return event.details or {}


def _with_former(tx: Connection, instance_id: str, element_ids: Iterable[str]) -> dict[str, str]:
    """Ids of elements, and those that they had before the case was moved to other versions -> the id now."""
    found = {element_id: element_id for element_id in element_ids}
    for plan in tx.scalars(_PLANS, {"instance_id": instance_id}):
        found |= {before: found[after] for before, after in plan.items() if after in found}
    return found


def drafted_step(database: Database, actor: Actor, task: TaskView) -> str:
    """The step that ``actor`` has done and that keeps ``actor`` from this task; empty where nothing does.

    ``task``: one that the actor may see.
    """
    with reading(database) as tx:
        deployed = catalog.load_process(tx, task.definition_id)
        element = deployed.element(task.process_key, task.element_id)
        return doers(tx, task.instance_id, deployed, task.process_key, element).get(actor.user_id, "")
