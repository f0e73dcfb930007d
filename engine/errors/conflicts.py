"""Known but not allowed (HTTP 403), or right but too late (HTTP 409)."""

from engine.errors.base import N_, TitianError


class ActionForbidden(TitianError):
    template = N_("You may not do this: %(action)s.")


class SecondPersonNeeded(ActionForbidden):
    """Four eyes: ``who`` has done ``step`` in this case, and the task asks for somebody else."""

    template = N_(
        "%(who)s worked on '%(step)s' in this case and so cannot take this task: "
        "it needs a second person (four eyes)."
    )

    def __init__(self, who: str, step: str) -> None:
        super().__init__(who=who, step=step)


class StateConflict(TitianError):
    template = N_("This is not possible any more.")


class TaskClosed(StateConflict):
    template = N_("The task %(id)s is not open any more.")


class TaskClaimed(StateConflict):
    template = N_("The task is already assigned to %(assignee)s.")


class TaskDelegated(StateConflict):
    template = N_("Somebody does this task for %(owner)s: it has to be given back before it is completed.")


class InstanceClosed(StateConflict):
    """``id``: of the process instance, for programs: people know a case by its number."""

    template = N_("This case has ended.")


class InstanceErased(InstanceClosed):
    template = N_("What was sealed in this case has been erased: nothing of it moves any more.")


class InstanceSuspended(StateConflict):
    template = N_("This case is suspended.")


class AttachmentsChanged(StateConflict):
    template = N_(
        "The attachments of this form have changed on another page or device. Reload the page: what you typed"
        " is kept."
    )


class DraftClosed(StateConflict):
    template = N_("This draft was sent or thrown away meanwhile.")


class FormSent(StateConflict):
    """A case was opened from this page already, with other words."""

    template = N_(
        "A case was opened from this form already; you find it in your list. For another report, open the"
        " form anew."
    )


class ErasureRefused(StateConflict):
    template = N_("It cannot be erased now: %(reason)s.")


class ConcurrentUpdate(StateConflict):
    template = N_("Somebody else changed this case at the same time. Please look again.")


class NameTaken(StateConflict):
    template = N_("The name %(id)s is already in use.")
