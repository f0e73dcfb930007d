"""What the form says when it says no: one plain sentence for each thing wrong, that says what to do."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.definitions.forms.components import Kind
from engine.errors import N_

REQUIRED: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEXT: N_("Fill in “%(label)s”."),
        Kind.NUMBER: N_("Enter a number for “%(label)s”."),
        Kind.CHECKBOX: N_("Tick “%(label)s” to go on."),
        Kind.CHOICE: N_("Choose an answer for “%(label)s”."),
        Kind.CHOICES: N_("Choose at least one answer for “%(label)s”."),
        Kind.DATE: N_("Enter the date for “%(label)s”."),
        Kind.TIME: N_("Enter the time for “%(label)s”."),
        Kind.DATETIME: N_("Enter the date and time for “%(label)s”."),
        Kind.FILE: N_("Attach a file for “%(label)s”."),
    }
)

WRONG_TYPE: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.TEXT: N_("Enter “%(label)s” as text."),
        Kind.NUMBER: N_("Enter “%(label)s” as a number in digits, without other characters."),
        Kind.CHECKBOX: N_("Answer “%(label)s” with true or false."),
        Kind.CHOICE: N_("Choose one of the answers offered for “%(label)s”."),
        Kind.CHOICES: N_("Choose only from the answers offered for “%(label)s”."),
        Kind.DATE: N_("Enter a date that exists for “%(label)s”, written like 2026-11-21."),
        Kind.TIME: N_("Enter a time that exists for “%(label)s”, written like 09:00."),
        Kind.DATETIME: N_(
            "Enter a date and time that exist for “%(label)s”, written like 2026-11-21T09:00+07:00."
        ),
        Kind.FILE: N_("Attach the file for “%(label)s” again."),
        Kind.ROWS: N_("Send “%(label)s” as a list of at most %(rows)d rows."),
    }
)

WHOLE_NUMBER: Final = N_("Enter “%(label)s” as a whole number in digits, without other characters.")
MINIMUM: Final = N_("Enter %(limit)s or more for “%(label)s”.")
MAXIMUM: Final = N_("Enter %(limit)s or less for “%(label)s”.")
DECIMALS: Final = N_("Enter “%(label)s” with at most %(digits)d digits after the decimal point.")
STEP: Final = N_("Enter a multiple of %(step)s for “%(label)s”.")
TOO_SHORT: Final = N_("Write at least %(limit)s characters for “%(label)s”.")
TOO_LONG: Final = N_("Write at most %(limit)s characters for “%(label)s”.")
PATTERN: Final = N_("Write “%(label)s” in the form that is asked for.")
OWN_WORDS: Final = "%(message)s"
EMAIL: Final = N_("Enter an e-mail address for “%(label)s”, written like nama@contoh.id.")
PHONE: Final = N_(
    "Enter a telephone number with its country code for “%(label)s”, written like +6281234567890."
)
TWICE: Final = N_("Choose each answer for “%(label)s” only once.")
IN_FUTURE: Final = N_("Enter a date for “%(label)s” that is not in the future.")
IN_PAST: Final = N_("Enter a date for “%(label)s” that is not in the past.")
UNREADABLE: Final = N_("Enter “%(label)s” again: it has characters that cannot be kept.")

UNKNOWN_KEY: Final = N_("Leave out “%(key)s”: this form has no such field.")
NOT_AN_OBJECT: Final = N_("Send “%(key)s” as an object of fields.")
NO_DATA: Final = N_("Send the form as an object of fields.")
TOO_DEEP: Final = N_("Send the form without values nested deeper than %(limit)d levels.")
TOO_MUCH: Final = N_("Send the form with at most %(limit)d values.")


def parameters(label: str, **more: Any) -> dict[str, Any]:
    """The parameters of a sentence about one field."""
    return {"label": label, **more}
