"""Binds the engine's tables to Flask-SQLAlchemy. Every view takes its database from here."""

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from engine import KeyPlace, RecordPlace, with_record
from engine.errors import DatabaseUnavailable
from engine.store import metadata
from engine.store.connect import prepare

db = SQLAlchemy(metadata=metadata)


def init_db(app: Flask, url: str, keys: KeyPlace, place: RecordPlace) -> None:
    """Open the database at ``url`` for ``app``, durable as the engine needs it.

    ``keys``: of its cases; ``place``: of its access log.
    """
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # An error message of SQLAlchemy would otherwise carry the values of a statement into the log.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True}
    db.init_app(app)
    with app.app_context():
        prepare(db.engine, keys)
        with_record(db.engine, place)


def database() -> Engine:
    """The database of the current application."""
    return db.engine


def answers(engine: Engine) -> bool:
    """Whether the database can be reached and has our tables."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM agency WHERE 1 = 0"))
    except (DatabaseUnavailable, SQLAlchemyError):
        return False
    return True
