"""Random requests to `/engine-rest`: from nearly right to nonsense."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from sqlalchemy import func, select

from engine import clock
from engine.store import metadata, reading
from engine.store.tables import ProcessInstance
from tests.support.case import Case, begin
from tests.support.letters import SERVICE, deploy_letters, start_letter
from tests.support.service import ROOT, Service
from webapp.rest.operation import OPERATIONS, Operation

KEY = "natuna_pendampingan_abh_ampk"
USERS = (
    "petugas@natuna",
    "peksos@natuna",
    "manajer@natuna",
    SERVICE,
    "analis@natuna",
    "admin@titian",
    "peksos@pasuruan",
)
_STRANGE = (
    *("", " ", "absent", "0" * 32, "é\u202e", "a\x00b", "%", "_", "\\", "' OR 1=1 --", "..", "x" * 5000),
    *("null", "NaN", "-1", "1.5", "٣", "99999999999999999999", "a,b,,c", "{}", "[]", "<script>", "\r\nX: y"),
    *("0001-01-01T00:00:00.000+2359", "9999-12-31T23:59:59.999-2359", "2026-02-30T00:00:00.000+0700"),
)
_RIGHT = {
    "integer": ("0", "1", "2", "2147483647"),
    "boolean": ("true", "False"),
    "date-time": ("2026-01-05T09:00:00.000+0700", "2026-01-05T09:00:00Z", _STRANGE[-2]),
    "sortBy": ("id", "name", "instanceId", "created", "dueDate", "startTime", "key"),
    "sortOrder": ("asc", "desc"),
}
_TORN = (
    b"[" * 100_000,
    b'{"variables":' * 3000,
    b'{"variables":{"a":{"value":' + b"[" * 900 + b"]" * 900 + b"}}}",
    b'{"variables":{"a":{"value":' + b"[" * 200 + b"]" * 200 + b"}}}",
    b'{"variables":{"a":{"value":1e400}}}',
    b'{"variables":{"a":{"value":123456789012345678901234567890}}}',
    b'{"variables":{"a":{"value":"\\ud800"}}}',
    b'{"variables":{"\\u0000":{"value":"\\u0000"}}}',
    b"\xff\xfe",
)


@dataclass(frozen=True)
class World:
    """A loaded service with cases in it, and the ids that there are: kind -> ids."""

    service: Service
    ids: Mapping[str, tuple[str, ...]]

    def state(self) -> tuple[Any, ...]:
        """What no refusal may change: the rows of every table by number, the revision of every case. A step
        that cannot go on leaves an incident."""
        tables = [table for table in metadata.sorted_tables if table.name != "incident"]
        with reading(self.service.database) as tx:
            counts = [tx.scalar(select(func.count()).select_from(t)) for t in tables]
            revisions = select(ProcessInstance.id, ProcessInstance.revision).order_by(ProcessInstance.id)
            return *counts, *tx.execute(revisions)


def make_world(service: Service) -> World:
    """Cases of two agencies: at their first step, further on, and ended; letters that wait for a worker."""
    deploy_letters(service.database)
    letters = [start_letter(service.database).id for _ in range(3)]
    cases = [begin(service, "natuna", KEY, "petugas") for _ in range(5)]
    cases.append(begin(service, "pasuruan", "pasuruan_penanganan_abh", "petugas"))
    cases[0].do("petugas", "langkah_2_terima_tugaskan", memenuhi_persyaratan=True)
    service.caller("manajer@natuna").delete(f"/process-instance/{cases[1].id}")
    shares = [share(service, cases[0], "pasuruan", "peksos"), share(service, cases[-1], "natuna", "petugas")]
    callers = [service.caller(user) for user in (*USERS, "petugas@pasuruan", "analis@kemenpppa")]

    def listed(path: str) -> tuple[str, ...]:
        return tuple({item["id"] for caller in callers for item in caller.get(path).json})

    return World(
        service,
        {
            "task": listed("/history/task"),
            "external-task": listed("/external-task"),
            "process-instance": (*(case.id for case in cases), *letters),
            "process-definition": listed("/process-definition"),
            "decision-definition": listed("/decision-definition"),
            "deployment": listed("/deployment"),
            "share": tuple(shares),
            "share_id": tuple(shares),
            "key": (KEY, "pasuruan_penanganan_abh", "pasuruan_jalur"),
            "tenant": ("natuna", "pasuruan"),
            "name": ("kanal", "nomor_registrasi", cases[0].business_key),
        },
    )


def share(service: Service, case: Case, to: str, group: str) -> str:
    """A share of a case with a group of another agency."""
    body = {
        "toTenantId": to,
        "toGroup": group,
        "fields": ["kanal", "uraian"],
        "until": (clock.now() + timedelta(days=7)).isoformat(),
        "consent": "Persetujuan wali",
    }
    manager = service.caller(f"manajer@{case.agency}")
    made = manager.post(f"/process-instance/{case.id}/share/create", body)
    assert made.status_code == 200, made.json
    return str(made.json["id"])


def values(world: World, kind: str = "") -> st.SearchStrategy[str]:
    """A text of a query or a path: often right for ``kind``, else right somewhere, else nonsense."""
    every = [id for ids in world.ids.values() for id in ids]
    wrong = st.sampled_from(every) | st.sampled_from(_STRANGE) | st.text(max_size=20)
    right = world.ids.get(kind) or _RIGHT.get(kind)
    return st.one_of(*[st.sampled_from(right)] * 6, wrong) if right else wrong


def names() -> st.SearchStrategy[str]:
    """Names of parameters and fields: known somewhere, or invented."""
    known = {p.name for declared in OPERATIONS for p in declared.query}
    known |= {name for declared in OPERATIONS for name in (declared.body or {}).get("properties", {})}
    known |= {"value", "type", "sorting", "sortBy", "sortOrder", "kanal", "memenuhi_persyaratan", "local"}
    return st.sampled_from(sorted(known)) | st.text(max_size=8)


def json_values(world: World) -> st.SearchStrategy[Any]:
    """JSON of every shape; its texts are often ids."""
    numbers = st.integers() | st.floats() | st.sampled_from([2**31, 2**63, -(2**64), 1e308])
    leaves = st.none() | st.booleans() | numbers | values(world)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names(), inner, max_size=4),
        max_leaves=8,
    )


def fields(declared: Operation, world: World) -> st.SearchStrategy[dict[str, Any]]:
    """A body of the declared fields, each of its type."""
    kinds = st.sampled_from(["Json", "string", "Long", "Double", "Date", "nonsense", "null"])
    typed = st.fixed_dictionaries({"value": json_values(world)}, optional={"type": kinds})
    shapes: dict[str, Any] = {
        "array": st.lists(values(world, "process-instance"), max_size=4),
        "object": st.dictionaries(names(), typed, max_size=3),
        "boolean": st.booleans(),
        "string": values(world, "name"),
    }
    properties = (declared.body or {}).get("properties", {})
    known = {name: shapes.get(schema.get("type"), json_values(world)) for name, schema in properties.items()}
    return st.fixed_dictionaries({}, optional=known)


@st.composite
def requests(draw: Any, world: World) -> tuple[Operation | None, dict[str, Any]]:
    """A declared operation (None where the method is another), and what Flask's test client is to send."""
    declared = draw(st.sampled_from(OPERATIONS))
    rare = st.integers(0, 9).map(lambda number: number == 0)
    sent: dict[str, Any] = {
        "method": declared.method,
        "path": f"/engine-rest{_path(draw, declared, world)}",
        "query_string": [_parameter(draw, declared, world, invented=draw(rare)) for _ in range(draw(_FEW))],
    }
    if other := draw(rare):
        sent["method"] = draw(st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"]))
    if sent["method"] not in ("GET", "HEAD"):
        sent |= _body(draw, declared, world)
    return None if other else declared, sent


_FEW = st.sampled_from([0, 0, 1, 1, 2, 3])


def _path(draw: Any, declared: Operation, world: World) -> str:
    parts = []
    for part in declared.rule.split("/"):
        name = part.strip("<>")
        kind = {"id": declared.tag.replace("history", "process-instance")}.get(name, name)
        parts.append(quote(draw(values(world, kind)).replace("/", "") or "-") if part != name else part)
    return "/".join(parts)


def _parameter(draw: Any, declared: Operation, world: World, *, invented: bool) -> tuple[str, str]:
    if invented or not declared.query:
        return draw(names()), draw(values(world))
    known = draw(st.sampled_from(declared.query))
    kind = known.name if known.name in _RIGHT else known.schema.get("format") or known.schema["type"]
    return known.name, draw(values(world, kind))


def _body(draw: Any, declared: Operation, world: World) -> dict[str, Any]:
    how = draw(st.integers(0, 9))
    if declared.media == "multipart/form-data" and how:
        known = ("deployment-name", "tenant-id", "enable-duplicate-filtering", "attachment-name", "more")
        settings = st.sampled_from(known)
        data: dict[str, Any] = draw(st.dictionaries(settings, values(world, "tenant"), max_size=3))
        for name, content in draw(st.lists(_FILES, max_size=3)):
            data[name] = BytesIO(content), name
        return {"data": data, "content_type": "multipart/form-data"}
    if how == 0:
        return {"data": draw(st.binary(max_size=30) | st.sampled_from(_TORN)), "content_type": "text/plain"}
    shape = json_values(world) if how == 1 else fields(declared, world)
    return {"data": json.dumps(draw(shape)), "content_type": "application/json"}


_DIAGRAM = (ROOT / "processes" / "natuna" / f"{KEY}.bpmn").read_bytes()


def _spoilt(at: int, new: bytes) -> bytes:
    return _DIAGRAM[:at] + new + _DIAGRAM[at + 1 :]


_FILES = st.tuples(
    st.sampled_from(["x.bpmn", "x.dmn", "x.form", "../x.bpmn", "é\u202e.bpmn", "x", "a" * 300 + ".bpmn"])
    | st.text(min_size=1, max_size=6),
    st.binary(max_size=60)
    | st.sampled_from(
        [_DIAGRAM, _DIAGRAM.replace(b"Terima", b"Ambil"), _DIAGRAM[:3000], b"{}", b"[" * 90_000]
    )
    | st.builds(
        lambda at, new: _DIAGRAM[:at] + new + _DIAGRAM[at + 1 :], st.integers(0, 30_000), st.binary()
    ),
)
