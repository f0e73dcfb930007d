"""Moving open cases to the newest version of their process: a dry run, doing it, undoing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import (
    InstanceFilter,
    InstanceMigration,
    MigrationMove,
    MigrationProblem,
    MigrationView,
    Page,
    count_instances,
    list_definitions,
    list_migrations,
    migrate_instances,
    plan_migration,
    undo_migration,
)
from engine.errors import DefinitionNotFound
from engine.types import Actor, DefinitionView
from webapp.auth import current_actor
from webapp.cockpit.part import blueprint, managed_agencies
from webapp.cockpit.steps import step_names
from webapp.db import database
from webapp.i18n import gettext, ngettext

SIZE = 50
"""Cases that are tried, and moved, at a time."""
LATEST = 20
"""Migrations of the past that are shown."""


@dataclass(frozen=True)
class OldVersion:
    """A version that is not the newest, and how many open cases it has."""

    source: DefinitionView
    target: DefinitionView
    cases: int


@dataclass(frozen=True)
class Trial:
    """What a migration would do to a case: where it goes on, or why it cannot move."""

    instance_id: str
    business_key: str
    moves: Sequence[tuple[str, str]]
    problems: Sequence[str]


@dataclass(frozen=True)
class Batch:
    """A migration of the past; the versions are None where they are not known any more."""

    view: MigrationView
    source: DefinitionView | None
    target: DefinitionView | None


@blueprint.get("/versions")
def versions() -> str:
    """Versions that still have open cases, and the migrations of the past."""
    actor = current_actor()
    known = _definitions(actor)
    by_id = {view.id: view for view in known}
    batches = list_migrations(database(), actor, Page(size=LATEST))
    return render_template(
        "cockpit/versions.html",
        old=_old_versions(actor, known),
        batches=[
            Batch(view, by_id.get(view.source_definition_id), by_id.get(view.target_definition_id))
            for view in batches
        ],
        several=len(managed_agencies(actor)) > 1,
    )


@blueprint.get("/versions/<path:definition_id>")
def version(definition_id: str) -> str:
    """A dry run: what would happen to the open cases of a version."""
    actor = current_actor()
    source, target = _ends(actor, definition_id)
    total = count_instances(database(), actor, InstanceFilter(definition_id=source.id, ended=False))
    pages = max(-(-total // SIZE), 1)
    asked = request.args.get("page", "")
    number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
    page = Page((number - 1) * SIZE, SIZE)
    plan = plan_migration(database(), actor, source.id, target.id, page=page)
    before = step_names(actor, source.agency_id, source.id, source.key)
    after = step_names(actor, target.agency_id, target.id, target.key)
    trials = [_trial(found, before, after) for found in plan.instances]
    return render_template(
        "cockpit/version.html",
        source=source,
        target=target,
        agency_id=source.agency_id,
        movable=[trial for trial in trials if not trial.problems],
        blocked=[trial for trial in trials if trial.problems],
        total=total,
        page=number,
        pages=pages,
    )


@blueprint.post("/versions/<path:definition_id>")
def migrate(definition_id: str) -> Response:
    """Move the cases ``instance_id`` to the newest version; what is blocked by now stays where it is."""
    actor = current_actor()
    source, target = _ends(actor, definition_id)
    chosen = tuple(request.form.getlist("instance_id"))[:SIZE]
    if not chosen:
        flash(gettext("No case was chosen."), "error")
        return redirect(url_for("cockpit.version", definition_id=definition_id), 303)
    report = migrate_instances(database(), actor, source.id, target.id, InstanceFilter(instance_ids=chosen))
    _tell(len(report.done), len(report.blocked))
    return redirect(url_for("cockpit.versions"), 303)


@blueprint.post("/migrations/<batch_id>/undo")
def undo(batch_id: str) -> Response:
    """Put the cases of a migration back, as far as they have not gone on since."""
    report = undo_migration(database(), current_actor(), batch_id)
    words = ngettext("%(num)d case was moved back.", "%(num)d cases were moved back.", len(report.done))
    flash(words, "success" if report.done else "info")
    if stayed := [found.business_key for found in report.blocked]:
        flash(gettext("These have gone on since and stay: %(keys)s", keys=", ".join(stayed)), "error")
    return redirect(url_for("cockpit.versions"), 303)


def _tell(done: int, blocked: int) -> None:
    flash(
        ngettext("%(num)d case was moved.", "%(num)d cases were moved.", done), "success" if done else "info"
    )
    if blocked:
        flash(
            ngettext("%(num)d case could not be moved.", "%(num)d cases could not be moved.", blocked),
            "error",
        )


def _definitions(actor: Actor) -> list[DefinitionView]:
    """Every version of every process of the agencies that one manages; of a process the newest first."""
    return list_definitions(database(), actor, agency_ids=managed_agencies(actor), latest=False)


def _newest(known: Sequence[DefinitionView]) -> Mapping[tuple[str, str], DefinitionView]:
    return {(view.agency_id, view.key): view for view in sorted(known, key=lambda view: view.version)}


def _old_versions(actor: Actor, known: Sequence[DefinitionView]) -> list[OldVersion]:
    newest = _newest(known)
    found = []
    for view in known:
        target = newest[view.agency_id, view.key]
        if target.id != view.id:
            wanted = InstanceFilter(definition_id=view.id, ended=False)
            found.append(OldVersion(view, target, count_instances(database(), actor, wanted)))
    return [old for old in found if old.cases]


def _ends(actor: Actor, definition_id: str) -> tuple[DefinitionView, DefinitionView]:
    """A version and the newest of its process. Raises ``DefinitionNotFound``, also for what one does not
    manage."""
    known = _definitions(actor)
    source = next((view for view in known if view.id == definition_id), None)
    if source is None:
        raise DefinitionNotFound(id=definition_id)
    return source, _newest(known)[source.agency_id, source.key]


def _trial(found: InstanceMigration, before: Mapping[str, str], after: Mapping[str, str]) -> Trial:
    moves = dict.fromkeys(_move(move, before, after) for move in found.moves if not move.listener)
    problems = dict.fromkeys(_problem(problem, before) for problem in found.problems)
    return Trial(found.instance_id, found.business_key, list(moves), list(problems))


def _move(move: MigrationMove, before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, str]:
    source, target = move.element_id or "", move.target_id or ""
    return before.get(source, source), after.get(target, target)


def _problem(problem: MigrationProblem, names: Mapping[str, str]) -> str:
    words = gettext(problem.template)
    if problem.parameters:
        words %= {name: names.get(str(value), value) for name, value in problem.parameters.items()}
    step = names.get(problem.element_id, problem.element_id)
    return f"{step}: {words}" if step else words
