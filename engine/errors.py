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
    │   ├── IdempotencyKeyReused      the key of another request              HTTP 422
    │   ├── BackupRefused             a file that is no backup, or a place that is in use
    │   ├── DecisionError             a decision that cannot be evaluated
    │   ├── MessageUnmatched          nobody, or more than one, waits for it
    │   ├── ModificationInvalid       an instruction that cannot be carried out
    │   ├── ShareRefused                  a case cannot be shared like this
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
    │       ErasureNotFound, ShareNotFound, RegisterEntryNotFound
    ├── StateConflict                 right, but too late                     HTTP 409
    │   ├── TaskClosed                completed or cancelled meanwhile
    │   ├── TaskClaimed               somebody else has it
    │   ├── InstanceClosed            ended
    │   │   └── InstanceErased        ended, and what was sealed in it is destroyed
    │   ├── InstanceSuspended         nothing moves until it is activated
    │   ├── ErasureRefused            what is sealed cannot be erased now
    │   ├── ConcurrentUpdate          another command won; try again
    │   └── NameTaken                 an id that must be new is in use
    ├── ExecutionFailed               the diagram cannot go on from here      HTTP 422
    │   ├── NoFlowTaken               a gateway without a way out
    │   └── StepBudgetExceeded        an endless cycle or recursion
    ├── LogKeyInvalid                 the access log's key file holds no key
    ├── DatabaseUnavailable           gone, full, read-only or blocked        HTTP 503
    └── SecretUnavailable             what is sealed cannot be opened now     HTTP 503
        ├── KeysUnavailable           the key store or the master key is missing or another one
        │   └── KeyLost               the key store does not know the key of a case
        └── SealBroken                sealed data, or its wrapped key, was changed

A message is a template in English and its parameters: ``str(error)`` is English, and a reader's
language is made of the same two (``gettext(error.template) % error.parameters``).
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


def N_(template: str) -> str:  # noqa: N802 - the name that catalogue extractors know
    """Mark a text for translation without translating it here."""
    return template


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field of a form.

    ``field`` is the path of the field (``anak.nik`` or ``pertemuan.0.tanggal``), ``template`` and
    ``parameters`` make the sentence.
    """

    field: str
    template: str
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.parameters


class TitianError(Exception):
    """The root. ``TitianError(template, name=value, ...)``; the template uses ``%(name)s``."""

    template: str = N_("Something went wrong.")

    def __init__(self, template: str | None = None, **parameters: Any) -> None:
        self.template = template or type(self).template
        self.parameters: dict[str, Any] = parameters
        super().__init__(self.template % parameters if parameters else self.template)


class InputInvalid(TitianError):
    template = N_("The request is not valid.")


class XmlRefused(InputInvalid):
    template = N_("The XML in %(resource)s is refused: %(reason)s")


class DeploymentRefused(InputInvalid):
    """``findings``: the linter's findings, errors first (``engine.definitions.lint.Finding``)."""

    template = N_("The deployment is refused: %(count)d findings. First: %(first)s")

    def __init__(self, findings: list[Any]) -> None:
        self.findings = findings
        super().__init__(count=len(findings), first=str(findings[0]) if findings else "")


class FormRefused(InputInvalid):
    template = N_("The form in %(resource)s is refused: %(reason)s")

    def __init__(self, resource: str, reason: str) -> None:
        super().__init__(resource=resource, reason=reason)


class FormInvalid(InputInvalid):
    """``fields``: every ``FieldError`` of the form, in the form's order."""

    template = N_("The form has %(count)d errors: %(names)s")

    def __init__(self, fields: list[FieldError]) -> None:
        self.fields = fields
        super().__init__(count=len(fields), names=", ".join(f.field for f in fields))


class VariableInvalid(InputInvalid):
    template = N_("The variable %(name)s is not valid: %(reason)s")


class QueryInvalid(InputInvalid):
    template = N_("The query is not valid: %(reason)s")


class ExpressionInvalid(InputInvalid):
    """FEEL that does not parse. ``position``: 0-based offset into ``text``."""

    template = N_("The expression '%(text)s' is not valid at position %(position)d: %(reason)s")

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text, self.position, self.reason = text, position, reason
        super().__init__(text=text, position=position, reason=reason)


class ExpressionFailed(InputInvalid):
    """FEEL that used up its budget of steps or size. ``position`` as in ExpressionInvalid."""

    template = N_("The expression '%(text)s' cannot be evaluated: %(reason)s")

    def __init__(self, text: str, position: int, reason: str) -> None:
        self.text, self.position, self.reason = text, position, reason
        super().__init__(text=text, position=position, reason=reason)


class PurposeMissing(InputInvalid):
    template = N_("Say in a few words what you need it for.")


class IdempotencyKeyReused(InputInvalid):
    template = N_("The Idempotency-Key %(key)s belongs to another request. Use a new one.")


class BackupRefused(InputInvalid):
    template = N_("The backup %(file)s is refused: %(reason)s")


class DecisionError(InputInvalid):
    """``element``, ``expression`` and ``position`` say where, as far as known; ``rules``: ids of those that
    are at odds, where a hit policy is violated."""

    template = N_("The decision %(decision)s cannot be evaluated at %(element)s: %(reason)s")

    def __init__(
        self,
        decision: str,
        element: str,
        reason: str,
        *,
        expression: str = "",
        position: int = 0,
        rules: Sequence[str] = (),
    ) -> None:
        self.decision, self.element, self.reason = decision, element, reason
        self.expression, self.position, self.rules = expression, position, tuple(rules)
        super().__init__(decision=decision, element=element, reason=reason)


class MessageUnmatched(InputInvalid):
    template = N_("The message %(name)s matches %(count)d waiting process instances, not one.")


class ModificationInvalid(InputInvalid):
    """``index``: of the instruction, from 0."""

    template = N_("Instruction %(index)d (%(element)s) cannot be carried out: %(reason)s")


class ShareRefused(InputInvalid):
    template = N_("The case cannot be shared like this: %(reason)s")


class MigrationRefused(InputInvalid):
    template = N_("Process instances cannot be moved to %(target)s: %(reason)s")


class SignalUnmatched(InputInvalid):
    template = N_("The process instance does not wait for the signal %(name)s.")


class ExternalTaskNotHeld(InputInvalid):
    template = N_("The external task %(id)s was last locked by somebody else, not by the worker %(worker)s.")


class MigrationBlocked(MigrationRefused):
    """``instances``: those that cannot be moved (``engine.InstanceMigration``), each with its problems."""

    def __init__(self, target: str, instances: Sequence[Any]) -> None:
        self.instances = instances
        super().__init__(target=target, reason=f"{len(instances)} of them cannot be moved")


class ActionForbidden(TitianError):
    template = N_("You may not do this: %(action)s.")


class SecondPersonNeeded(ActionForbidden):
    """Four eyes: ``who`` has done ``step`` in this case, and the task asks for somebody else."""

    template = N_(
        "%(who)s completed '%(step)s' in this case and so cannot take this task: "
        "it needs a second person (four eyes)."
    )

    def __init__(self, who: str, step: str) -> None:
        super().__init__(who=who, step=step)


class ResourceNotFound(TitianError):
    template = N_("Not found: %(id)s")


class TaskNotFound(ResourceNotFound):
    template = N_("There is no task %(id)s.")


class InstanceNotFound(ResourceNotFound):
    template = N_("There is no process instance %(id)s.")


class DefinitionNotFound(ResourceNotFound):
    template = N_("There is no process definition %(id)s.")


class DecisionNotFound(ResourceNotFound):
    template = N_("There is no decision %(id)s.")


class DeploymentNotFound(ResourceNotFound):
    template = N_("There is no deployment %(id)s.")


class FormNotFound(ResourceNotFound):
    template = N_("There is no form %(id)s.")


class ErasureNotFound(ResourceNotFound):
    template = N_("There is no erasure %(id)s.")


class MigrationNotFound(ResourceNotFound):
    template = N_("There is no migration %(id)s.")


class RegisterEntryNotFound(ResourceNotFound):
    template = N_("There is no such entry in the register.")


class AgencyNotFound(ResourceNotFound):
    template = N_("There is no agency %(id)s.")


class UserNotFound(ResourceNotFound):
    template = N_("There is no user %(id)s.")


class ExternalTaskNotFound(ResourceNotFound):
    template = N_("There is no external task %(id)s.")


class JobNotFound(ResourceNotFound):
    template = N_("There is no job %(id)s.")


class IncidentNotFound(ResourceNotFound):
    template = N_("There is no incident %(id)s.")


class ShareNotFound(ResourceNotFound):
    template = N_("There is no share %(id)s.")


class StateConflict(TitianError):
    template = N_("This is not possible any more.")


class TaskClosed(StateConflict):
    template = N_("The task %(id)s is not open any more.")


class TaskClaimed(StateConflict):
    template = N_("The task is already assigned to %(assignee)s.")


class InstanceClosed(StateConflict):
    template = N_("The process instance %(id)s has ended.")


class InstanceErased(InstanceClosed):
    template = N_(
        "What was sealed in the process instance %(id)s has been erased: nothing of it moves any more."
    )


class InstanceSuspended(StateConflict):
    template = N_("The process instance %(id)s is suspended.")


class ErasureRefused(StateConflict):
    template = N_("It cannot be erased now: %(reason)s.")


class ConcurrentUpdate(StateConflict):
    template = N_("Somebody else changed this case at the same time. Please look again.")


class NameTaken(StateConflict):
    template = N_("The name %(id)s is already in use.")


class ExecutionFailed(TitianError):
    """``token_id``: the token that a command tried to move, None where none was there before it."""

    template = N_("The process cannot go on at %(element)s: %(reason)s")
    token_id: str | None = None


class NoFlowTaken(ExecutionFailed):
    template = N_("No outgoing flow of %(element)s has a condition that holds.")


class StepBudgetExceeded(ExecutionFailed):
    template = N_("The process does not come to rest: stopped at %(element)s.")


class DatabaseUnavailable(TitianError):
    template = N_("The database is not available at the moment. Nothing was saved.")


class LogKeyInvalid(TitianError):
    template = N_("The access log's key cannot be read from %(file)s. Nothing was saved.")


class SecretUnavailable(TitianError):
    template = N_("What is sealed cannot be opened at the moment. Nothing was saved.")


class KeysUnavailable(SecretUnavailable):
    template = N_("The keys of the cases are not available: %(reason)s")


class KeyLost(KeysUnavailable):
    template = N_("The key store does not know the key %(key)s: it is another key store, or an older copy.")


class SealBroken(SecretUnavailable):
    template = N_(
        "What is sealed (%(what)s, key %(key)s) cannot be opened: it was changed, or is another case's."
    )
