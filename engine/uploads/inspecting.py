"""Which kind a file is, and what of it is kept."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from engine.errors import N_, AttachmentRefused
from engine.uploads.children import ChildFailed, ChildrenBusy, feed
from engine.uploads.pages import draw_first_page

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file, unless the setting says otherwise."""

PHOTO, PDF = "image/jpeg", "application/pdf"
_CLEANER = Path(__file__).with_name("cleaning.py")
_AT_ONCE = threading.BoundedSemaphore(2)

REASONS: Final = {
    "empty": N_("it is empty"),
    "kind": N_("it is neither a photo (JPEG, PNG, WebP) nor a PDF"),
    "heic": N_(
        "it is a HEIC photo; set the camera to JPEG (\u201cmost compatible\u201d) or send a screenshot of it"
    ),
    "pixels": N_("the picture has more than 25 million dots; make it smaller first"),
    "unreadable": N_("it is damaged or incomplete and cannot be opened"),
    "encrypted": N_("the PDF is protected by a password; save it without one first"),
    "active": N_(
        "the PDF holds scripts, forms that send data, or other files; print it into a plain PDF first"
    ),
    "busy": N_("too many files are being looked at just now; try again in a minute"),
    "size": N_("it is larger than the limit of this server"),
}
"""Why a file is refused: completes the sentence "This file cannot be attached: ..."."""

_HEIF = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True)
class Clean:
    """What is kept of a file. ``content_type``: ``image/jpeg``, whatever kind of picture came, or
    ``application/pdf``; ``preview``: a small JPEG of a photo or of the first page,
    None where that cannot be drawn; ``pages``: of a PDF."""

    content_type: str
    content: bytes
    preview: bytes | None = None
    pages: int | None = None


def inspect(content: bytes, largest: int = LARGEST) -> Clean:
    """What is kept of an uploaded file: a photo drawn anew, a PDF as it is.

    ``largest``: bytes. Raises ``AttachmentRefused`` for what is no photo or PDF, is damaged, too large,
    protected, or does more than show something.
    """
    if not content:
        raise refusal("empty")
    if len(content) > largest:
        raise refusal("size")
    kind = _kind(content)
    found, rest = _answer_of(kind, content)
    if "refused" in found:
        raise refusal(found["refused"])
    if kind == "pdf":
        return Clean(PDF, content, preview=draw_first_page(content), pages=found["pages"])
    return Clean(PHOTO, rest[: found["content"]], preview=rest[found["content"] :])


def refusal(reason: str) -> AttachmentRefused:
    """The error for one of ``REASONS``."""
    return AttachmentRefused(reason=REASONS[reason])


def _kind(content: bytes) -> str:
    """``photo`` or ``pdf``, by the first bytes."""
    if content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return "photo"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "photo"
    if content.startswith(b"%PDF-"):
        return "pdf"
    raise refusal("heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIF else "kind")


def _answer_of(kind: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    """What the child says, and the bytes behind it. A child that dies has been fed something unreadable."""
    try:
        head, _, rest = feed(_AT_ONCE, _CLEANER, content, kind).partition(b"\n")
    except ChildrenBusy:
        return {"refused": "busy"}, b""
    except ChildFailed:
        return {"refused": "unreadable"}, b""
    found: dict[str, Any] = json.loads(head)
    return found, rest
