"""The administrator's part: users, what they belong to, and the agencies. It shows no case.

Rights are the engine's (``ADMINISTER``); the first page that is asked for says no to everybody else.
"""

from webapp.admin import agencies, changes, users
from webapp.admin.part import blueprint

__all__ = ["agencies", "blueprint", "changes", "users"]
