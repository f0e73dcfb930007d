"""The agencies' folders as the tests see them, and the standards' steps read from the published text."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from engine.definitions import Element, Process, parse_xml, read_processes
from engine.definitions.forms import Form, parse_form

ROOT = Path(__file__).parents[3]
AGENCIES = sorted(path.name for path in (ROOT / "processes").iterdir() if path.is_dir())
PROCEDURE = re.compile(r"Sistem, Mekanisme dan Prosedur(.*?)Waktu Penyelesaian", re.DOTALL)
STEP = re.compile(r"^\s*(\d+)\.\s+(\S.*)$", re.MULTILINE)
PART = re.compile(r"\b([a-z])\.\s+[A-Z]")


@dataclass(frozen=True)
class Agency:
    """``forms``: by file name without its ending. ``standard``: the text of standar-pelayanan.txt."""

    id: str
    profile: dict[str, Any]
    processes: dict[str, Process]
    forms: dict[str, Form]
    standard: str

    @property
    def nodes(self) -> list[Element]:
        """All flow nodes of all diagrams."""
        return [node for process in self.processes.values() for node in process.elements.values()]

    def form_of(self, process: str, node: str) -> Form:
        """The form that a node of a process shows."""
        reference = self.processes[process].elements[node].form
        assert reference is not None
        return self.forms[reference]


@cache
def agency(agency_id: str) -> Agency:
    """Everything that an agency's folders hold, read with the engine's own readers."""
    home = ROOT / "processes" / agency_id
    processes: dict[str, Process] = {}
    for path in sorted(home.glob("*.bpmn")):
        processes |= read_processes(parse_xml(path.read_bytes(), path.name), path.name)
    return Agency(
        agency_id,
        tomllib.loads((home / "agency.toml").read_text()),
        processes,
        {p.stem: parse_form(p.read_bytes(), p.name) for p in sorted(form_files(agency_id))},
        (home / "standar-pelayanan.txt").read_text(),
    )


def form_files(agency_id: str) -> list[Path]:
    """The files of an agency's forms."""
    return list((ROOT / "forms" / agency_id).glob("*.form"))


def steps_of(standard: str) -> list[str]:
    """Step numbers of a published standard, in its order; a step with parts a, b is ``1a``, ``1b``."""
    procedure = PROCEDURE.search(standard)
    assert procedure, "the standard has no procedure"
    found: list[str] = []
    for number, text in STEP.findall(procedure[1]):
        found += [number + part for part in PART.findall(text)] or [number]
    return found


def claimed(node: Element) -> set[str]:
    """The steps that a node stands for (its property ``langkah``)."""
    return {step.strip() for step in node.properties.get("langkah", "").split(",") if step.strip()}
