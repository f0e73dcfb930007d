"""Who is it? Sign-in, sign-out and the actor of every request.

A login is a row in the database; the signed cookie names it. Every page needs one, except those marked
``public``. Passwords are argon2's affair, attempts are counted, and nobody learns whether a user exists.
"""

from webapp.auth.sessions import current_actor, init_auth, public
from webapp.auth.views import blueprint

__all__ = ["blueprint", "current_actor", "init_auth", "public"]
