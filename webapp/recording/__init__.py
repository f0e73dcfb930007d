"""Every answer that shows a case is recorded before it is sent; every route says whether it shows one.

``declared`` holds what each route says. An application with a route that says nothing does not start, and one
whose view is declared to show a case and notes none (``seen``) fails at its first call.
"""

from webapp.recording.answers import init_recording, note_origin, noted, seen

__all__ = ["init_recording", "note_origin", "noted", "seen"]
