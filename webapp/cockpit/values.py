"""The data of a case in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.types import VariableDescription
from webapp.i18n import gettext
from webapp.words import SYSTEM_LABELS, readable


@dataclass(frozen=True)
class Value:
    """A variable in the table of a case's data; ``words`` is empty where it is sealed or nothing."""

    name: str
    label: str
    words: str
    sealed: bool


def values_of(variables: Iterable[VariableDescription], agency_id: str) -> list[Value]:
    """The data of a case: each variable with its label, and its value in words unless it is sealed."""
    return [
        Value(
            variable.name,
            gettext(SYSTEM_LABELS[variable.name]) if variable.name in SYSTEM_LABELS else variable.label,
            "" if variable.sealed else readable(variable.value, agency_id),
            variable.sealed,
        )
        for variable in variables
    ]
