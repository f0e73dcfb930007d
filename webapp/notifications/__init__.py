"""What people are told, in the app: the bell on every page, and the list behind it.

The sentences (``words``) are the same here, in mails and in push messages; outside, nobody's name is in them.
"""

from webapp.notifications import views
from webapp.notifications.bell import note_read, unread_count
from webapp.notifications.part import blueprint

__all__ = ["blueprint", "note_read", "unread_count", "views"]
