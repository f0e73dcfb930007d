"""The clocks that an agency's profile declares (``[[jam]]`` of ``agency.toml``), read once into values.

A clock is data: what it counts, how much, from which element of the diagram to which, while which steps wait,
and by which variable the amount is chosen. ``docs/reference/clocks.md`` has the keys.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

from engine.deadlines.clocks import ClockKind
from engine.errors import N_, ProfileInvalid

RECEIVED = "penerimaan"
"""In ``dari``: the moment at which the case was received, which is when it was started."""

ENDED = "selesai"
"""In ``sampai``: the end of the case."""

MOST = 1_000_000

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Amount(NamedTuple):
    """How much a clock of a case counts, in its kind's unit. ``provisional``: by a proposal, which binds
    nothing, as long as the variable that chooses says nothing."""

    units: int
    provisional: bool = False


@dataclass(frozen=True)
class ClockDeclaration:
    """One ``[[jam]]``. ``service``: key of the process.

    ``amount``: in the kind's unit; None where the variable ``amount_by`` chooses it from ``amounts``, and
    until that does, ``provisional_by``. ``start``: an element whose first token starts it, or ``RECEIVED``.
    ``until``: elements of which the first that is completed stops it, ``ENDED`` among them. ``runs_at``: it
    runs only while one of these is open; empty: all the time. ``earliest``: an end before this amount asks
    for a reason at ``asks_at``. ``escalation``: the group that is told of a breach. ``basis``: the sentence
    of the standard.
    """

    id: str
    service: str
    name: str
    kind: ClockKind
    start: str
    until: frozenset[str]
    amount: int | None = None
    amount_by: str | None = None
    provisional_by: str | None = None
    amounts: Mapping[str, int] = field(default_factory=dict)
    runs_at: frozenset[str] = frozenset()
    earliest: int | None = None
    asks_at: frozenset[str] = frozenset()
    escalation: str = ""
    basis: str = ""
    note: str = ""

    @property
    def chosen_by(self) -> tuple[str, ...]:
        """The variables that choose its amount: first the one that binds."""
        return tuple(name for name in (self.amount_by, self.provisional_by) if name is not None)

    def amount_for(self, variables: Mapping[str, Any]) -> Amount | None:
        """The amount for a case with these variables; None while they say nothing that counts."""
        if self.amount is not None:
            return Amount(self.amount)
        for name in self.chosen_by:
            value = variables.get(name)
            if isinstance(value, str) and value in self.amounts:
                return Amount(self.amounts[value], provisional=name != self.amount_by)
        return None

    @property
    def elements(self) -> frozenset[str]:
        """Ids of every element that it names."""
        return (frozenset({self.start}) | self.until | self.runs_at | self.asks_at) - {RECEIVED, ENDED}

    @property
    def targets(self) -> frozenset[str]:
        """The elements that stop it."""
        return self.until - {ENDED}

    @cached_property
    def scale(self) -> str:
        """By which variable its amount is chosen, and how much each value makes; empty where it is fixed."""
        return json.dumps([self.amount_by, self.amounts], sort_keys=True) if self.amount_by else ""

    @cached_property
    def shape(self) -> str:
        """What cannot become another for a clock that runs without going through the story of its case again:
        what it counts, between which elements, by which proposal, and its ``scale``, on a line of its own."""
        parts = [self.service, self.kind, self.start, sorted(self.until), sorted(self.runs_at)]
        parts += [self.provisional_by] if self.provisional_by else []
        return f"{json.dumps(parts)}\n{self.scale}"


def read_clocks(profile: Mapping[str, Any]) -> dict[str, tuple[ClockDeclaration, ...]]:
    """The clocks of a profile by the process that they belong to, in the order of the file.

    Raises ``ProfileInvalid``, which names the clock and the key.
    """
    tables = profile.get("jam", [])
    if not isinstance(tables, list):
        raise ProfileInvalid(clock="jam", key="[[jam]]", reason=N_("is written with two brackets"))
    found: dict[str, list[ClockDeclaration]] = {}
    ids = set[str]()
    for number, table in enumerate(tables, 1):
        declared = _Reader(table, f"jam {number}").clock(profile)
        if declared.id in ids:
            raise ProfileInvalid(clock=declared.id, key="id", reason=N_("is used twice"))
        ids.add(declared.id)
        found.setdefault(declared.service, []).append(declared)
    return {service: tuple(clocks) for service, clocks in found.items()}


class _Reader:
    """Reads one table, and refuses what it does not know."""

    def __init__(self, table: Any, name: str) -> None:
        self.name = name
        if not isinstance(table, Mapping):
            self.refuse("[[jam]]", N_("must be a table"))
        self.table: Mapping[str, Any] = table
        if isinstance(table.get("id"), str):
            self.name = table["id"]
        for key in table:
            if key not in KEYS:
                self.refuse(str(key), N_("is not known"))

    def refuse(self, key: str, reason: str) -> NoReturn:
        raise ProfileInvalid(clock=self.name[:60], key=key, reason=reason)

    def clock(self, profile: Mapping[str, Any]) -> ClockDeclaration:
        read = {key: reader(self, key) for key, reader in KEYS.items() if key in self.table}
        for key in ("id", "layanan", "nama", "jenis", "dari", "sampai"):
            if key not in read:
                self.refuse(key, N_("is missing"))
        self._check(read, profile)
        return ClockDeclaration(**{_FIELDS[key]: value for key, value in read.items()})

    def _check(self, read: Mapping[str, Any], profile: Mapping[str, Any]) -> None:
        """What keys say of each other and of the rest of the profile."""
        chosen = "jumlah_menurut" in read
        if chosen == ("jumlah" in read):
            self.refuse("jumlah", N_("or jumlah_menurut must be given, and not both"))
        if chosen != ("jumlah_nilai" in read):
            self.refuse("jumlah_nilai", N_("goes with jumlah_menurut"))
        if "sementara_menurut" in read and not chosen:
            self.refuse("sementara_menurut", N_("goes with jumlah_menurut"))
        if read["dari"] == ENDED or RECEIVED in read["sampai"]:
            self.refuse("dari", N_("cannot be the end, nor 'sampai' the receipt"))
        if "berjalan_pada" in read and read["jenis"] is not ClockKind.WORKING_MINUTES:
            self.refuse("berjalan_pada", N_("goes with menit_kerja only: days and months do not pause"))
        if ("paling_cepat" in read) != ("minta_alasan_pada" in read):
            self.refuse("paling_cepat", N_("goes with minta_alasan_pada"))
        if read["layanan"] not in profile.get("layanan", {read["layanan"]: {}}):
            self.refuse("layanan", N_("names no [layanan] of the profile"))
        if "eskalasi" in read and read["eskalasi"] not in profile.get("kelompok", {}):
            self.refuse("eskalasi", N_("names no group of [kelompok]"))

    def text(self, key: str) -> str:
        value = self.table[key]
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, N_("must be a text"))
        return value.strip()

    def id_(self, key: str) -> str:
        value = self.text(key)
        if not _ID.fullmatch(value):
            self.refuse(key, N_("has small letters, digits and _ only, at most 40"))
        return value

    def kind(self, key: str) -> ClockKind:
        value = self.text(key)
        if value not in set(ClockKind):
            self.refuse(key, N_("must be menit_kerja, hari_kerja, jam_kalender or bulan_kalender"))
        return ClockKind(value)

    def number(self, key: str) -> int:
        return self._number(key, self.table[key])

    def _number(self, key: str, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST:
            self.refuse(key, N_("must be a whole number from 1 to 1000000"))
        return int(value)

    def numbers(self, key: str) -> Mapping[str, int]:
        value = self.table[key]
        if not isinstance(value, Mapping) or not value:
            self.refuse(key, N_("must be a table of whole numbers by the variable's values"))
        return {str(name): self._number(key, amount) for name, amount in value.items()}

    def names(self, key: str) -> frozenset[str]:
        value = self.table[key]
        if not isinstance(value, list) or not value or not all(isinstance(v, str) and v for v in value):
            self.refuse(key, N_("must be a list of element ids"))
        return frozenset(value)


KEYS: Mapping[str, Callable[[_Reader, str], Any]] = {
    "id": _Reader.id_,
    "layanan": _Reader.text,
    "nama": _Reader.text,
    "jenis": _Reader.kind,
    "jumlah": _Reader.number,
    "jumlah_menurut": _Reader.text,
    "jumlah_nilai": _Reader.numbers,
    "sementara_menurut": _Reader.text,
    "dari": _Reader.text,
    "sampai": _Reader.names,
    "berjalan_pada": _Reader.names,
    "paling_cepat": _Reader.number,
    "minta_alasan_pada": _Reader.names,
    "eskalasi": _Reader.text,
    "dasar": _Reader.text,
    "catatan": _Reader.text,
}
"""Every key of ``[[jam]]`` and what reads it."""

_FIELDS: Mapping[str, str] = {
    "id": "id",
    "layanan": "service",
    "nama": "name",
    "jenis": "kind",
    "jumlah": "amount",
    "jumlah_menurut": "amount_by",
    "jumlah_nilai": "amounts",
    "sementara_menurut": "provisional_by",
    "dari": "start",
    "sampai": "until",
    "berjalan_pada": "runs_at",
    "paling_cepat": "earliest",
    "minta_alasan_pada": "asks_at",
    "eskalasi": "escalation",
    "dasar": "basis",
    "catatan": "note",
}
