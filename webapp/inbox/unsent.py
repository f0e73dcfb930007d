"""Reports that somebody has begun at a start form and not sent: told in the inbox, and whose files are whose.

Each may be about another child, so nothing of one goes into another one by itself: no answer, and no file.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from engine import list_definitions
from engine.desk import DraftView, OfStart, OwnDraft, list_unsent, remove_attachment, start_attachments
from engine.types import Actor, DefinitionView
from webapp.agencies import profile
from webapp.db import database
from webapp.inbox.attachments import File, files_of_start


@dataclass(frozen=True)
class Begun:
    """That reports are begun and not sent: of what service, and when; nothing of what they say."""

    draft: OwnDraft
    name: str


def begun_reports(actor: Actor, own: Sequence[OwnDraft]) -> list[Begun]:
    """What of one's ``own`` drafts are reports of services of which one may (still) open a case."""
    if not (drafts := [draft for draft in own if draft.process_key]):
        return []
    found = {(each.agency_id, each.key): each for each in list_definitions(database(), actor, startable=True)}
    named = [(draft, found.get((draft.agency_id, draft.process_key or ""))) for draft in drafts]
    return [Begun(draft, service(each).get("nama", each.name)) for draft, each in named if each]


def service(definition: DefinitionView) -> dict[str, str]:
    """What the agency's profile says of a service (``nama``, ``waktu``, ``biaya``, ``sk``)."""
    services = profile(definition.agency_id).get("layanan", {})
    found: dict[str, str] = services.get(definition.key, {})
    return found


def own_files(
    actor: Actor, unsent: Sequence[DraftView], agency_id: str, key: str, draft_id: str | None
) -> list[File]:
    """What was uploaded for the draft ``draft_id``, or for the one that is about to be begun: nothing that
    belongs to a report which stands apart from it."""
    own = next((view for view in unsent if view.version.id == draft_id), None)
    aside = own is not None and own.version.set_aside
    apart = [view for view in unsent if view is not own and (aside or view.version.set_aside)]
    others = {file for view in apart for file in view.files} - set(own.files if own else ())
    return [file for file in files_of_start(actor, agency_id, key) if file.view.id not in others]


def files_of_draft(actor: Actor, draft_id: str, agency_id: str, key: str) -> Sequence[str]:
    """Ids of the files that go with a draft; none of one that is not there."""
    unsent = list_unsent(database(), actor, OfStart(agency_id, key))
    return next((view.files for view in unsent if view.version.id == draft_id), [])


def remove_orphans(actor: Actor, files: Collection[str], agency_id: str, key: str, *, every: bool) -> None:
    """Remove those of ``files`` that go with no draft any more, as the case they were for will not be; with
    ``every`` also what has never been any draft's."""
    unsent = list_unsent(database(), actor, OfStart(agency_id, key))
    kept = {file for view in unsent for file in view.files}
    for file in start_attachments(database(), actor, agency_id, key):
        if file.id not in kept and (every or file.id in files):
            remove_attachment(database(), actor, file.id)
