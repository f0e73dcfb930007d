"""A rule, what it found, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from engine.deadlines.declarations import ClockDeclaration

Severity = Literal["error", "warning"]


MAX_TEXT: Final = 200
"""Characters of a diagram's own text that a finding quotes."""


@dataclass(frozen=True)
class Known:
    """What the agency already has, besides the files that are looked at.

    Ids of ``forms`` and ``decisions``, names of ``groups``, keys of ``processes``; of what they ask
    for the ``answers`` and ``whole_numbers``, as ``Deployment`` has them. ``clocks``: of its profile, by the
    process that they belong to; None where nobody has looked. ``sealed``: by form, the variables that it
    seals.
    """

    forms: frozenset[str] = frozenset()
    decisions: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    processes: frozenset[str] = frozenset()
    answers: Mapping[str, frozenset[str]] = field(default_factory=dict)
    whole_numbers: frozenset[str] = frozenset()
    sealed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    clocks: Mapping[str, tuple[ClockDeclaration, ...]] | None = None


@dataclass(frozen=True)
class Place:
    """Where something is: a file, an element's id and name, a line (0: not known)."""

    resource: str
    id: str = ""
    name: str = ""
    line: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing wrong, at one place.

    ``rule``: id of the rule. ``template`` and ``hint_template`` are English and make, with ``parameters``,
    what is wrong and what to do; a reader's language is made of the same parts.
    """

    rule: str
    severity: Severity
    resource: str
    element_id: str
    element_name: str
    line: int
    template: str
    parameters: Mapping[str, Any]
    hint_template: str

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.template % self.parameters

    @property
    def hint(self) -> str:
        """What to do, in English."""
        return self.hint_template % self.parameters

    def __str__(self) -> str:
        where = f"{self.resource}:{self.line}" if self.line else self.resource
        element = f" {self.element_id}" if self.element_id else ""
        name = f" '{self.element_name}'" if self.element_name else ""
        return f"{where}:{element}{name}: {self.message} {self.hint} [{self.rule}]"


@dataclass(frozen=True)
class Rule:
    """What is looked for. All texts are English; ``template`` and ``hint`` take a finding's parameters.

    ``id``: kebab-case. ``title``: what is wrong, in general. ``why``: what would happen otherwise. ``hint``:
    what to do. ``template``: the sentence for one element, the title without one. A finding of severity
    ``error`` stops a deployment.
    """

    id: str
    severity: Severity
    title: str
    why: str
    hint: str
    template: str = ""

    def at(
        self, place: Place, template: str | None = None, *, hint: str | None = None, **parameters: Any
    ) -> Finding:
        """A finding at a place, with the rule's own sentence and hint or others."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            resource=place.resource,
            element_id=_shortened(place.id),
            element_name=_shortened(place.name),
            line=place.line,
            template=template or self.template or self.title,
            parameters={name: _shortened(value) for name, value in parameters.items()},
            hint_template=hint or self.hint,
        )


def _shortened(value: Any) -> Any:
    return value[:MAX_TEXT] + "…" if isinstance(value, str) and len(value) > MAX_TEXT else value
