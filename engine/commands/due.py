"""When a timer is due: BPMN's three kinds of timer, resolved once, in the agency's zone."""

from datetime import datetime, timedelta
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
_ROUND = parse_expression("date and time(start) + duration(interval) * round")

_NO_TIME = "what should say when it is due is not a time"
"""Without the value, which may be sealed: errors are logged, and kept with the timer."""

_SHORTEST_ROUND = timedelta(seconds=1)
"""A cycle that a variable makes shorter would keep the server at nothing else."""


def resolve_due(kind: str, value: Any, at: datetime, zone: ZoneInfo, element: str = "") -> datetime:
    """The aware moment at which a timer is due.

    ``kind``: ``timeDate`` (ISO 8601 text or a FEEL value; a date: its first moment), ``timeDuration``
    (``PT48H``), ``timeCycle`` (``R3/PT1H``: the next repetition; ``R3/<start>/PT1H``: the first after ``at``
    that lies on the grid from ``start``, so that what was missed does not come in a burst). ``at``: now;
    ``zone``: the agency's, for what names none. Raises ``ExecutionFailed`` where ``value`` is none of these
    (BPMN 2.0, 10.5.5, timer events).
    """
    if kind == "timeCycle" and isinstance(value, str):
        _, _, schedule = value.partition("/")
        start, _, interval = schedule.rpartition("/")
        if start:
            return _next_round(start, interval, at, zone, element)
        value = interval
    now = at.astimezone(zone).isoformat()
    result = (_DATE if kind == "timeDate" else _AFTER).evaluate({"now": now, "value": value})
    moment = _moment(result, zone, element)
    return max(moment, at + _SHORTEST_ROUND) if kind == "timeCycle" else moment


def _next_round(start: str, interval: str, at: datetime, zone: ZoneInfo, element: str) -> datetime:
    """The first of ``start``, ``start + interval``, ``start + 2 * interval``... that is later than ``at``; of
    rounds shorter than ``_SHORTEST_ROUND``, the first that is so much later."""

    def moment(number: int) -> datetime:
        values = {"start": start, "interval": interval, "round": number}
        return _moment(_ROUND.evaluate(values), zone, element)

    first, second = moment(0), moment(1)
    if second <= first:
        raise ExecutionFailed(element=element, reason=_NO_TIME)
    if second - first < _SHORTEST_ROUND:
        at += _SHORTEST_ROUND
    number = max(0, (at - first) // (second - first))  # months are not of one length: a guess
    while number > 0 and moment(number) > at:
        number -= 1
    while moment(number) <= at:
        number += 1
    return moment(number)


def _moment(result: Any, zone: ZoneInfo, element: str) -> datetime:
    result = to_json(result)
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
