"""Uploads that no well-behaved client sends: refused in a sentence, and nothing is deployed."""

import gzip
import io
import zipfile

from werkzeug.test import TestResponse

from tests.integration.engine.models import drawn, task
from tests.support.service import Service
from tests.unit.interpreter.diagrams import process

BOUNDARY = "titik"
GOOD = drawn(process(task("a"), "s > a > e", "natuna_baru"))


def part(name: str, content: bytes, filename: str | None = None, extra: str = "") -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n{extra}\r\n'
    return head.encode() + content + b"\r\n"


def closed(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def packed() -> bytes:
    """A zip file that is a thousand times as large when it is unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.bpmn", b"\0" * 8_000_000)
    return file.getvalue()


BODIES: dict[str, tuple[bytes, int]] = {
    "no part at all": (closed(), 400),
    "nothing": (b"", 400),
    "cut off in the middle of a file": (part("f", GOOD, "a.bpmn")[:-400], 400),
    "no end": (part("f", b"x", "a.bpmn"), 400),
    "another boundary": (closed(part("f", GOOD, "a.bpmn")).replace(BOUNDARY.encode(), b"lain"), 400),
    "a part without a name": (closed(b"--titik\r\n\r\nx\r\n"), 400),
    "a thousand parts": (closed(*(part(f"f{n}", b"", f"{n}.bpmn") for n in range(1000))), 413),
    "a thousand fields": (closed(*(part(f"f{n}", b"") for n in range(1000))), 413),
    "two files of one name": (closed(part("f", GOOD, "a.bpmn"), part("g", GOOD, "a.bpmn")), 400),
    "a file twice under one field": (closed(part("f", GOOD, "a.bpmn"), part("f", GOOD, "a.bpmn")), 400),
    "a zip file": (closed(part("f", packed(), "a.zip")), 400),
    "a zip file that is called a diagram": (closed(part("f", packed(), "a.bpmn")), 400),
    "a compressed diagram": (
        closed(part("f", gzip.compress(GOOD), "a.bpmn", "Content-Encoding: gzip\r\n")),
        400,
    ),
    "a name without an ending": (closed(part("f", GOOD, "a")), 400),
    "a name with a NUL": (closed(part("f", GOOD, "a\0.bpmn")), 400),
    "a name of a thousand letters": (closed(part("f", GOOD, f"{'a' * 1000}.bpmn")), 400),
    "a field that does not exist": (closed(part("x", b"y"), part("f", GOOD, "a.bpmn")), 400),
    "a setting that is no yes or no": (
        closed(part("deploy-changed-only", b"mungkin"), part("f", GOOD, "a.bpmn")),
        400,
    ),
}


def send(service: Service, body: bytes) -> TestResponse:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    analyst = service.caller("analis@natuna")
    return analyst.post("/deployment/create", json=None, data=body, content_type=kind)


def test_odd_uploads_are_refused_in_a_sentence_and_the_next_good_one_is_taken(service: Service) -> None:
    analyst = service.caller("analis@natuna")
    for name, (body, status) in BODIES.items():
        answer = send(service, body)
        assert answer.status_code == status, (name, answer.text[:300])
        assert answer.json["message"], name
        assert analyst.get("/process-definition", key="natuna_baru").json == [], name
    assert send(service, closed(part("f", GOOD, "a.bpmn"))).status_code == 200
    [made] = analyst.get("/process-definition", key="natuna_baru").json
    assert made["version"] == 1
