"""Small values that every layer passes around."""

from engine.types.actors import ANALYST, MANAGER, ROLES, SERVICE, SYSTEM, Actor
from engine.types.filters import ANY_INSTANCE, ANY_TASK, WHOLE, InstanceFilter, Page, TaskFilter
from engine.types.history import ActivityView, HistoryKind, HistoryView
from engine.types.pseudonyms import pseudonym_of
from engine.types.views import (
    AgencyView,
    DefinitionView,
    DeploymentView,
    DiagramView,
    ErasureView,
    Fact,
    InstanceView,
    Person,
    StepView,
    TaskView,
    UserView,
    ValueKind,
    VariableDescription,
    VariableField,
    VariableView,
)

__all__ = [
    "ANALYST",
    "ANY_INSTANCE",
    "ANY_TASK",
    "MANAGER",
    "ROLES",
    "SERVICE",
    "SYSTEM",
    "WHOLE",
    "ActivityView",
    "Actor",
    "AgencyView",
    "DefinitionView",
    "DeploymentView",
    "DiagramView",
    "ErasureView",
    "Fact",
    "HistoryKind",
    "HistoryView",
    "InstanceFilter",
    "InstanceView",
    "Page",
    "Person",
    "StepView",
    "TaskFilter",
    "TaskView",
    "UserView",
    "ValueKind",
    "VariableDescription",
    "VariableField",
    "VariableView",
    "pseudonym_of",
]
