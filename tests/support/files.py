"""Files as people attach them: photos of a phone, and PDF files of whatever objects."""

import io
import zlib
from typing import Any

from PIL import Image

PLACE = (6.0, 52.0, 11.3)
"""Degrees, minutes, seconds of where a photo was taken."""


def photo(size: tuple[int, int] = (400, 300), kind: str = "JPEG", *, says: str = "", **options: Any) -> bytes:
    """A photo as a phone makes it: lying on its side, with the place and the words ``says`` in its EXIF."""
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: turn it to the right to see it upright
    exif[0x010E] = says  # ImageDescription
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "S", PLACE
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    file = io.BytesIO()
    picture.save(
        file, kind, **({"exif": exif, "comment": says.encode()} if kind == "JPEG" else {}), **options
    )
    return file.getvalue()


def noise(size: tuple[int, int], kind: str = "JPEG", **options: Any) -> bytes:
    """A picture that no compression makes small."""
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def pdf(
    *objects: bytes,
    pages: int = 1,
    page: bytes = b"",
    box: bytes = b"0 0 300 300",
    catalog: bytes = b"",
    trailer: bytes = b"",
    packed: bool = False,
) -> bytes:
    """A PDF file with pages and further ``objects``, numbered from 10; ``page``, ``catalog`` and ``trailer``:
    what stands in these dictionaries besides; ``box``: of the pages. ``packed``: the further objects lie
    compressed in a stream.
    """
    kids = b" ".join(b"3 0 R" for _ in range(pages))
    found = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [" + box + b"] " + page + b" >>",
    }
    further = dict(enumerate(objects, 10))
    if not packed:
        return _plain(found | further, trailer)
    body, index = b"", b""
    for number, content in further.items():
        index += b"%d %d " % (number, len(body))
        body += content + b" "
    data = zlib.compress(index + body)
    head = b"<< /Type /ObjStm /N %d /First %d /Length %d /Filter /FlateDecode >>"
    found[4] = head % (len(further), len(index), len(data)) + b"\nstream\n" + data + b"\nendstream"
    return _cross_referenced(found, {number: place for place, number in enumerate(further)})


def stream(content: bytes, about: bytes = b"") -> bytes:
    """A compressed stream, as an object of a PDF file; ``about``: what its dictionary says besides."""
    data = zlib.compress(content, 9)
    head = b"<< /Filter /FlateDecode /Length %d " % len(data)
    return head + about + b" >>\nstream\n" + data + b"\nendstream"


def bomb() -> bytes:
    """A PDF file that shows something for ever: two hundred thousand layers of glass."""
    glass = b"/Type /XObject /Subtype /Form /BBox [0 0 300 300] /Group << /S /Transparency /I true >>"
    needs = b"/XObject << /F 11 0 R >> /ExtGState << /G << /ca .5 /BM /Luminosity >> >>"
    content = b"/G gs " + b"/F Do " * 200_000
    page = b"/Contents 10 0 R /Resources << " + needs + b" >>"
    return pdf(stream(content), stream(b"0 0 300 300 re f", glass), page=page)


def _written(objects: dict[int, bytes]) -> tuple[bytes, dict[int, int]]:
    file, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(file)
        file += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    return file, places


def _plain(objects: dict[int, bytes], trailer: bytes) -> bytes:
    file, places = _written(objects)
    table = b"xref\n0 1\n0000000000 65535 f \n"
    table += b"".join(b"%d 1\n%010d 00000 n \n" % place for place in places.items())
    end = b"trailer\n<< /Size %d /Root 1 0 R " % (max(places) + 1) + trailer + b" >>\n"
    return file + table + end + b"startxref\n%d\n%%%%EOF\n" % len(file)


def _cross_referenced(objects: dict[int, bytes], packed: dict[int, int]) -> bytes:
    """With a cross-reference stream (ISO 32000-1, 7.5.8), as object streams need one; object 4 holds them."""
    file, places = _written(objects)
    size = max(*packed, *places, 5) + 1
    places[5] = len(file)
    rows = b""
    for number in range(size):
        if number in packed:
            rows += b"\x02" + (4).to_bytes(4) + packed[number].to_bytes(2)
        elif number in places:
            rows += b"\x01" + places[number].to_bytes(4) + b"\0\0"
        else:
            rows += b"\0" * 7
    stream = zlib.compress(rows)
    about = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Length %d /Filter /FlateDecode"
    head = b"5 0 obj\n<< " + about + b" >>\nstream\n"
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(file)
    return file + head % (size, len(stream)) + stream + end
