"""What the WSGI servers serve: Titian and the floor, on the database that the environment names."""

from flask import Flask

from benchmarks import floor
from webapp import create_app


def titian() -> Flask:
    """Titian as `titian serve --demo` builds it; timers are fired by nobody."""
    return create_app()


def bare() -> Flask:
    """The floor."""
    return floor.create_app()
