"""The child process that opens a stranger's file: photos are drawn anew, PDF files are looked through.

Run as a script (``python -I cleaning.py photo|pdf``), so it imports nothing of ours and starts in a tenth of
a second. The file comes by standard input. The answer is one line of JSON, ``{"refused": reason}`` or
``{"content": length, "preview": length, "pages": number}``, and behind it the bytes of content and preview.
"""

import io
import json
import logging
import re
import resource
import sys
from collections.abc import Iterator
from typing import Any, Final

MEMORY: Final = 1024**3
"""Bytes that this process may have."""

SECONDS: Final = 8
"""Seconds of the processor."""

EDGE, QUALITY = 2400, 85
PREVIEW_EDGE, PREVIEW_QUALITY = 240, 60
MOST_PIXELS: Final = 25_000_000
"""A photo of a phone has 12 million; the browser has made it smaller already."""

MOST_SCANS: Final = 40
"""Progressive JPEG: each scan goes over the whole picture again; encoders write about ten, and a thumbnail
or a second picture behind the first has its own."""

MOST_WORK: Final = 300_000_000
"""Pixels times scans."""

MOST_OBJECTS: Final = 100_000
ACTIVE: Final = frozenset(
    {
        *("/JavaScript", "/JS", "/Launch", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"),
        *("/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Thread", "/Movie", "/Rendition", "/Sound"),
        "/AA",
    }
)
"""Names of what runs, sends, plays or carries other files (ISO 32000-1, 12.6.4, 7.11.4, 12.7.8)."""

_UNLISTED = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|GoTo[ER])\b")
"""Names so long that no compressed bytes hold them by chance: in objects too that no table of the file lists,
and that a viewer finds when it repairs the table."""

_NAMED_BY = ("/S", "/Type", "/Subtype")
Answer = tuple[dict[str, Any], bytes, bytes]


class Refused(Exception):
    """The reason is one of the keys of ``inspecting.REASONS``."""


def clean_photo(content: bytes) -> Answer:
    """A JPEG of what a JPEG, PNG or WebP file shows, upright, with nothing beside the picture: no EXIF, no
    place, no thumbnail, no comment, no second picture."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - a PDF needs none of it

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        opened: Any = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except Image.DecompressionBombError:
        raise Refused("pixels") from None
    with opened:
        pixels = opened.width * opened.height
        scans = content.count(b"\xff\xda") if opened.format in ("JPEG", "MPO") else 1
        if pixels > MOST_PIXELS or scans > MOST_SCANS or pixels * scans > MOST_WORK:
            raise Refused("pixels")
        opened.thumbnail((EDGE, EDGE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        try:
            photo = ImageOps.exif_transpose(opened)
        except Exception:  # noqa: BLE001 - a broken EXIF block says nothing: the picture stays as it lies
            photo = opened
        drawn = Image.new("RGB", photo.size, "white")
        if photo.has_transparency_data:
            photo = photo.convert("RGBA")
            drawn.paste(photo, mask=photo)
        else:
            drawn.paste(photo.convert("RGB"))
    preview = drawn.copy()
    preview.thumbnail((PREVIEW_EDGE, PREVIEW_EDGE))
    return {}, _as_jpeg(drawn, QUALITY), _as_jpeg(preview, PREVIEW_QUALITY)


def _as_jpeg(photo: Any, quality: int) -> bytes:
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=quality, optimize=True)
    return file.getvalue()


def check_pdf(content: bytes) -> Answer:
    """The number of pages of a PDF file that only shows something; the file stays as it is."""
    from pypdf import PdfReader  # noqa: PLC0415 - a photo needs none of it

    logging.disable()
    # From the first byte to the last one, so that it is no other kind of file at the same time.
    if not content.startswith(b"%PDF-") or not content.rstrip(b"\0\t\n\f\r ").endswith(b"%%EOF"):
        raise Refused("unreadable")
    reader = PdfReader(io.BytesIO(content), strict=False)
    if reader.is_encrypted:
        raise Refused("encrypted")
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), content)
    if _UNLISTED.search(plain) or any(_is_active(part) for part in _objects(reader)):
        raise Refused("active")
    pages = len(reader.pages)
    if not pages:
        raise Refused("unreadable")
    return {"pages": pages}, b"", b""


def _objects(reader: Any) -> Iterator[Any]:
    """Every object of the file, in object streams too."""
    from pypdf.generic import IndirectObject  # noqa: PLC0415

    numbers = [(number, generation) for generation, found in reader.xref.items() for number in found]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused("unreadable")
    yield reader.trailer
    for number, generation in numbers:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _acts_on_opening(action: Any) -> bool:
    """Whether opening the file does more than go to a page."""
    found = action.get_object() if hasattr(action, "get_object") else action
    return isinstance(found, dict) and str(found.get("/S")) != "/GoTo"


def _is_active(part: Any) -> bool:
    """Whether something in an object, as far as it is written there itself, is not only to be looked at."""
    level = [part]
    while level:
        box = level.pop()
        if isinstance(box, dict):
            values = {str(name): value for name, value in dict.items(box)}
            if not ACTIVE.isdisjoint(values) or _acts_on_opening(values.get("/OpenAction")):
                return True
            if any(str(values[name]) in ACTIVE for name in _NAMED_BY if isinstance(values.get(name), str)):
                return True
            level += values.values()
        elif isinstance(box, list):
            level += list.__iter__(box)
    return False


def main() -> None:
    """Answer for the file at standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what dies here must leave no copy of the file
    try:
        found, content, preview = (clean_photo if sys.argv[1] == "photo" else check_pdf)(
            sys.stdin.buffer.read()
        )
        found |= {"content": len(content), "preview": len(preview)}
    except Refused as refused:
        found, content, preview = {"refused": str(refused)}, b"", b""
    except Exception:  # noqa: BLE001 - whatever a decoder stumbles over, the file is the reason
        found, content, preview = {"refused": "unreadable"}, b"", b""
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + content + preview)


if __name__ == "__main__":
    main()
