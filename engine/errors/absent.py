"""Absent, or another agency's, which looks the same: HTTP 404."""

from engine.errors.base import N_, TitianError


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


class DraftNotFound(ResourceNotFound):
    template = N_("There is no such draft.")


class AttachmentNotFound(ResourceNotFound):
    template = N_("There is no attachment %(id)s.")


class PageUndrawable(ResourceNotFound):
    template = N_("Page %(number)s of this file cannot be shown here. Save the file to read it.")


class CommentNotFound(ResourceNotFound):
    template = N_("There is no comment %(id)s.")


class FilterNotFound(ResourceNotFound):
    template = N_("There is no saved filter %(id)s.")
