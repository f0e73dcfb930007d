"""When a timer is due: BPMN's three kinds of timer, resolved once, in the agency's zone."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import ExecutionFailed
from engine.feel import parse_expression, to_json

_DATE = parse_expression(
    """if not(value instance of string) then value
    else if contains(value, "T") then date and time(value) else date(value)"""
)
_AFTER = parse_expression(
    "date and time(now) + (if value instance of string then duration(value) else value)"
)

_NO_TIME = "what should say when it is due is not a time"
"""Without the value, which may be sealed: errors are logged, and kept with the timer."""


def resolve_due(kind: str, value: Any, at: datetime, zone: ZoneInfo, element: str = "") -> datetime:
    """The aware moment at which a timer is due.

    ``kind``: ``timeDate`` (ISO 8601 text or a FEEL value; a date: its first moment), ``timeDuration``
    (``PT48H``), ``timeCycle`` (``R3/PT1H``: the next repetition). ``at``: now; ``zone``: the agency's, for
    what names none. Raises ``ExecutionFailed`` where ``value`` is none of these (BPMN 2.0,
    10.5.5, timer events).
    """
    if kind == "timeCycle" and isinstance(value, str):
        value = value.rsplit("/", 1)[-1]
    now = at.astimezone(zone).isoformat()
    result = to_json((_DATE if kind == "timeDate" else _AFTER).evaluate({"now": now, "value": value}))
    if not isinstance(result, str):
        raise ExecutionFailed(element=element, reason=_NO_TIME)
    text, _, named = result.partition("@")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:  # FEEL's calendar is longer than ours
        raise ExecutionFailed(element=element, reason=_NO_TIME) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(named) if named else zone)
    return moment
