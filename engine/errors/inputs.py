"""The caller sent something wrong: HTTP 400, where nothing else is said."""

from collections.abc import Sequence
from typing import Any

from engine.errors.base import N_, FieldError, TitianError


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


class AddressInvalid(InputInvalid):
    template = N_("This is no e-mail address.")


class ProfileInvalid(InputInvalid):
    template = N_("The clock %(clock)s of the profile is not valid: '%(key)s' %(reason)s.")


class AttachmentRefused(InputInvalid):
    template = N_("This file cannot be attached: %(reason)s.")


class FilterRefused(InputInvalid):
    template = N_("The filter cannot be saved: %(reason)s")


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


class AbsenceRefused(InputInvalid):
    template = N_("The substitute was not named: %(reason)s")


class MembershipRefused(InputInvalid):
    template = N_("The groups were not changed: %(reason)s")


class CommentRefused(InputInvalid):
    template = N_("The comment was not written: %(reason)s")


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
