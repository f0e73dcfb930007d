"""What becomes of one hostile file: deployed, started, its steps done, its jobs run."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

import engine
from engine import clock
from engine.errors import DeploymentRefused, TitianError
from engine.store import reading
from engine.store.tables import Incident
from engine.types import InstanceView
from tests.hostile.big import BIG
from tests.hostile.shapes import diagram, dmn, literal, with_drawing
from tests.integration.engine.models import task
from tests.support.office import HOME, Office, open_office
from tests.unit.interpreter.diagrams import decision, end, exclusive, process

CORPUS = Path(__file__).parent / "corpus"
ROUNDS = 3
ANSWER = "a" * 40 + "!"
"""What makes a pattern backtrack."""


def content_of(name: str) -> bytes:
    """A file of the corpus, or one of the big ones."""
    return BIG[name]() if name in BIG else (CORPUS / name).read_bytes()


def prepare(database: Engine) -> None:
    """What diagrams of the corpus ask: the decisions ``nol`` (0) and ``satu`` (1)."""
    open_office(database).deploy(bantu_dmn=dmn(literal("nol", "0"), literal("satu", "1")))


def try_file(database: Engine, name: str, content: bytes) -> str:
    """``refused: <rules>`` (at deployment), the name of an error, ``incident``, ``waits`` or ``ends``."""
    office = Office(database)
    try:
        engine.deploy(database, office.user("analis"), HOME, "uji", files_of(name, content))
        return live(office, office.start(), {} if name.endswith(".form") else {"n": 1})
    except DeploymentRefused as error:
        rules = {finding.rule for finding in error.findings if finding.severity == "error"}
        return "refused: " + " ".join(sorted(rules))
    except TitianError as error:
        return type(error).__name__


def files_of(name: str, content: bytes) -> dict[str, bytes]:
    """What is deployed: with a process around what is not one itself. Its key is ``p``."""
    match Path(name).suffix:
        case ".feel":
            ways = f"s > g; g > e2; g > e if {content.decode()}"
            return {"p.bpmn": with_drawing(diagram(process(exclusive("g", "g__e2") + end("e2"), ways)))}
        case ".dmn":
            asked = decision("t", "hasil").replace("risiko", "t")
            around = with_drawing(diagram(process(asked, "s > t > e")))
            return {"p.bpmn": around, "berkas.dmn": content}
        case ".form":
            around = diagram(process(task("a", formRef=_form_id(content)), "s > a > e"))
            return {"p.bpmn": with_drawing(around), "berkas.form": content}
    as_it_is = name.startswith(("xml/", "nesting/"))
    return {"p.bpmn": content if as_it_is else with_drawing(content)}


def _form_id(content: bytes) -> str:
    try:
        found: Any = json.loads(content)["id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        found = None
    return found if isinstance(found, str) and found.isalnum() else "f"


def live(office: Office, case: InstanceView, values: dict[str, Any]) -> str:
    """Do a few steps of a case, with these values and an ``a``, and run a few days of jobs."""
    for day in range(1, ROUNDS + 1):
        for open_task in office.tasks(case.id)[:1]:
            engine.complete_task(
                office.database, office.user("petugas"), open_task.id, values | {"a": ANSWER}
            )
        engine.run_due_jobs(office.database, clock.now() + timedelta(days=day))
    with reading(office.database) as tx:
        if tx.execute(select(Incident.id)).first():
            return "incident"
    return "ends" if engine.get_instance(office.database, engine.types.SYSTEM, case.id).outcome else "waits"
