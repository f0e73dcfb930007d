"""What a diagram says, as values: processes, elements, flows, lanes.

Attributes keep the text of the diagram. Three conventions hold for every text that may be an expression:

- conditions, collections and ``sourceExpression`` are FEEL, a leading ``=`` is allowed;
- timers that begin with ``=`` are FEEL, ISO 8601 text is itself, anything else is FEEL;
- everything else (``assignee``, ``candidateGroups``, ``dueDate``...) is literal unless it begins with ``=``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

FOUR_EYES = "empat_mata"
"""The ``camunda:property`` of a user task that names the tasks which somebody else must have done."""


@dataclass(frozen=True)
class CallMapping:
    """One ``camunda:in`` or ``camunda:out`` (``direction``) of a call activity, or of what is thrown."""

    direction: str
    line: int
    source: str | None = None
    source_expression: str | None = None
    target: str | None = None
    variables: str | None = None
    business_key: str | None = None
    local: bool = False


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws (BPMN 10.5.5).

    ``kind``: ``timer``, ``message``, ``signal``, ``error``, ``escalation``, ``conditional``, ``link``,
    ``terminate``, ``compensate`` or ``cancel``; ``eventDefinitionRef`` for one shared by several events
    (refused by the linter). ``ref``: id of the message (signal, error, escalation; for ``compensate``:
    activity) that is referred to, ``name`` and ``code`` are its; a link has a name alone. ``timer``:
    ``timeDate``, ``timeDuration`` or ``timeCycle``; ``text``: the timer's or the condition's.
    ``error_message``: Camunda's, of an error. ``mappings``: what a thrown message or signal carries.
    """

    kind: str
    line: int
    ref: str | None = None
    name: str | None = None
    code: str | None = None
    timer: str | None = None
    text: str | None = None
    error_message: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    mappings: tuple[CallMapping, ...] = ()

    @property
    def message_variable(self) -> str:
        """Name of the variable that the message of a caught error is written to; empty where none is."""
        return self.attributes.get("errorMessageVariable", "").strip()


@dataclass(frozen=True)
class Loop:
    """How often an activity runs: ``kind`` is ``parallel``, ``sequential`` (multi-instance) or ``standard``.

    ``behavior``: as written, None for the default ``All``. ``maximum``: text of ``loopMaximum``.
    ``async_before``, ``async_after``: around each item, not around the whole.
    """

    kind: str
    line: int
    cardinality: str | None = None
    collection: str | None = None
    element_variable: str | None = None
    completion: str | None = None
    condition: str | None = None
    maximum: str | None = None
    test_before: bool = False
    output: str | None = None
    output_item: str | None = None
    behavior: str | None = None
    async_before: bool = False
    async_after: bool = False


@dataclass(frozen=True)
class Lane:
    """``group``: the candidate group of its tasks: property ``kelompok``, else the id without ``lane_``."""

    id: str
    name: str
    line: int
    group: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Flow:
    """A sequence flow. ``condition``: its text without blanks around it, None without one."""

    id: str
    name: str
    line: int
    scope: str
    source: str
    target: str
    condition: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Element:
    """A flow node: event, activity or gateway.

    ``type``: its XML name (``userTask``, ``boundaryEvent``). ``scope``: id of the process or sub-process that
    it stands in. ``lane``: name of the innermost lane, inherited from an enclosing sub-process or, for a
    boundary event, from its host; ``lane_group`` likewise. ``attributes``: Camunda's by local name
    (``formRef``, ``dueDate``), and the text of ``failedJobRetryTimeCycle``. ``properties``:
    ``camunda:property`` name -> value (``langkah``, ``dasar``). ``async_before``, ``async_after``: a token
    waits there for a job (Camunda's asynchronous continuations). ``for_compensation``: it undoes something.
    ``handlers``: ids of the activities for compensation that an association leads to.
    ``interrupting``: boundary and start events; True elsewhere. ``incoming``, ``outgoing``: ids of flows.
    """

    id: str
    name: str
    type: str
    line: int
    scope: str
    lane: str | None = None
    lane_group: str | None = None
    documentation: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    events: tuple[EventDefinition, ...] = ()
    attached_to: str | None = None
    interrupting: bool = True
    default_flow: str | None = None
    triggered_by_event: bool = False
    loop: Loop | None = None
    called: str | None = None
    mappings: tuple[CallMapping, ...] = ()
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    async_before: bool = False
    async_after: bool = False
    for_compensation: bool = False
    handlers: tuple[str, ...] = ()

    @property
    def event(self) -> str | None:
        """Kind of its event definition, None without one."""
        return self.events[0].kind if self.events else None

    @property
    def event_definition(self) -> EventDefinition | None:
        """Its event definition, None without one."""
        return self.events[0] if self.events else None

    @property
    def is_external(self) -> bool:
        """Whether a worker outside does it: an external task, or a thrown message that is one."""
        return self.implementation.get("type") == "external"

    @property
    def topic(self) -> str | None:
        """The topic of an external task, literal or FEEL after ``=``; None without one."""
        return self.implementation.get("topic", "").strip() or None if self.is_external else None

    @property
    def implementation(self) -> Mapping[str, str]:
        """The attributes that say who does it: the event definition's where it has any."""
        return (self.events[0].attributes if self.events else None) or self.attributes

    @property
    def label(self) -> str:
        """What people read where the element is named: its name, else its id; at most 255 characters."""
        return (self.name or self.id)[:255]

    @property
    def form(self) -> str | None:
        """Id of the form that it shows, None without one."""
        return self.attributes.get("formRef") or None

    @property
    def four_eyes(self) -> tuple[str, ...]:
        """Ids of the user tasks whose doers may not do this one: who drafts a letter does not sign it."""
        return names_in(self.properties.get(FOUR_EYES, ""))

    @property
    def candidate_groups(self) -> tuple[str, ...]:
        """Groups that may take the task: the attribute's, else the lane's. Empty if an expression."""
        text = self.attributes.get("candidateGroups", "").strip()
        if text:
            return names_in(text)
        return (self.lane_group,) if self.lane_group else ()

    @property
    def candidate_groups_expression(self) -> str | None:
        """FEEL for the groups (a text or a list of texts), None if they are literal."""
        return expression_in(self.attributes.get("candidateGroups"))

    @property
    def candidate_users(self) -> tuple[str, ...]:
        """Users that may take the task. Empty if they are an expression."""
        return names_in(self.attributes.get("candidateUsers", ""))

    @property
    def candidate_users_expression(self) -> str | None:
        """FEEL for the users (a text or a list of texts), None if they are literal."""
        return expression_in(self.attributes.get("candidateUsers"))


@dataclass(frozen=True)
class Process:
    """One process of a diagram.

    ``key``: its id. ``participant``: name of its pool, None without one. ``starter_groups`` and
    ``starter_users``: who may start it; both empty: any worker. ``elements`` and ``flows`` hold those of all
    sub-processes too, by id, in the order of the file.
    """

    key: str
    name: str
    resource: str
    line: int
    executable: bool
    version_tag: str | None = None
    participant: str | None = None
    documentation: str = ""
    starter_groups: tuple[str, ...] = ()
    starter_users: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[str, Element] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()

    @cached_property
    def calls(self) -> frozenset[str]:
        """Keys of the processes that it calls."""
        return frozenset(e.called for e in self.elements.values() if e.called)

    @cached_property
    def forms(self) -> frozenset[str]:
        """Ids of the forms that its start events and user tasks show."""
        return frozenset(e.form for e in self.elements.values() if e.form)

    @cached_property
    def decisions(self) -> frozenset[str]:
        """Ids of the decisions that its business rule tasks ask."""
        refs = (e.attributes.get("decisionRef") for e in self.elements.values())
        return frozenset(ref for ref in refs if ref)

    @cached_property
    def start_events(self) -> tuple[Element, ...]:
        """Start events of the process itself, not those of its sub-processes."""
        found = (e for e in self.elements.values() if e.type == "startEvent" and e.scope == self.key)
        return tuple(found)

    @property
    def none_start(self) -> Element | None:
        """The start event for a start by hand, None without one."""
        return next((e for e in self.start_events if not e.events), None)

    def message_start(self, message: str) -> Element | None:
        """The start event that a message of this name starts, None without one."""
        return self._start_by("message", message)

    def signal_start(self, signal: str) -> Element | None:
        """The start event that a signal of this name starts, None without one."""
        return self._start_by("signal", signal)

    def _start_by(self, kind: str, name: str) -> Element | None:
        for element in self.start_events:
            if any(e.kind == kind and e.name == name for e in element.events):
                return element
        return None


def names_in(text: str) -> tuple[str, ...]:
    """Names of a comma separated list, in order; an expression has none."""
    if expression_in(text):
        return ()
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def expression_in(text: str | None) -> str | None:
    """The FEEL of an attribute that is literal unless it begins with ``=``; else None."""
    stripped = (text or "").strip()
    return stripped if stripped.startswith("=") else None
