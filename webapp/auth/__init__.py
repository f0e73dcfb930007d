"""Who is it? Sign-in, sign-out and the actor of every request.

A login is a row in the database; the signed cookie names it, and the row keeps only the SHA-256 of that name.
Every page needs a login, except those marked ``public``. A login that still lacks its second factor reaches
the few pages marked ``half_way`` and nothing else. Passwords are argon2's affair, attempts are counted, and
nobody learns whether a user exists.
"""

from webapp.auth import oidc_views, passkey_views, second
from webapp.auth.part import blueprint
from webapp.auth.sessions import current_actor, init_auth, public, unattended
from webapp.auth.views import verified

__all__ = [
    "blueprint",
    "current_actor",
    "init_auth",
    "oidc_views",
    "passkey_views",
    "public",
    "second",
    "unattended",
    "verified",
]
