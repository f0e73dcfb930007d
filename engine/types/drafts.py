"""What people have typed into a form or a note and not sent yet, as pages send and show it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class OfTask:
    """A draft's place: the form of a user task."""

    task_id: str


@dataclass(frozen=True)
class OfStart:
    """A draft's place: the start form of an agency's process."""

    agency_id: str
    key: str


DraftPlace = OfTask | OfStart


@dataclass(frozen=True)
class SentDraft:
    """What a page sends of a form that is being filled in.

    ``draft_id``, ``base``: the version that the page goes on with, and the revision of it that it knows (its
    own ``page_id`` and 0 where it begins one). ``page_id``: of this page alone, 32 hex digits. ``revision``:
    what this saving makes it; grows with each try, so that a try which arrives late changes nothing.
    ``values``: the fields that the writer has changed, complete or not, valid or not; ``before``: what these
    fields held when the form was opened. ``device``: what the browser calls itself. ``files``: ids of what
    was uploaded for it at a start form; a task's files are the case's.
    """

    draft_id: str
    page_id: str
    base: int
    revision: int
    values: Mapping[str, Any]
    before: Mapping[str, Any]
    device: str = ""
    files: Sequence[str] = ()


@dataclass(frozen=True)
class DraftVersion:
    """A version of a draft, without what it holds. ``set_aside``: at a task another version was chosen; at a
    start form it is a report of its own beside another. ``case``: number of the case that its writer has
    opened with another version of it: whether this one is about the same child nobody but the writer
    knows."""

    id: str
    revision: int
    saved_at: datetime
    device: str
    set_aside: bool = False
    case: str | None = None

    @property
    def given_by(self) -> str:
        """Who has typed it and given it away with the task, until its writer saves it; empty else."""
        return self.device if self.revision == 0 else ""


@dataclass(frozen=True)
class SavedDraft:
    """How a draft stands after it was saved. ``rivals``: versions of other pages that nobody has decided
    about, the newest first: then its writer is to choose. ``assignee``: who has the task now, the writer or
    another; None where nobody has it, and at a start form."""

    agency_id: str
    version: DraftVersion
    rivals: Sequence[DraftVersion]
    assignee: str | None = None


@dataclass(frozen=True)
class DraftView:
    """A draft with what its writer typed.

    ``values`` and ``before``: by top level name of the field, as in ``SentDraft``. ``words``: the values as
    people read them, (label, display) in the order of the form (``Fact.display``). ``rivals`` as in
    ``SavedDraft``; ``aside``: the other versions. ``files`` as in ``SentDraft``.
    """

    agency_id: str
    version: DraftVersion
    values: Mapping[str, Any]
    before: Mapping[str, Any]
    words: Sequence[tuple[str, Any]]
    rivals: Sequence[DraftVersion]
    aside: Sequence[DraftVersion]
    files: Sequence[str] = ()


@dataclass(frozen=True)
class OwnDraft:
    """That its writer has a draft at a place, for lists. Of a task: ``task_id``, its ``name``, the case's
    ``business_key``, who has it (None: nobody), and who ended it (None while it is open). Of a start form:
    ``process_key``. ``count``: how many there are at the place."""

    agency_id: str
    saved_at: datetime
    process_key: str | None
    task_id: str | None
    instance_id: str | None
    name: str | None
    business_key: str | None
    assignee: str | None
    ended_at: datetime | None
    ended_by: str | None
    count: int = 1


@dataclass(frozen=True)
class NotePlace:
    """Where a note is written: a comment on a case, or at its task ``task_id`` what is said when the task is
    given to somebody, or back."""

    instance_id: str
    task_id: str = ""


@dataclass(frozen=True)
class SentNote:
    """What a page sends of a note that is being written; ``page_id`` and ``revision`` as in ``SentDraft``."""

    message: str
    page_id: str
    revision: int


@dataclass(frozen=True)
class NoteView:
    """A note that its writer has not sent yet. ``message`` is empty where nothing is kept (any more)."""

    agency_id: str
    saved_at: datetime
    message: str
