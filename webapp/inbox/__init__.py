"""The worker's part: my tasks, my groups' queues, one task, one case, a new case.

No list, title or address shows what a field marked ``rahasia`` holds: lists know the registration number,
the process and the step.
"""

from webapp.inbox import (
    attachments,
    bulk,
    cases,
    commenting,
    drafts,
    filters,
    handing,
    lists,
    notes,
    searching,
    shared,
    starting,
    tasks,
)
from webapp.inbox.part import blueprint

__all__ = [
    "attachments",
    "blueprint",
    "bulk",
    "cases",
    "commenting",
    "drafts",
    "filters",
    "handing",
    "lists",
    "notes",
    "searching",
    "shared",
    "starting",
    "tasks",
]
