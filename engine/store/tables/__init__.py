"""The schema, as SQLAlchemy 2 typed classes: a file a concern. What a tenant owns carries ``agency_id``."""

from engine.store.tables.base import Base
from engine.store.tables.definitions import (
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.store.tables.history import HistoryEvent
from engine.store.tables.identity import Agency, LoginSession, Membership, User
from engine.store.tables.runtime import (
    Job,
    ProcessInstance,
    RegistrationCounter,
    Subscription,
    TaskCandidate,
    UserTask,
    Variable,
)
from engine.store.tables.submission import Submission

metadata = Base.metadata

__all__ = [
    "Agency",
    "Base",
    "DecisionDefinition",
    "Deployment",
    "FormDefinition",
    "HistoryEvent",
    "Job",
    "LoginSession",
    "Membership",
    "ProcessDefinition",
    "ProcessInstance",
    "RegistrationCounter",
    "Resource",
    "Submission",
    "Subscription",
    "TaskCandidate",
    "User",
    "UserTask",
    "Variable",
    "metadata",
]
