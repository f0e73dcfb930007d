"""What the registers hold: requests of data subjects and breaches, with the clock of the law."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CLOCK = timedelta(hours=3 * 24)
"""UU 27/2022: 3 x 24 hours to answer a request (Ps 30-32, 40-41) and to give notice of a breach (Ps 46)."""


class RequestKind(StrEnum):
    """What somebody may ask for. The law names the hours for all but information, objection and erasure;
    the register keeps the same clock for these."""

    INFORMATION = "information"
    CORRECTION = "correction"
    ACCESS = "access"
    ERASURE = "erasure"
    WITHDRAWAL = "withdrawal"
    OBJECTION = "objection"
    LIMITATION = "limitation"


ARTICLES = {
    RequestKind.INFORMATION: "Ps 5",
    RequestKind.CORRECTION: "Ps 6, 30",
    RequestKind.ACCESS: "Ps 7, 32",
    RequestKind.ERASURE: "Ps 8, 43-45",
    RequestKind.WITHDRAWAL: "Ps 9, 40",
    RequestKind.OBJECTION: "Ps 10",
    RequestKind.LIMITATION: "Ps 11, 41",
}
"""Of UU 27/2022 on the protection of personal data: the right, then what the agency has to do."""


class Requester(StrEnum):
    """Who asks, for whom no name is kept: the case has it."""

    SUBJECT = "subject"
    PARENT = "parent"
    GUARDIAN = "guardian"
    COUNSEL = "counsel"


class RequestOutcome(StrEnum):
    """How a request was answered. The law says when it must be refused (UU 27/2022 Ps 33)."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True)
class DataRequestView:
    """One request; ``answered_at`` is None while it is open. ``gone``: what was written earlier was erased,
    or cannot be read any more; it is empty here."""

    id: str
    agency_id: str
    number: int
    kind: RequestKind
    requester: Requester
    business_key: str
    note: str
    received_at: datetime
    due_at: datetime
    recorded_by: str
    outcome: RequestOutcome | None
    answer: str
    answered_at: datetime | None
    answered_by: str
    gone: bool = False


@dataclass(frozen=True)
class BreachView:
    """One breach, with what the notice has to say (Ps 46 (2)): ``data`` that came out, its ``course`` (when
    and how), and the ``handling``. The two moments say when the notice was given. ``gone`` as of a request.
    """

    id: str
    agency_id: str
    number: int
    found_at: datetime
    due_at: datetime
    data: str
    course: str
    handling: str
    subjects: int
    recorded_by: str
    subjects_told_at: datetime | None
    authority_told_at: datetime | None
    gone: bool = False
