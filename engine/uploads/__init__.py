"""What people upload, looked at and made harmless (issue 6, attachments).

Law of the house: what a file is, its content says, never its name or what the browser claims. Decoders are
fed by strangers, so they run in processes of their own (``cleaning``, ``drawing``) that have bounded memory
and time, and neither the database nor a key. Knows nothing of cases.
"""

from engine.uploads.inspecting import LARGEST, Clean, inspect
from engine.uploads.limits import USUAL_LIMITS, UploadLimits
from engine.uploads.pages import draw_page

__all__ = ["LARGEST", "USUAL_LIMITS", "Clean", "UploadLimits", "draw_page", "inspect"]
