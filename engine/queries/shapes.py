"""The shape of a question: a list's statement is made once for it, not once for every call.

To make a statement costs several times what it takes to run it. Two questions have one shape where those who
ask belong to the same and the filters give the same fields; who it is and what the fields say is bound when
the statement is executed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import bindparam

from engine.queries.paging import check_pattern
from engine.types import SYSTEM, Actor

F = TypeVar("F")
KEPT = 200
"""How many statements each list keeps; one takes 35 to 70 kB."""


_USER_ID: Any = bindparam("asker")


class Asker(NamedTuple):
    """Everybody who belongs to the same: they get the same statement, of which their id is a parameter.

    ``system``: nobody but the system itself, told apart by identity: others may be called like it.
    """

    memberships: frozenset[tuple[str, str]]
    admin: bool
    system: bool

    def actor(self) -> Actor:
        """An actor whose id is the parameter ``asker``."""
        return SYSTEM if self.system else Actor(_USER_ID, self.memberships, self.admin)


def asker_of(actor: Actor) -> tuple[Asker, dict[str, Any]]:
    """Whom an actor's statements are made for, and the value of their parameter."""
    return Asker(actor.memberships, actor.admin, actor is SYSTEM), {"asker": actor.user_id}


@dataclass(frozen=True)
class Shape(Generic[F]):
    """Which fields of a filter say something else than by default.

    ``single`` and ``several``: fields whose value, or values, become parameters; ``fixed``: fields with what
    they say, where that makes another statement.
    """

    kind: type[F]
    single: tuple[str, ...]
    several: tuple[str, ...]
    fixed: tuple[tuple[str, Any], ...]

    def filter(self) -> F:
        """The filter of this shape that says parameters, each named like its field."""
        values: dict[str, Any] = {name: bindparam(name) for name in self.single}
        values |= {name: bindparam(name, expanding=True) for name in self.several}
        return self.kind(**values, **dict(self.fixed))


def shape_of(asked: F, fixed: Collection[str] = ()) -> tuple[Shape[F], dict[str, Any]]:
    """The shape of a filter, and the values of its parameters by name.

    Yes, no and nothing are fixed, and the fields that ``fixed`` names. Raises ``QueryInvalid`` for a pattern
    (``..._like``) that cannot be searched for.
    """
    kind, single, several = type(asked), list[str](), list[str]()
    kept, values = list[tuple[str, Any]](), dict[str, Any]()
    for name, value in vars(asked).items():
        if value == getattr(kind, name):
            continue
        if name in fixed or value is None or value == () or isinstance(value, bool):
            kept.append((name, value))
            continue
        if name.endswith("_like"):
            check_pattern(value)
        (several if isinstance(value, tuple) else single).append(name)
        values[name] = value
    return Shape(kind, tuple(single), tuple(several), tuple(kept)), values
