"""Agencies as folders: ``processes/<agency>/`` with ``agency.toml``, and ``forms/<agency>/`` beside it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEADING = re.compile(r"^\W*Sistem, Mekanisme dan Prosedur\W*$", re.IGNORECASE)
_END = re.compile(r"^\W*Waktu Penyelesaian\W*$", re.IGNORECASE)
_STEP = re.compile(r"^\s*(\d+)\.\s+(\S.*?)\s*$")


class FolderInvalid(Exception):
    """A folder that holds no agency. The message says which file is wrong and why."""


@dataclass(frozen=True)
class AgencyFolder:
    """``resources``: file name -> content of diagrams, tables and forms."""

    id: str
    name: str
    profile: Mapping[str, Any]
    resources: Mapping[str, bytes]


def read_agencies(processes: Path) -> list[AgencyFolder]:
    """Every agency in a ``processes`` folder, by id. Raises ``FolderInvalid``."""
    found = [read_agency(path.parent) for path in sorted(processes.glob("*/agency.toml"))]
    if not found:
        raise FolderInvalid(f"{processes} holds no agency: there is no */agency.toml in it")
    return found


def read_agency(folder: Path) -> AgencyFolder:
    """One agency. Its profile is ``agency.toml``, with the sentences of the service standard in ``standar``.

    Raises ``FolderInvalid``.
    """
    file = folder / "agency.toml"
    try:
        profile = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FolderInvalid(f"{file}: {error}") from error
    agency_id, name = profile.get("id"), profile.get("nama")
    expected = folder.resolve().name
    if agency_id != expected or not name:
        raise FolderInvalid(f"{file}: id must be the folder's name, '{expected}', and nama must be set")
    if standard := profile.get("standar"):
        profile["standar"] = standard_steps((folder / standard).read_text(encoding="utf-8"))
    return AgencyFolder(agency_id, name, profile, read_resources(folder))


def read_resources(folder: Path) -> dict[str, bytes]:
    """The diagrams, tables and forms in ``folder`` and, for ``processes/<agency>``, in ``forms/<agency>``."""
    folder = folder.resolve()
    files = [path for suffix in ("bpmn", "dmn", "form") for path in sorted(folder.glob(f"*.{suffix}"))]
    if folder.parent.name == "processes":
        files += sorted((folder.parent.parent / "forms" / folder.name).glob("*.form"))
    return {path.name: path.read_bytes() for path in files}


def standard_steps(text: str) -> dict[str, str]:
    """The numbered steps of a published service standard, word for word: ``{"7": "jika anak ..."}``.

    They stand between the headings 'Sistem, Mekanisme dan Prosedur' and 'Waktu Penyelesaian', a line each;
    letterheads of later pages may stand between them.
    """
    steps: dict[str, str] = {}
    inside = False
    for line in text.splitlines():
        if _HEADING.match(line):
            inside = True
        elif inside and _END.match(line):
            break
        elif inside and (step := _STEP.match(line)):
            steps.setdefault(step[1], step[2])
    return steps
