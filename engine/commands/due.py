"""When a timer is due: BPMN's three kinds of timer, resolved once, in the agency's zone."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import ExecutionFailed
from engine.feel import parse_expression

_AS_DATE = parse_expression(
    'if value instance of string then (if contains(value, "T") '
    "then date and time(value) else date(value)) else value"
)
_AFTER = parse_expression("now + (if value instance of string then duration(value) else value)")


def resolve_due(kind: str, value: Any, at: datetime, zone: ZoneInfo, element: str = "") -> datetime:
    """The aware moment at which a timer is due.

    ``kind``: ``timeDate`` (ISO 8601 text or a FEEL value; a date: its first moment), ``timeDuration``
    (``PT48H``), ``timeCycle`` (``R3/PT1H``: the next repetition). ``at``: now; ``zone``: the
    agency's, for what names none. Raises ``ExecutionFailed`` where ``value`` is none of these (BPMN 2.0,
    10.5.5, timer events).
    """
    if kind == "timeCycle" and isinstance(value, str):
        value = value.rsplit("/", 1)[-1]
    expression = _AS_DATE if kind == "timeDate" else _AFTER
    result = expression.evaluate({"now": at.astimezone(zone), "value": value})
    if isinstance(result, datetime):
        return result if result.tzinfo else result.replace(tzinfo=zone)
    if isinstance(result, date):
        return datetime.combine(result, time(), zone)
    raise ExecutionFailed(element=element, reason=f"'{value}' is not a time")
