"""The manager's part: how many cases there are and how they stand, one case on its diagram, and stepping in.

It shows the agencies that the actor manages and nothing else. No list, title or address holds a variable of a
case; of what a field marked ``rahasia`` holds, a manager sees only that it is there, until it is opened for a
purpose (``identity``).
"""

from webapp.cockpit import (
    absences,
    actions,
    cases,
    correcting,
    erasing,
    identity,
    incidents,
    lists,
    moving,
    sharing,
    stopping,
    versions,
)
from webapp.cockpit.part import blueprint

__all__ = [
    "absences",
    "actions",
    "blueprint",
    "cases",
    "correcting",
    "erasing",
    "identity",
    "incidents",
    "lists",
    "moving",
    "sharing",
    "stopping",
    "versions",
]
