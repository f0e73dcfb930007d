"""What the linter is told about a form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class FormProblem:
    """One thing wrong with a schema.

    ``component_id``: the component's id (its key where it has no id, "" for the form as a whole);
    ``template`` and ``parameters`` make the sentence.
    """

    component_id: str
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        return self.template % self.parameters


def name_of(component: Mapping[str, Any]) -> str:
    """How a problem names a component."""
    return str(component.get("id") or component.get("key") or component.get("path") or component["type"])
