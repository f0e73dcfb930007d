"""Every unsafe request of a page carries a token. The machine API has no cookie, and so needs none."""

from flask_wtf.csrf import CSRFProtect

csrf = CSRFProtect()
"""A blueprint that uses Basic login is exempt: ``csrf.exempt(blueprint)``."""
