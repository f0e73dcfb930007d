"""The child process that draws one page of a stranger's PDF as a picture.

Run as a script (``python -I drawing.py NUMBER WIDTH``), so it imports nothing of ours. The file comes by
standard input; its page ``NUMBER`` (from 1) goes out as a JPEG whose shorter side has ``WIDTH`` dots. Where
that cannot be drawn, the process fails.

PDFium is what Chromium shows PDF files with, here without its JavaScript engine. Its code is large and meets
strangers, so it draws when the process can open no file and no connection any more. Fonts that a file does
not bring are PDFium's own, the same on every server.
"""

import os
import resource
import sys
from math import sqrt
from typing import Final

MEMORY: Final = 1024**3
"""Bytes that this process may have."""

SECONDS: Final = 5
"""Seconds of the processor, for one page."""

MOST_DOTS: Final = 3_500_000
LONGEST: Final = 6000
"""Dots of a picture, and of its longer side: whatever size a page says it has. A4 has 2.2 million."""

QUALITY: Final = 60


def scale_of(size: tuple[float, float], side: int) -> float:
    """Dots to a point of a page of this size, whose shorter side is to have ``side`` dots. Raises
    ``ValueError``, ``ZeroDivisionError`` for a page that is none."""
    width, height = size
    scale = min(side / min(size), sqrt(MOST_DOTS / (width * height)), LONGEST / max(size))
    if not scale > 0:
        raise ValueError("not a page")
    return scale


def limit() -> None:
    """Nothing more than memory and time for one page, and what is not needed any more when all is loaded."""
    os.nice(2)  # who waits for a page waits after those who work
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    for none in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_NPROC):
        resource.setrlimit(none, (0, 0))  # no copy of the file, no other file or connection, no process


def main() -> None:
    """Draw a page of the file at standard input."""
    import pypdfium2  # noqa: PLC0415 - only the child loads it
    from PIL import Image  # noqa: PLC0415

    Image.preinit()  # it would look for its parts when it saves
    content = sys.stdin.buffer.read()
    limit()
    document = pypdfium2.PdfDocument(content)
    document.init_forms()  # else nothing that was filled in or signed is drawn
    page = document[int(sys.argv[1]) - 1]
    drawn = page.render(scale=scale_of(page.get_size(), int(sys.argv[2]))).to_pil()
    drawn.convert("RGB").save(sys.stdout.buffer, "JPEG", quality=QUALITY, optimize=True)
    sys.stdout.buffer.flush()
    os._exit(0)  # what PDFium would do on its way out, a broken file might hang


if __name__ == "__main__":
    main()
