"""One recorded case of Kota Pasuruan: what each person sends, in order."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

AGENCY, KEY = "pasuruan", "pasuruan_penanganan_abh"


@dataclass(frozen=True)
class RecordedStep:
    """``user`` completes the open task of ``element`` (None: starts the case) with these values."""

    user: str
    element: str | None
    values: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """The values as Camunda's REST dialect sends them."""
        return {"variables": {name: {"value": value} for name, value in self.values.items()}}


CASE = tuple(
    RecordedStep(**step) for step in json.loads(Path(__file__).with_name("pasuruan.json").read_text())
)
"""The start and eleven tasks; one round of monitoring is repeated."""
