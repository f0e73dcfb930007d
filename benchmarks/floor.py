"""The floor: a bare Flask app that writes what a step must write, with SQLAlchemy Core and no engine.

A start inserts an instance with its blob, a task and two events; a completion updates the blob, ends the
task, inserts the next task and two events, all in one durable commit. Nobody signs in, nothing is checked.
"""

import os
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask import Flask, jsonify, request
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)

from engine.store import writing
from tests.support.keys import open_database

BLOB = b"x" * 2000
"""As many bytes as a case's state and variables have half way through."""

metadata = MetaData()
instance = Table(
    "instance",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("blob", LargeBinary, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("started_at", DateTime, nullable=False, index=True),
)
task = Table(
    "task",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("instance_id", ForeignKey("instance.id"), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("candidate", String(64), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("ended_at", DateTime, index=True),
)
event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("instance_id", ForeignKey("instance.id"), nullable=False, index=True),
    Column("kind", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
)


def start(database: Engine) -> tuple[str, str]:
    """Write a start in one commit; returns the ids of the instance and of its first task."""
    now, new = datetime.now(UTC), uuid4().hex
    with writing(database) as tx:
        tx.execute(insert(instance).values(id=new, blob=BLOB, revision=0, started_at=now))
        return new, _add_task(tx, new, now)


def complete(database: Engine, task_id: str) -> str:
    """Write a completion in one commit; returns the id of the next task."""
    now = datetime.now(UTC)
    with writing(database) as tx:
        query = select(task.c.instance_id, instance.c.revision, instance.c.blob).join(instance)
        row = tx.execute(query.where(task.c.id == task_id)).one()
        guarded = update(instance).where(
            instance.c.id == row.instance_id, instance.c.revision == row.revision
        )
        assert tx.execute(guarded.values(blob=BLOB, revision=row.revision + 1)).rowcount == 1
        tx.execute(update(task).where(task.c.id == task_id).values(ended_at=now))
        return _add_task(tx, row.instance_id, now)


def create_app(url: str = "") -> Flask:
    """The app on the database at ``url`` (by default: of the environment); makes its tables."""
    app = Flask(__name__)
    database = open_database(url or os.environ["TITIAN_DATABASE_URL"])
    metadata.create_all(database)

    @app.get("/healthz")
    def healthz() -> Any:
        return jsonify(status="ok")

    @app.post("/start")
    def begin() -> Any:
        assert isinstance(request.get_json(), dict)
        instance_id, task_id = start(database)
        return jsonify(id=instance_id, task=task_id)

    @app.get("/inbox")
    def inbox() -> Any:
        query = select(task).where(task.c.ended_at.is_(None)).order_by(task.c.created_at).limit(50)
        with database.connect() as tx:
            return jsonify([dict(row._mapping) for row in tx.execute(query)])

    @app.get("/task/<task_id>")
    def form(task_id: str) -> Any:
        query = select(task, instance.c.revision).join(instance).where(task.c.id == task_id)
        with database.connect() as tx:
            return jsonify(dict(tx.execute(query).one()._mapping))

    @app.post("/task/<task_id>/complete")
    def done(task_id: str) -> Any:
        assert isinstance(request.get_json(), dict)
        return jsonify(task=complete(database, task_id))

    return app


def _add_task(tx: Connection, instance_id: str, now: datetime) -> str:
    new = uuid4().hex
    values = {"id": new, "instance_id": instance_id, "created_at": now}
    tx.execute(insert(task).values(**values, name="Lakukan asesmen", candidate="peksos"))
    events = [{"instance_id": instance_id, "kind": kind, "at": now} for kind in ("completed", "entered")]
    tx.execute(insert(event), events)
    return new
