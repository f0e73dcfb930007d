"""What every error has: a template, its parameters, and the marks for translators."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


def N_(template: str) -> str:  # noqa: N802 - the name that catalogue extractors know
    """Mark a text for translation without translating it here."""
    return template


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field of a form.

    ``field`` is the path of the field (``anak.nik`` or ``pertemuan.0.tanggal``), ``template`` and
    ``parameters`` make the sentence.
    """

    field: str
    template: str
    parameters: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.parameters


class TitianError(Exception):
    """The root. ``TitianError(template, name=value, ...)``; the template uses ``%(name)s``."""

    template: str = N_("Something went wrong.")

    def __init__(self, template: str | None = None, **parameters: Any) -> None:
        self.template = template or type(self).template
        self.parameters: dict[str, Any] = parameters
        super().__init__(self.template % parameters if parameters else self.template)
