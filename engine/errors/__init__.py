"""Everything that Titian says no with, in one tree.

::

    TitianError
    ├── InputInvalid                  the caller sent something wrong         HTTP 400
    │   ├── XmlRefused                not XML that we read
    │   ├── DeploymentRefused         the linter found errors (findings)
    │   ├── FormRefused               not a form-js schema that we read
    │   ├── FormInvalid               fields of a form (fields)
    │   ├── VariableInvalid           a variable or its type
    │   ├── QueryInvalid              an unknown filter, sort key or page
    │   ├── ExpressionInvalid         FEEL that does not parse (position)
    │   ├── ExpressionFailed          FEEL that does not end, or ends too large
    │   ├── PurposeMissing            a purpose that says nothing
    │   ├── AddressInvalid            not an e-mail address that we write to
    │   ├── ProfileInvalid            an agency's profile that declares an impossible clock
    │   ├── AttachmentRefused         a file that is not taken
    │   ├── FilterRefused             a filter that cannot be saved
    │   ├── IdempotencyKeyReused      the key of another request              HTTP 422
    │   ├── BackupRefused             a file that is no backup, or a place that is in use
    │   ├── DecisionError             a decision that cannot be evaluated
    │   ├── MessageUnmatched          nobody, or more than one, waits for it
    │   ├── ModificationInvalid       an instruction that cannot be carried out
    │   ├── ShareRefused                  a case cannot be shared like this
    │   ├── AbsenceRefused            a substitute who cannot be one, or a time that is none
    │   ├── MembershipRefused         groups that nobody may give
    │   ├── CommentRefused            empty, too long, or it names who cannot see the case
    │   ├── MigrationRefused          versions that no instance can be moved between
    │   │   └── MigrationBlocked      some of the instances cannot be moved (instances)
    │   ├── SignalUnmatched           the instance that is named does not wait for it
    │   └── ExternalTaskNotHeld       another worker's, or nobody's (Camunda answers 400)
    ├── ActionForbidden               known, visible, but not allowed         HTTP 403
    │   └── SecondPersonNeeded        who drafted a letter does not sign it
    ├── ResourceNotFound              absent, or another agency's             HTTP 404
    │   └── TaskNotFound, InstanceNotFound, DefinitionNotFound, DecisionNotFound,
    │       DeploymentNotFound, FormNotFound, AgencyNotFound, UserNotFound,
    │       ExternalTaskNotFound, JobNotFound, IncidentNotFound, MigrationNotFound,
    │       ErasureNotFound, ShareNotFound, RegisterEntryNotFound, DraftNotFound,
    │       AttachmentNotFound, CommentNotFound, FilterNotFound, PageUndrawable
    ├── StateConflict                 right, but too late                     HTTP 409
    │   ├── TaskClosed                completed or cancelled meanwhile
    │   ├── TaskClaimed               somebody else has it
    │   ├── TaskDelegated             somebody does it for its owner
    │   ├── InstanceClosed            ended
    │   │   └── InstanceErased        ended, and what was sealed in it is destroyed
    │   ├── InstanceSuspended         nothing moves until it is activated
    │   ├── FormSent                  a case was opened from this page already
    │   ├── DraftClosed               was sent or thrown away meanwhile
    │   ├── AttachmentsChanged        the files of a new case are others than its page shows
    │   ├── ErasureRefused            what is sealed cannot be erased now
    │   ├── ConcurrentUpdate          another command won; try again
    │   └── NameTaken                 an id that must be new is in use
    ├── ExecutionFailed               the diagram cannot go on from here      HTTP 422
    │   ├── NoFlowTaken               a gateway without a way out
    │   └── StepBudgetExceeded        an endless cycle or recursion
    ├── LogKeyInvalid                 the access log's key file holds no key
    ├── DrawingBusy                   others are drawn just now; try again    HTTP 503
    ├── DatabaseUnavailable           gone, full, read-only or blocked        HTTP 503
    └── SecretUnavailable             what is sealed cannot be opened now     HTTP 503
        ├── KeysUnavailable           the key store or the master key is missing or another one
        │   └── KeyLost               the key store does not know the key of a case
        └── SealBroken                sealed data, or its wrapped key, was changed

A message is a template in English and its parameters: ``str(error)`` is English, and a reader's
language is made of the same two (``gettext(error.template) % error.parameters``).
"""

from engine.errors.absent import (
    AgencyNotFound,
    AttachmentNotFound,
    CommentNotFound,
    DecisionNotFound,
    DefinitionNotFound,
    DeploymentNotFound,
    DraftNotFound,
    ErasureNotFound,
    ExternalTaskNotFound,
    FilterNotFound,
    FormNotFound,
    IncidentNotFound,
    InstanceNotFound,
    JobNotFound,
    MigrationNotFound,
    PageUndrawable,
    RegisterEntryNotFound,
    ResourceNotFound,
    ShareNotFound,
    TaskNotFound,
    UserNotFound,
)
from engine.errors.base import N_, FieldError, TitianError
from engine.errors.conflicts import (
    ActionForbidden,
    AttachmentsChanged,
    ConcurrentUpdate,
    DraftClosed,
    ErasureRefused,
    FormSent,
    InstanceClosed,
    InstanceErased,
    InstanceSuspended,
    NameTaken,
    SecondPersonNeeded,
    StateConflict,
    TaskClaimed,
    TaskClosed,
    TaskDelegated,
)
from engine.errors.inputs import (
    AbsenceRefused,
    AddressInvalid,
    AttachmentRefused,
    BackupRefused,
    CommentRefused,
    DecisionError,
    DeploymentRefused,
    ExpressionFailed,
    ExpressionInvalid,
    ExternalTaskNotHeld,
    FilterRefused,
    FormInvalid,
    FormRefused,
    IdempotencyKeyReused,
    InputInvalid,
    MembershipRefused,
    MessageUnmatched,
    MigrationBlocked,
    MigrationRefused,
    ModificationInvalid,
    ProfileInvalid,
    PurposeMissing,
    QueryInvalid,
    ShareRefused,
    SignalUnmatched,
    VariableInvalid,
    XmlRefused,
)
from engine.errors.running import (
    DatabaseUnavailable,
    DrawingBusy,
    ExecutionFailed,
    KeyLost,
    KeysUnavailable,
    LogKeyInvalid,
    NoFlowTaken,
    SealBroken,
    SecretUnavailable,
    StepBudgetExceeded,
)

__all__ = [
    "N_",
    "AbsenceRefused",
    "ActionForbidden",
    "AddressInvalid",
    "AgencyNotFound",
    "AttachmentNotFound",
    "AttachmentRefused",
    "AttachmentsChanged",
    "BackupRefused",
    "CommentNotFound",
    "CommentRefused",
    "ConcurrentUpdate",
    "DatabaseUnavailable",
    "DecisionError",
    "DecisionNotFound",
    "DefinitionNotFound",
    "DeploymentNotFound",
    "DeploymentRefused",
    "DraftClosed",
    "DraftNotFound",
    "DrawingBusy",
    "ErasureNotFound",
    "ErasureRefused",
    "ExecutionFailed",
    "ExpressionFailed",
    "ExpressionInvalid",
    "ExternalTaskNotFound",
    "ExternalTaskNotHeld",
    "FieldError",
    "FilterNotFound",
    "FilterRefused",
    "FormInvalid",
    "FormNotFound",
    "FormRefused",
    "FormSent",
    "IdempotencyKeyReused",
    "IncidentNotFound",
    "InputInvalid",
    "InstanceClosed",
    "InstanceErased",
    "InstanceNotFound",
    "InstanceSuspended",
    "JobNotFound",
    "KeyLost",
    "KeysUnavailable",
    "LogKeyInvalid",
    "MembershipRefused",
    "MessageUnmatched",
    "MigrationBlocked",
    "MigrationNotFound",
    "MigrationRefused",
    "ModificationInvalid",
    "NameTaken",
    "NoFlowTaken",
    "PageUndrawable",
    "ProfileInvalid",
    "PurposeMissing",
    "QueryInvalid",
    "RegisterEntryNotFound",
    "ResourceNotFound",
    "SealBroken",
    "SecondPersonNeeded",
    "SecretUnavailable",
    "ShareNotFound",
    "ShareRefused",
    "SignalUnmatched",
    "StateConflict",
    "StepBudgetExceeded",
    "TaskClaimed",
    "TaskClosed",
    "TaskDelegated",
    "TaskNotFound",
    "TitianError",
    "UserNotFound",
    "VariableInvalid",
    "XmlRefused",
]
