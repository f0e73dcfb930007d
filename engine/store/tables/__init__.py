"""The schema, as SQLAlchemy 2 typed classes: a file a concern. What a tenant owns carries ``agency_id``."""

from engine.store.tables.base import Base, table_of
from engine.store.tables.definitions import (
    CatalogMark,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.store.tables.history import HistoryEntry
from engine.store.tables.identity import Agency, LoginSession, Membership, User
from engine.store.tables.jobs import ExternalTask, Incident, Job
from engine.store.tables.migration import MigratedInstance, MigrationBatch
from engine.store.tables.record import AccessBlock, AccessEntry
from engine.store.tables.registers import Breach, DataRequest
from engine.store.tables.requests import IdempotencyKey
from engine.store.tables.runtime import (
    ProcessInstance,
    RegistrationCounter,
    Subscription,
    TaskCandidate,
    UserTask,
)

metadata = Base.metadata

__all__ = [
    "AccessBlock",
    "AccessEntry",
    "Agency",
    "Base",
    "Breach",
    "CatalogMark",
    "DataRequest",
    "DecisionDefinition",
    "Deployment",
    "ExternalTask",
    "FormDefinition",
    "HistoryEntry",
    "IdempotencyKey",
    "Incident",
    "Job",
    "LoginSession",
    "Membership",
    "MigratedInstance",
    "MigrationBatch",
    "ProcessDefinition",
    "ProcessInstance",
    "RegistrationCounter",
    "Resource",
    "Subscription",
    "TaskCandidate",
    "User",
    "UserTask",
    "metadata",
    "table_of",
]
