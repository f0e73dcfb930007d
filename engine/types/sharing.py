"""What an agency shares of a case with another agency: as its owner sees it, and as the receiver does."""

from dataclasses import dataclass, field
from datetime import datetime

from engine.types.views import VariableDescription


@dataclass(frozen=True)
class ShareView:
    """A share as the owning agency's manager sees it. ``fields``: names of variables."""

    id: str
    instance_id: str
    agency_id: str
    to_agency_id: str
    to_group: str
    fields: tuple[str, ...]
    consent: str
    shared_at: datetime
    shared_by: str
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str | None
    revoke_reason: str | None


@dataclass(frozen=True)
class ReceivedShare:
    """A share as the receiving group lists it: from whom, about what service, until when. Nothing of the case
    itself, not even its registration number, unless that is a field that was shared."""

    id: str
    agency_id: str
    definition_name: str
    to_agency_id: str
    to_group: str
    shared_at: datetime
    shared_by: str
    expires_at: datetime


@dataclass(frozen=True)
class SharedCase:
    """What the receiving group reads: exactly the fields that were named, as they are now.

    ``instance_id``: for the access log; the group does not see it.
    """

    share: ReceivedShare
    instance_id: str = field(repr=False)
    values: tuple[VariableDescription, ...]
