"""The diagram cannot go on, or what the server stands on is not there."""

from engine.errors.base import N_, TitianError


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


class DrawingBusy(TitianError):
    template = N_("Many pages are being drawn just now. Try again in a moment.")


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
