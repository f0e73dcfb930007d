"""``titian due``: when a clock that began then is due, and why."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask_babel import force_locale

from engine.desk import ClockKind, due, get_calendar
from engine.types import SYSTEM
from webapp.cli.common import opened
from webapp.config import read_settings
from webapp.deadlines.words import NOT_SET, explanation
from webapp.i18n import DEFAULT, LANGUAGES, gettext, init_languages

UNKNOWN = 3
"""The exit code where there is no deadline yet."""


class Moment(click.ParamType[datetime]):
    """ISO 8601, such as ``2026-03-16T09:00``: without an offset it is meant by the agency's clocks."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, aware or not."""
        try:
            return datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is not a moment like 2026-03-16T09:00", param, ctx)


@click.command("due")
@click.option("--agency", "agency_id", required=True, help="Whose calendar and office hours count.")
@click.option("--clock", type=click.Choice([kind.value for kind in ClockKind]), required=True)
@click.option("--amount", type=click.IntRange(1, 1_000_000), required=True, help="How many of its units.")
@click.option("--from", "start", type=Moment(), required=True, help="When it begins: 2026-03-16T09:00.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default=DEFAULT, show_default=True)
def due_when(agency_id: str, clock: str, amount: int, start: datetime, language: str) -> None:
    """Say when a deadline is, and why.

    The first line is the moment in ISO 8601; what was counted and what was skipped follows, one a line. Where
    the calendar is not set that far, the first line says so, and the exit code is 3.
    """
    with opened(read_settings()) as database:
        calendar = get_calendar(database, SYSTEM, agency_id)
    found = due(ClockKind(clock), amount, _aware(start, calendar.zone), calendar)
    app = Flask("webapp")
    init_languages(app)
    with app.app_context(), force_locale(language):
        click.echo(_iso(found.at) if found.at else gettext(NOT_SET))
        for line in explanation(found):
            click.echo(line)
    if found.at is None:
        raise click.exceptions.Exit(UNKNOWN)


def _aware(start: datetime, zone: ZoneInfo) -> datetime:
    return start if start.tzinfo else start.replace(tzinfo=zone)


def _iso(at: datetime) -> str:
    """As short as it can be: to the minute, where the moment has no seconds."""
    return at.isoformat(timespec="seconds" if at.second or at.microsecond else "minutes")
