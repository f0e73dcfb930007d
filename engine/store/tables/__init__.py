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
from engine.store.tables.erasure import Erasure
from engine.store.tables.history import HistoryEntry
from engine.store.tables.identity import Agency, LoginSession, Membership, User
from engine.store.tables.jobs import ExternalTask, Incident, Job
from engine.store.tables.migration import MigratedInstance, MigrationBatch
from engine.store.tables.record import AccessBlock, AccessEntry
from engine.store.tables.registers import Breach, DataRequest
from engine.store.tables.requests import IdempotencyKey, KeyStoreMark
from engine.store.tables.runtime import (
    ProcessInstance,
    RegistrationCounter,
    Subscription,
    TaskCandidate,
    UserTask,
)
from engine.store.tables.sharing import CaseShare
from engine.store.tables.sign_in import (
    ApiToken,
    ExternalIdentity,
    KnownDevice,
    Passkey,
    RecoveryCode,
    SignInChallenge,
    SignInEvent,
    Totp,
)

metadata = Base.metadata

__all__ = [
    "AccessBlock",
    "AccessEntry",
    "Agency",
    "ApiToken",
    "Base",
    "Breach",
    "CaseShare",
    "CatalogMark",
    "DataRequest",
    "DecisionDefinition",
    "Deployment",
    "Erasure",
    "ExternalIdentity",
    "ExternalTask",
    "FormDefinition",
    "HistoryEntry",
    "IdempotencyKey",
    "Incident",
    "Job",
    "KeyStoreMark",
    "KnownDevice",
    "LoginSession",
    "Membership",
    "MigratedInstance",
    "MigrationBatch",
    "Passkey",
    "ProcessDefinition",
    "ProcessInstance",
    "RecoveryCode",
    "RegistrationCounter",
    "Resource",
    "SignInChallenge",
    "SignInEvent",
    "Subscription",
    "TaskCandidate",
    "Totp",
    "User",
    "UserTask",
    "metadata",
    "table_of",
]
