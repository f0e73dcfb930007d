"""Values as a reader understands them."""

import re
from datetime import date, datetime
from typing import Any

from flask_babel import format_date

from engine.definitions.forms import Files
from engine.errors import N_
from webapp.agencies import zone_of
from webapp.i18n import gettext, ngettext
from webapp.people import person
from webapp.times import moment

SYSTEM_LABELS = {"nomor_registrasi": N_("Registration number"), "waktu_diterima": N_("Received")}
"""Labels of the variables that the engine sets; no form names them."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
_USER = re.compile(r"[\w.+-]{1,40}@[\w.-]{1,23}")


def readable(value: Any, agency_id: str) -> str:
    """A JSON value as a reader of the agency understands it; empty where nothing was filled in.

    A tuple is a list's rows of (label, value), one line each.
    """
    if isinstance(value, Files):
        return ngettext("%(num)d file", "%(num)d files", value.count)
    if value is None or value in ("", [], {}, ()):
        return ""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, str):
        return _text(value, agency_id)
    if isinstance(value, tuple):
        rows = ("; ".join(f"{label}: {readable(item, agency_id)}" for label, item in row) for row in value)
        return "\n".join(f"{number}. {row}" for number, row in enumerate(rows, 1))
    if isinstance(value, list):
        return "; ".join(readable(item, agency_id) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {readable(item, agency_id)}" for name, item in value.items())
    return str(value)


def _text(value: str, agency_id: str) -> str:
    try:
        if _MOMENT.fullmatch(value):
            return moment(datetime.fromisoformat(value), zone_of(agency_id))
        if _DATE.fullmatch(value):
            return str(format_date(date.fromisoformat(value), "long"))
    except ValueError:  # it only looks like one: 2026-02-30
        return value
    return person(value) if _USER.fullmatch(value) else value
