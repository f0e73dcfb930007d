"""What people upload is refused in a sentence or comes out harmless, soon, whatever it is."""

import io
import random
import re
import resource
import struct
import subprocess
import time
import zipfile
import zlib
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from engine.errors import AttachmentRefused
from engine.uploads import cleaning, inspect
from tests.support.files import noise, pdf, photo

SECONDS = 6.0
"""Of the processor, for what took minutes or for ever. Half a second is usual, more on a busy machine."""
SAYS = "Kenari terbang"
SCRIPT = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
HTML = b"<html><script>alert(1)</script></html>"


def spent() -> float:
    """Seconds of the processor, of this process and its children: other tests may run beside this one."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def test_who_looks_at_files_has_no_key_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}
    real = subprocess.run

    def noted(*arguments: object, **options: object) -> object:
        asked.update(options)
        return real(*arguments, **options)

    monkeypatch.setattr(subprocess, "run", noted)
    monkeypatch.setenv("TITIAN_MASTER_KEY", "rahasia")
    assert inspect(pdf(), 10_000_000)
    assert [name for name in asked["env"] if name.startswith("TITIAN")] == []


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def drawn(mode: str, size: tuple[int, int] = (40, 30), kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def dark(side: int) -> bytes:
    """A black and white PNG, as wide as high, made row by row: Pillow is slow with large ones."""
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer, row = zlib.compressobj(1), bytes(1 + side // 8)
    dots = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    chunks = (b"IHDR", head), (b"IDAT", dots), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )


def packed() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"\0" * 8_000_000)
    return file.getvalue()


def many_scans() -> bytes:
    """A progressive JPEG whose last scan comes three hundred times."""
    content = noise((400, 400), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:-2] + content[last:-2] * 300 + b"\xff\xd9"


def test_a_photo_comes_out_upright_and_says_nothing_of_place_and_phone() -> None:
    sent = photo((400, 300), says=SAYS)
    assert SAYS.encode() in sent
    assert opened(sent).getexif().get_ifd(0x8825)[1] == "S"
    clean = inspect(sent)
    assert (clean.content_type, clean.pages) == ("image/jpeg", None)
    for content in (clean.content, clean.preview or b""):
        kept = opened(content)
        assert (kept.format, dict(kept.getexif()), kept.height > kept.width) == ("JPEG", {}, True)
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)
        assert not re.search(rb"Exif|Kenari|http|Photoshop", content)
    assert opened(clean.content).size == (300, 400)


PICTURES = {
    "PNG": lambda: noise((300, 200), "PNG"),
    "WebP": lambda: noise((300, 200), "WEBP"),
    "JPEG in scans": lambda: noise((300, 200), progressive=True),
    **{f"PNG, {mode}": partial(drawn, mode) for mode in ("1", "L", "LA", "P", "RGBA", "I;16")},
    "PNG, P with holes": lambda: drawn("P", transparency=0),
    "JPEG for print": lambda: drawn("CMYK", kind="JPEG"),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_picture_becomes_a_jpeg(kind: str) -> None:
    sent = PICTURES[kind]()
    kept = opened(inspect(sent).content)
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", opened(sent).size)


def test_what_is_behind_a_picture_is_left_behind() -> None:
    """A file that is a photo and an archive or a page at the same time is a photo afterwards."""
    picture = noise((300, 200))
    for behind in (packed(), HTML, photo(says=SAYS)):
        clean = inspect(picture + behind)
        assert clean.content == inspect(picture).content
        assert not re.search(rb"PK\x03\x04|<script|Kenari", clean.content)


def test_a_large_picture_becomes_smaller() -> None:
    clean = inspect(noise((4000, 2000)))
    assert opened(clean.content).size == (2400, 1200)
    assert len(clean.preview or b"") < 20_000


@pytest.mark.parametrize("packed_objects", [False, True])
def test_a_pdf_that_only_shows_something_is_kept_as_it_is(packed_objects: bool) -> None:
    sent = pdf(b"<< /S /URI /URI (https://kemensos.go.id) >>", pages=3, packed=packed_objects)
    clean = inspect(sent)
    assert (clean.content, clean.content_type, clean.pages) == (sent, "application/pdf", 3)
    assert opened(clean.preview or b"").format == "JPEG"


ENCRYPTED = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>" % (b"x" * 32, b"x" * 32)
REFUSED = {
    "nothing": (b"", "empty"),
    "a text": (b"Bukan foto", "neither"),
    "a page called a photo": (HTML, "neither"),
    "a drawing with a script": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "neither",
    ),
    "a GIF": (drawn("P", kind="GIF"), "neither"),
    "a TIFF": (drawn("RGB", kind="TIFF"), "neither"),
    "an archive": (packed(), "neither"),
    "a page that begins like a photo": (b"\xff\xd8\xff" + HTML, "damaged"),
    "PostScript in a photo's clothes": (b"\xff\xd8\xff\xe0%!PS-Adobe", "damaged"),
    "a HEIC photo": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "HEIC"),
    "half a photo": (noise((800, 600))[:9000], "damaged"),
    "half a PNG": (noise((200, 200), "PNG")[:5000], "damaged"),
    "a hundred million dots": (lambda: drawn("RGB", (10_000, 10_000)), "dots"),
    "four thousand million dots": (lambda: dark(64_000), "dots"),
    "a photo with too many scans": (many_scans, "dots"),
    "a PDF without anything": (b"%PDF-1.7\n%%EOF", "damaged"),
    "half a PDF": (pdf()[:200], "damaged"),
    "a PDF with an archive behind it": (pdf() + packed(), "damaged"),
    "a page before a PDF": (HTML + pdf(), "neither"),
    "a PDF with a password": (pdf(ENCRYPTED, trailer=b"/Encrypt 10 0 R /ID [(a) (b)]"), "password"),
    "a script": (pdf(SCRIPT), "scripts"),
    "a script, packed": (pdf(SCRIPT, packed=True), "scripts"),
    "a script under another spelling": (pdf(b"<< /S /J#61vaScript /J#53 (x) >>"), "scripts"),
    "a script deep inside": (pdf(b"<< /A [ [ << /B << /S /JavaScript >> >> ] ] >>"), "scripts"),
    "another machine's file on opening": (
        pdf(catalog=b"/OpenAction << /S /GoToR /F (\\\\10.0.0.9\\s\\x.pdf) >>"),
        "scripts",
    ),
    "an address on opening": (pdf(catalog=b"/OpenAction << /S /URI /URI (http://10.0.0.9/) >>"), "scripts"),
    "an address on opening, elsewhere": (
        pdf(b"<< /S /URI /URI (http://10.0.0.9/) >>", catalog=b"/OpenAction 10 0 R"),
        "scripts",
    ),
    "a script that no table lists": (
        pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n99 0 obj\n<< /S /Java#53cript /JS (1) >>\nendobj\n"),
        "scripts",
    ),
    "a program to start": (pdf(catalog=b"/OpenAction << /S /Launch /F (a.exe) >>"), "scripts"),
    "a file inside": (pdf(b"<< /Type /Filespec /EF << /F 1 0 R >> >>"), "scripts"),
    "a form that sends": (pdf(b"<< /S /SubmitForm /F (http://x) >>"), "scripts"),
    "pages in a circle": (pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), "damaged"),
    "lists in lists": (pdf(b"[" * 50_000 + b"]" * 50_000), "damaged"),
    "a stream that swells": (lambda: pdf(b"(" + b"a" * 100_000_000 + b")", packed=True), "damaged"),
}
"""What is sent, or what makes it where that takes long: whoever only collects tests does not wait for it."""


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_in_a_sentence_and_soon(what: str) -> None:
    sent, why = REFUSED[what]
    content = sent() if callable(sent) else sent
    begun = spent()
    with pytest.raises(AttachmentRefused, match=why):
        inspect(content)
    assert spent() - begun < SECONDS


def test_the_largest_pictures_that_are_taken_cost_little() -> None:
    side = int(cleaning.MOST_PIXELS**0.5)
    for content in (noise((side, side)), drawn("RGB", (side, side), "WEBP")):
        begun = spent()
        assert opened(inspect(content, 30_000_000).content).width == cleaning.EDGE
        assert spent() - begun < SECONDS


def test_a_file_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(AttachmentRefused, match="larger"):
        inspect(b"%PDF-" + b"x" * 2000, largest=1000)


def test_a_spoilt_file_is_refused_or_clean() -> None:
    chance = random.Random("berkas rusak")
    good = [photo(), noise((60, 40), "PNG"), noise((60, 40), "WEBP"), pdf(SCRIPT[:-2] + b">>", packed=True)]
    for _ in range(12):
        content = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            clean = inspect(bytes(content))
        except AttachmentRefused:
            continue
        if clean.preview:
            assert opened(clean.content).format == "JPEG"


def test_a_decoder_that_dies_is_an_unreadable_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dying = tmp_path / "dying.py"
    dying.write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    monkeypatch.setattr("engine.uploads.inspecting._CLEANER", dying)
    with pytest.raises(AttachmentRefused, match="damaged"):
        inspect(photo())


def test_a_decoder_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True:\n    pass\n")
    monkeypatch.setattr("engine.uploads.inspecting._CLEANER", endless)
    monkeypatch.setattr("engine.uploads.children.PATIENCE", 0.5)
    with pytest.raises(AttachmentRefused, match="damaged"):
        inspect(photo())
