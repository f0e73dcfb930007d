"""Tries hostile files, each in a process of its own with little memory; tests talk to it by lines of JSON.

``python -m tests.hostile.worker FOLDER`` reads names of files and answers
``{"outcome": ..., "seconds": of the processor, "megabytes": by which the process grew}``.
"""

import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from engine.store import metadata
from tests.hostile.shapes import diagram, with_drawing
from tests.hostile.trying import content_of, prepare, try_file
from tests.integration.engine.models import task
from tests.support.cheaply import make_tests_cheap
from tests.support.keys import open_database
from tests.unit.interpreter.diagrams import process

MEMORY = 400 * 2**20
"""Bytes that a file may take besides what the program takes anyway: more, and the process fails."""


def main(folder: Path) -> None:
    """Answer until the lines end."""
    make_tests_cheap()
    template = folder / "template.db"
    database = open_database(f"sqlite:///{template}")
    metadata.create_all(database)
    prepare(database)
    database.dispose()
    _warm_up(template)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(_in_child(template, line.strip())) + "\n")
        sys.stdout.flush()


def _warm_up(template: Path) -> None:
    """Run a case that does no harm: what it imports and compiles, no child needs to make again."""
    file = template.with_name("warm.db")
    shutil.copyfile(template, file)
    database = open_database(f"sqlite:///{file}")
    try_file(database, "xml/p.bpmn", with_drawing(diagram(process(task("a"), "s > a > e"))))
    database.dispose()


def _in_child(template: Path, name: str) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _limit_memory()
        with os.fdopen(writer, "w") as answer:
            json.dump(_tried(template, name), answer)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    found: dict[str, Any] = json.loads(said) if said else {"outcome": f"the process died: {status}"}
    return found


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _tried(template: Path, name: str) -> dict[str, Any]:
    file = Path(tempfile.mkdtemp(dir=template.parent)) / "case.db"
    shutil.copyfile(template, file)
    content = content_of(name)
    before, begun = _megabytes(), time.process_time()
    database = open_database(f"sqlite:///{file}")
    try:
        outcome = try_file(database, name, content)
    except BaseException:  # noqa: BLE001 - whatever it is, the test shows it
        outcome = traceback.format_exc()[-2000:]
    database.dispose()
    return {
        "outcome": outcome,
        "seconds": round(time.process_time() - begun, 3),
        "megabytes": round(_megabytes() - before, 1),
    }


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]))
