"""How much may be uploaded: of one file, by one person, and to one case."""

from dataclasses import dataclass
from typing import Final

from engine.uploads.inspecting import LARGEST

_MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True)
class UploadLimits:
    """Bytes. ``file``: of one file as it is sent. ``of_person``: of all that a person has attached within 24
    hours and that is still there, whatever became of the form it belongs to. ``of_case``: of all files of a
    case, or of all that a person has uploaded for cases that are yet to be opened."""

    file: int = LARGEST
    of_person: int = 250 * _MEBIBYTE
    of_case: int = 500 * _MEBIBYTE


USUAL_LIMITS: Final = UploadLimits()
