"""Files attached to a case, as pages show them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttachmentView:
    """One file, without its bytes. ``instance_id`` is None while its case does not exist yet;
    ``definition_key``: of its process; ``step``: name of the task at which it was attached, empty at the
    start of the case.

    ``name``, ``description`` and ``preview`` (a small JPEG of a photo or of the
    first page) are None for who may not read what is sealed in
    the case, and for everybody once it was ``erased``. ``size`` in bytes; ``pages`` of a PDF.
    """

    id: str
    agency_id: str
    instance_id: str | None
    definition_key: str
    task_id: str | None
    step: str
    content_type: str
    size: int
    pages: int | None
    created_at: datetime
    created_by: str
    erased: bool
    name: str | None = None
    description: str | None = None
    preview: bytes | None = None
