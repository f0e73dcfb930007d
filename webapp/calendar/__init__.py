"""The calendar: read by everybody of an agency, kept by its manager; the nation's days by administrators."""

from webapp.calendar import days, hours, year
from webapp.calendar.part import blueprint

__all__ = ["blueprint", "days", "hours", "year"]
