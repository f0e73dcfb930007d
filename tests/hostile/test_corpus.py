"""Every hostile file is refused, or stopped, or does no harm; quickly, and in little memory.

``expected.toml`` says for each file what becomes of it: a lint rule (``xml-refused``) where it is not
deployed, an error (``StepBudgetExceeded``) or ``incident`` where its case is stopped, ``waits`` or ``ends``
where there is nothing wrong with it after all.
"""

import json
import select
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.definitions.lint import RULES
from engine.feel import limits
from engine.interpreter.board import SECONDS
from tests.hostile.big import BIG
from tests.hostile.trying import CORPUS

HERE = Path(__file__).parent
EXPECTED: dict[str, str] = {
    f"{folder}/{name}": outcome
    for folder, names in tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8")).items()
    for name, outcome in names.items()
}
FILES = {str(path.relative_to(CORPUS)) for path in CORPUS.rglob("*") if path.is_file()}
WATCHDOG = 60
"""Seconds after which a file has hung; the slowest takes about two on a machine with nothing else to do."""

MEGABYTES = 150
"""By which trying a file may make a process grow; the process of a worker dies at 400."""


class Worker:
    """The process that tries the files (``tests.hostile.worker``)."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.hostile.worker", str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=HERE.parents[1])

    def ask(self, name: str) -> dict[str, Any]:
        """What became of a file. Fails the test if the worker hangs."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], WATCHDOG)
        assert ready, f"{name} does not end"
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    made = Worker(tmp_path_factory.mktemp("hostile"))
    yield made
    made.process.kill()
    made.process.wait()


@pytest.mark.parametrize("name", EXPECTED)
def test_a_hostile_file_harms_nobody(name: str, worker: Worker) -> None:
    answer = worker.ask(name)
    outcome, wanted = answer["outcome"], EXPECTED[name]
    assert wanted in outcome.removeprefix("refused: ").split(), outcome
    assert outcome.startswith("refused: ") == (wanted in RULES)
    assert answer["megabytes"] < MEGABYTES


def test_the_table_and_the_files_are_the_same() -> None:
    assert set(EXPECTED) == FILES | set(BIG)
    assert len(EXPECTED) >= 300
    assert not FILES & set(BIG)


def test_files_of_the_corpus_are_small_enough_to_read() -> None:
    assert [path for path in FILES if (CORPUS / path).stat().st_size > 10_000] == []


def test_what_the_clocks_allow_is_less_than_the_watchdog_waits() -> None:
    assert limits.SECONDS + SECONDS < WATCHDOG / 4
