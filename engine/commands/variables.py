"""What a caller may hand in: forms are checked field by field, everything else by name, type and size."""

from collections.abc import Callable, Collection, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection

from engine.commands.candidates import is_member
from engine.definitions.forms import Form
from engine.errors import N_, FieldError, FormInvalid, VariableInvalid

SYSTEM_VARIABLES = frozenset({"nomor_registrasi", "waktu_diterima"})
"""Set by the system when a case starts; nobody else may set them."""

MAX_BYTES = 1_000_000
"""The most that one command may carry in variables, as JSON."""


def accept(
    tx: Connection,
    agency_id: str,
    form: Form | None,
    submitted: Mapping[str, Any],
    variables: Mapping[str, Any],
    zone: ZoneInfo,
    files: Callable[[], Collection[str]] = frozenset,
) -> dict[str, Any]:
    """The values that a step takes over from what was submitted.

    With a form, exactly its visible fields (issue 'Five SOPs', section 3), and null where it asks afresh and
    the answer of an earlier round would stay; without one, any variable. ``zone``: the agency's, where
    'today' is. ``files``: gives the ids of the files that the form may name. Raises ``FormInvalid`` with
    every field's error, ``VariableInvalid`` for names and sizes.
    """
    check_bytes(submitted)
    if form is None:
        for name in submitted:
            check_name(name)
        return dict(submitted)
    accepted = form.check(dict(submitted), variables, zone.key)
    errors = [*_not_members(tx, agency_id, form, accepted), *_lowered(form, accepted, variables)]
    errors += _not_attached(form, accepted, files)
    if errors:
        raise FormInvalid(errors)
    return {**_outdated(form, variables), **accepted}


def _outdated(form: Form, variables: Mapping[str, Any]) -> dict[str, None]:
    """Null for each answer of an earlier round to a question marked ``isian_baru``: silence is no answer."""
    return {name: None for name in form.fresh if variables.get(name) is not None}


def check_bytes(values: Any) -> None:
    """Raise ``VariableInvalid`` for what is no JSON, or larger than ``MAX_BYTES``."""
    try:
        size = len(orjson.dumps(values))
    except (TypeError, ValueError) as error:
        raise VariableInvalid(name="*", reason=f"not JSON: {error}") from error
    if size > MAX_BYTES:
        raise VariableInvalid(name="*", reason=f"{size} bytes are more than {MAX_BYTES}")


def check_name(name: str) -> None:
    """Raise ``VariableInvalid`` for what is no name of a variable, or one that only the system sets."""
    if not 0 < len(name) <= 255 or not name.isprintable():
        raise VariableInvalid(name=name[:50], reason="a name has 1 to 255 printable characters")
    if name in SYSTEM_VARIABLES:
        raise VariableInvalid(name=name, reason="only the system sets it")


def _not_members(tx: Connection, agency_id: str, form: Form, accepted: Mapping[str, Any]) -> list[FieldError]:
    """Fields marked ``anggota`` hold the user id of an active member of that group."""
    template = N_("Choose a member of the group %(group)s.")
    return [
        FieldError(key, template, {"group": group})
        for key, group in form.members.items()
        if accepted.get(key) and not is_member(tx, agency_id, str(accepted[key]), [group])
    ]


def _not_attached(
    form: Form, accepted: Mapping[str, Any], files: Callable[[], Collection[str]]
) -> list[FieldError]:
    """A field for files holds ids of what is attached here, and of nothing else."""
    named = {key: accepted[key] for key in form.files if accepted.get(key)}
    there = frozenset(files()) if named else frozenset()
    template = N_("One of these files is not attached any more. Attach it again.")
    return [FieldError(key, template) for key, ids in named.items() if not there.issuperset(ids)]


def _lowered(form: Form, accepted: Mapping[str, Any], variables: Mapping[str, Any]) -> list[FieldError]:
    """Fields marked ``tidak_turun`` (values from low to high) may not fall below the case's value."""
    template = N_("This may be raised, never lowered: it is '%(value)s' already.")
    errors = []
    for key, order in form.never_lowered.items():
        old, new = variables.get(key), accepted.get(key)
        if old in order and new in order and order.index(new) < order.index(old):
            errors.append(FieldError(key, template, {"value": old}))
    return errors
