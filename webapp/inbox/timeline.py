"""The history of a case by day, and what of it is shown: all, or one topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from webapp.agencies import zone_of
from webapp.i18n import gettext
from webapp.inbox.story import TOPICS, Line
from webapp.times import local, long_day


@dataclass(frozen=True)
class Day:
    """What happened on one day on the clocks of the agency, the newest first."""

    day: date
    words: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Topic:
    """A part of the history that can be shown alone; ``key`` is empty for all of it."""

    key: str
    label: str
    here: bool


@dataclass(frozen=True)
class Timeline:
    """``days``: the newest first. ``topics``: what can be chosen, none where there is but one."""

    days: Sequence[Day]
    topics: Sequence[Topic]


def timeline(lines: Sequence[Line], agency_id: str, chosen: str = "") -> Timeline:
    """The lines of a story (the newest first) by day; ``chosen``: one of ``TOPICS``, else all of them."""
    there = {line.topic for line in lines}
    chosen = chosen if chosen in there else ""
    zone = zone_of(agency_id)
    shown = [line for line in lines if chosen in ("", line.topic)]
    days = [
        Day(day, long_day(day), list(of_day))
        for day, of_day in groupby(shown, lambda line: local(line.at, zone).date())
    ]
    topics = [Topic("", gettext("Everything"), not chosen)]
    topics += [Topic(key, gettext(label), key == chosen) for key, label in TOPICS.items() if key in there]
    return Timeline(days, topics if len(there) > 1 else [])
