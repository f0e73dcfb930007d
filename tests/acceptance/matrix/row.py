"""A row of the matrix: a route, and what each role is to get there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.matrix.world import OWN, ROLES, Body, Subject

EVERYBODY = frozenset(ROLES) - {"stranger"}
OF_AGENCY = EVERYBODY - {"admin"}
CASE = frozenset({"worker", "manajer"})
MANAGER, WORKER = frozenset({"manajer"}), frozenset({"worker"})
ANALYST, ADMIN, MACHINE = frozenset({"analis"}), frozenset({"admin"}), frozenset({"layanan"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Row:
    """What a route answers.

    ``door``: who enters that part at all; others get 403, whatever they name. ``sees``: for whom one's own
    thing is there; for others it is 404, like another agency's and like none. ``may``: who may do it; others
    who see it get 403. ``names``: part of the path -> kind of thing. ``fresh``: it changes what it names.
    ``gone``: nothing is there once the case has ended. ``states``: which of them there are. ``body``,
    ``form``, ``query``: what is sent. ``listing``: 200 for everybody, with nothing in it for who sees
    nothing. ``always``: statuses that everybody gets who comes in. ``public``: strangers come in too.
    ``everywhere``: for whom another agency\'s thing is there as well.
    """

    sees: frozenset[str] = EVERYBODY
    may: frozenset[str] | None = None
    door: frozenset[str] = EVERYBODY
    names: Mapping[str, str] = field(default_factory=dict)
    body: Body | None = None
    form: Body | None = None
    query: Body | None = None
    fresh: bool = False
    gone: bool = False
    states: tuple[str, ...] = ("own",)
    listing: bool = False
    always: frozenset[int] = frozenset()
    public: bool = False
    everywhere: frozenset[str] = NOBODY

    def wanted(self, role: str, state: str) -> str:
        """``in`` (neither 401 nor 403 nor 404), or the status that a role gets."""
        if role not in self.door:
            return "403"
        hidden = state == "other" and role not in self.everywhere
        missing = hidden or state == "absent" or (state == "closed" and self.gone)
        if missing or role not in self.sees:
            return "404"
        return "in" if self.may is None or role in self.may else "403"

    def path(self, rule: str, things: Subject) -> str:
        """The address of what the row names."""
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: self._value(part[1], things), rule)

    def _value(self, name: str, things: Subject) -> str:
        kind = self.names.get(name, "")
        return things.get(kind) or {"kind": "process", "name": "kanal"}.get(name, kind or "x")

    def sent(self, things: Subject, user_id: str) -> dict[str, Any]:
        """Query, body and form of the request."""
        found: dict[str, Any] = {}
        for what, made in (("json", self.body), ("data", self.form), ("query_string", self.query)):
            if made is not None:
                found[what] = made(things, user_id)
        return found


def of(kind: str, **names: str) -> dict[str, str]:
    """The part ``id`` of a path, and others."""
    return {"id": kind, **names}


ALL_STATES = ("own", "other", "closed", "absent")
LIVE = ("own", "other", "absent")
WORKER_ID = f"petugas@{OWN}"
