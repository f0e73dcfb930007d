"""A page of a PDF is a picture of bounded size, soon, or none: whatever the file is."""

import io
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import DrawingBusy, PageUndrawable
from engine.uploads import drawing, inspect, pages
from engine.uploads.pages import WIDTH, draw_page
from tests.support.files import bomb, pdf, stream

SECONDS = drawing.SECONDS + 3.0
"""Of the processor: the limit of the child, and its start."""

CONTENT = b"/Contents 10 0 R"
FORMS = b"/Contents 10 0 R /Resources << /XObject << /F 11 0 R >> >>"
SQUARE = b"0 0 0 rg 100 100 100 100 re f"


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def spent() -> float:
    """Seconds of the processor, of children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def form(content: bytes, inside: int | None = None) -> bytes:
    """A form XObject; ``inside``: the object that is ``/F`` in it."""
    needs = b"/Resources << /XObject << /F %d 0 R >> >>" % inside if inside else b""
    return stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] " + needs)


def field(*, appearance: bool) -> bytes:
    """A file with a field that was filled in: with its own blue picture of that, or without one."""
    own = b"/AP << /N 11 0 R >>" if appearance else b""
    words = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Isi) /DA (/H 30 Tf 0 g) /F 4 "
    needs = b"/AcroForm << /Fields [10 0 R] /DR << /Font << /H 12 0 R >> >> >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    picture = form(b"0 0 1 rg 0 0 300 300 re f")
    return pdf(
        words + b"/Rect [10 10 150 60] " + own + b" >>",
        picture,
        font,
        page=b"/Annots [10 0 R]",
        catalog=needs,
    )


def test_a_page_is_drawn_where_it_says_what() -> None:
    drawn = opened(draw_page(pdf(stream(SQUARE), page=CONTENT), 1)).convert("L")
    middle, corner = drawn.getpixel((WIDTH // 2, WIDTH // 2)), drawn.getpixel((5, 5))
    assert (middle < 10, corner > 245) == (True, True)


@pytest.mark.parametrize("appearance", [True, False])
def test_what_was_filled_in_is_drawn(appearance: bool) -> None:
    """A letter without the words that somebody has typed into it would be another letter."""
    darkest, _ = opened(draw_page(field(appearance=appearance), 1)).convert("L").getextrema()
    assert darkest < 100


SIZES = {
    "A4": (b"0 0 595 842", (1240, 1754)),
    "A4, lying": (b"0 0 842 595", (1754, 1240)),
    "a receipt": (b"0 0 200 2000", (591, 5916)),
    "a thread": (b"0 0 0.001 1000000", (1, 6000)),
    "a field of ten hectares": (b"0 0 1000000 1000000", (1240, 1240)),
    "larger than there is": (b"0 0 1e30 1e30", None),
    "nothing": (b"0 0 0 0", None),
    "less than nothing": (b"0 0 -300 -300", None),
    "no number": (b"0 0 nan inf", None),
}


@pytest.mark.parametrize("what", SIZES)
def test_a_page_of_any_size_is_a_picture_of_a_size_that_can_be_read(what: str) -> None:
    box, size = SIZES[what]
    found = opened(draw_page(pdf(stream(SQUARE), page=CONTENT, box=box), 1)).size
    assert found[0] * found[1] <= drawing.MOST_DOTS * 1.01
    if size is not None:
        assert max(abs(one - other) for one, other in zip(found, size, strict=True)) <= 3


HOSTILE = {
    "layers of glass": bomb(),
    "a form that holds itself": pdf(stream(b"/F Do"), form(b"/F Do " * 10, 11), page=FORMS),
    "forms in forms, a million million times": pdf(
        stream(b"/F Do"),
        *(form(b"/F Do " * 10, number + 1) for number in range(11, 23)),
        form(SQUARE),
        page=FORMS,
    ),
    "millions of lines": pdf(stream(b"0 0 m 300 300 l 10 250 300 0 99 99 c S " * 2_000_000), page=CONTENT),
    "a stream that swells": pdf(stream(b" " * 900_000_000), page=CONTENT),
    "tiles too small to count": pdf(
        stream(b"/Pattern cs /P scn 0 0 300 300 re f"),
        stream(
            b"0 0 .001 .001 re f",
            b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 .01 .01] "
            b"/XStep .001 /YStep .001 /Resources << >>",
        ),
        page=b"/Contents 10 0 R /Resources << /Pattern << /P 11 0 R >> >>",
    ),
    "half a file": pdf(stream(SQUARE), page=CONTENT)[:150],
    "no PDF": b"<html><script>alert(1)</script></html>",
    "no page": pdf(pages=0),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_page_is_not_drawn_and_costs_little(what: str) -> None:
    begun = spent()
    with pytest.raises(PageUndrawable):
        draw_page(HOSTILE[what], 1)
    assert spent() - begun < SECONDS


def test_a_page_that_is_not_there_is_not_drawn() -> None:
    for number in (0, -1, 3, 10**30):
        with pytest.raises(PageUndrawable):
            draw_page(pdf(pages=2), number)


def test_a_pdf_that_cannot_be_drawn_is_attached_without_a_small_picture() -> None:
    drawn, undrawn = inspect(pdf(stream(SQUARE), page=CONTENT)), inspect(bomb())
    assert drawn.preview
    assert max(opened(drawn.preview).size) <= 240
    assert (undrawn.preview, undrawn.pages, undrawn.content) == (None, 1, bomb())


TRYING = f"""
import os, runpy, socket
limit = runpy.run_path({drawing.__file__!r})["limit"]
limit()
for what in (
    lambda: open("/etc/hostname"), lambda: open("x", "w"), lambda: socket.socket(), os.pipe, lambda: os.dup(0)
):
    try:
        what()
    except OSError:
        continue
    raise SystemExit("opened something")
"""


def test_who_draws_can_open_no_file_and_no_connection() -> None:
    tried = subprocess.run([sys.executable, "-c", TRYING], capture_output=True, text=True)
    assert (tried.returncode, tried.stderr) == (0, "")


@pytest.mark.parametrize(
    "program",
    ["import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "print('<script>')", "while True: 1"],
)
def test_what_is_no_picture_is_not_shown(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text(program)
    monkeypatch.setattr(pages, "_DRAWER", broken)
    monkeypatch.setattr("engine.uploads.children.PATIENCE", 2.0)
    with pytest.raises(PageUndrawable):
        draw_page(pdf(), 1)


def test_few_pages_are_drawn_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.uploads.children._QUEUEING", 0.1)
    monkeypatch.setattr(pages, "_AT_ONCE", threading.BoundedSemaphore(1))
    with pages._AT_ONCE, pytest.raises(DrawingBusy):
        draw_page(pdf(), 1)
    assert draw_page(pdf(), 1)
