"""A variable's value as somebody writes it: what the field holds at first, and what is made of the answer."""

import hashlib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import orjson

from engine.definitions.forms import Kind
from engine.definitions.forms.formats import read_date, read_datetime, read_time
from engine.definitions.forms.words import REQUIRED, TOO_LONG, WRONG_TYPE
from engine.errors import N_
from engine.types import ValueKind, VariableField
from webapp.i18n import gettext

LONGEST_TEXT = 100_000
"""Characters, as in a form."""

_MOST_DIGITS = 15
"""A number with no more of them is kept exactly, everywhere."""

_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_READ: Mapping[ValueKind, Callable[[str], object]] = MappingProxyType(
    {ValueKind.DATE: read_date, ValueKind.TIME: read_time, ValueKind.DATETIME: read_datetime}
)
_ANSWERS = {"yes": True, "no": False}


def digest_of(field: VariableField) -> str:
    """Tells whether a value has changed; empty for what is sealed, which nothing may be told of."""
    if field.sealed:
        return ""
    return hashlib.sha256(orjson.dumps(field.value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def written(field: VariableField) -> str:
    """The present value as it stands in the field to be corrected; empty for what is sealed."""
    if field.sealed or field.value is None:
        return ""
    if field.kind is ValueKind.YES_NO and isinstance(field.value, bool):
        return "yes" if field.value else "no"
    if field.kind is ValueKind.NUMBER:
        return str(field.value).replace(".", ",")
    return str(field.value)


def read_value(field: VariableField, label: str, text: str) -> Any:
    """The JSON value that ``text`` stands for. Raises ``ValueError`` that says what to do."""
    if not text and (field.sealed or field.kind is not ValueKind.TEXT):
        raise ValueError(gettext(REQUIRED.get(_kind(field), REQUIRED[Kind.CHOICE]), label=label))
    value = _read(field, label, text)
    if not field.sealed and type(value) is type(field.value) and value == field.value:
        raise ValueError(gettext("“%(label)s” has this value already.", label=label))
    return value


def _read(field: VariableField, label: str, text: str) -> Any:
    match field.kind:
        case ValueKind.NUMBER:
            return _number(label, text)
        case ValueKind.YES_NO if text in _ANSWERS:
            return _ANSWERS[text]
        case ValueKind.CHOICE if chosen := [value for value, _ in field.options if str(value) == text]:
            return chosen[0]
        case ValueKind.DATE | ValueKind.TIME | ValueKind.DATETIME if _READ[field.kind](text):
            return text
        case ValueKind.TEXT if len(text) <= LONGEST_TEXT:
            return text
        case ValueKind.TEXT:
            raise ValueError(gettext(TOO_LONG, label=label, limit=LONGEST_TEXT))
    raise ValueError(gettext(WRONG_TYPE[_kind(field)], label=label))


def _number(label: str, text: str) -> int | float:
    """A whole number or a decimal one; what could be read as either is refused (1.500)."""
    if not _NUMBER.fullmatch(text) or _THOUSANDS.fullmatch(text):
        template = N_("Write “%(label)s” in digits, with a comma before decimals, no dots between thousands.")
        raise ValueError(gettext(template, label=label))
    if sum(each.isdigit() for each in text) > _MOST_DIGITS:
        raise ValueError(
            gettext("Write “%(label)s” with at most %(most)s digits.", label=label, most=_MOST_DIGITS)
        )
    number = float(text.replace(",", "."))
    return int(number) if number.is_integer() else number


def _kind(field: VariableField) -> Kind:
    return Kind.CHOICE if field.kind is ValueKind.YES_NO else Kind(field.kind)
