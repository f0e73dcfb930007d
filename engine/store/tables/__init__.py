"""The schema, as SQLAlchemy 2 typed classes: a file a concern. What a tenant owns carries ``agency_id``."""

from engine.store.tables.absences import Absence
from engine.store.tables.attachments import Attachment, AttachmentPart
from engine.store.tables.base import Base, table_of
from engine.store.tables.calendars import CalendarChange, CalendarDay, OfficeWeek
from engine.store.tables.comments import Comment
from engine.store.tables.deadlines import CaseClock
from engine.store.tables.definitions import (
    CatalogMark,
    DecisionDefinition,
    Deployment,
    FormDefinition,
    ProcessDefinition,
    Resource,
)
from engine.store.tables.delivery import Delivery, NotificationChoice, PushKey, PushSubscription
from engine.store.tables.drafts import Draft, NoteDraft
from engine.store.tables.erasure import Erasure
from engine.store.tables.history import HistoryEntry
from engine.store.tables.identity import Agency, LoginSession, Membership, User
from engine.store.tables.jobs import ExternalTask, Incident, Job
from engine.store.tables.migration import MigratedInstance, MigrationBatch
from engine.store.tables.notifications import Notification
from engine.store.tables.record import AccessBlock, AccessEntry
from engine.store.tables.registers import Breach, DataRequest
from engine.store.tables.requests import IdempotencyKey, KeyStoreMark, SpentKey
from engine.store.tables.runtime import (
    ProcessInstance,
    RegistrationCounter,
    Subscription,
    TaskCandidate,
    UserTask,
)
from engine.store.tables.saved_filters import SavedFilter
from engine.store.tables.sharing import CaseShare
from engine.store.tables.sign_in import (
    ApiToken,
    Attempts,
    ExternalIdentity,
    KeptForm,
    KnownDevice,
    Passkey,
    RecoveryCode,
    SignInChallenge,
    SignInEvent,
    Totp,
)

metadata = Base.metadata

__all__ = [
    "Absence",
    "AccessBlock",
    "AccessEntry",
    "Agency",
    "ApiToken",
    "Attachment",
    "AttachmentPart",
    "Attempts",
    "Base",
    "Breach",
    "CalendarChange",
    "CalendarDay",
    "CaseClock",
    "CaseShare",
    "CatalogMark",
    "Comment",
    "DataRequest",
    "DecisionDefinition",
    "Delivery",
    "Deployment",
    "Draft",
    "Erasure",
    "ExternalIdentity",
    "ExternalTask",
    "FormDefinition",
    "HistoryEntry",
    "IdempotencyKey",
    "Incident",
    "Job",
    "KeptForm",
    "KeyStoreMark",
    "KnownDevice",
    "LoginSession",
    "Membership",
    "MigratedInstance",
    "MigrationBatch",
    "NoteDraft",
    "Notification",
    "NotificationChoice",
    "OfficeWeek",
    "Passkey",
    "ProcessDefinition",
    "ProcessInstance",
    "PushKey",
    "PushSubscription",
    "RecoveryCode",
    "RegistrationCounter",
    "Resource",
    "SavedFilter",
    "SignInChallenge",
    "SignInEvent",
    "SpentKey",
    "Subscription",
    "TaskCandidate",
    "Totp",
    "User",
    "UserTask",
    "metadata",
    "table_of",
]
