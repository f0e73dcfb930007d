"""What there is to know of logins, second factors and tokens. No secret is in these but in ``TotpKey``."""

from dataclasses import dataclass, field
from datetime import datetime

from engine.types.actors import Actor
from engine.types.views import UserView


@dataclass(frozen=True)
class LoginView:
    """A login; ``id`` is no secret. ``method``: how the user proved who it is, ``proved_at`` when last."""

    id: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime
    proved_at: datetime
    strong: bool
    method: str
    address: str
    agent: str


@dataclass(frozen=True)
class LoginActor:
    """Who a login is, right now. ``has_factor``: the user has something to prove with besides a password."""

    actor: Actor
    user: UserView
    login: LoginView
    has_factor: bool


@dataclass(frozen=True)
class PasskeyView:
    """``id`` is the SHA-256 of ``credential_id``, by which the browser knows it."""

    id: str
    user_id: str
    label: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Factors:
    """What a user can prove with besides a password. ``totp_at``: when an authenticator app was set up."""

    totp_at: datetime | None
    passkeys: tuple[PasskeyView, ...]
    recovery_codes: int

    def __bool__(self) -> bool:
        return self.totp_at is not None or bool(self.passkeys)


@dataclass(frozen=True)
class TotpKey:
    """The key of an authenticator app; ``confirmed`` once a first code was right."""

    key: bytes = field(repr=False)
    confirmed: bool


@dataclass(frozen=True)
class TokenView:
    """An API token of a user; what it is made of is told once, when it is made."""

    id: str
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True)
class Bearer:
    """Who sent a token: its owner with all rights of right now, and what the token is good for.

    ``has_factor``: the owner has set up a second factor.
    """

    actor: Actor
    token: TokenView
    has_factor: bool


@dataclass(frozen=True)
class SignInEventView:
    """What happened to an account; ``by``: the user who did it."""

    at: datetime
    event: str
    by: str
    address: str
