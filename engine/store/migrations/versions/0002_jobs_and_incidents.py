"""Jobs of every kind, external tasks, incidents, suspension, migrations, idempotency keys"""

from collections import defaultdict
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.store import columns
from engine.store.documents import Event, pack_events, pack_variables
from engine.store.queue import create_queue

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_key",
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("operation", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_key_created_at"), ["created_at"], unique=False)

    op.create_table(
        "migration_batch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("source_definition_id", sa.String(length=255), nullable=False),
        sa.Column("target_definition_id", sa.String(length=255), nullable=False),
        sa.Column("plan", columns.Json(), nullable=False),
        sa.Column("undone_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_migration_batch_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_batch")),
    )
    with op.batch_alter_table("migration_batch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_migration_batch_agency_id_at"), ["agency_id", "at"], unique=False
        )

    op.create_table(
        "external_task",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("definition_id", sa.String(length=255), nullable=False),
        sa.Column("definition_key", sa.String(length=255), nullable=False),
        sa.Column("process_key", sa.String(length=255), nullable=False),
        sa.Column("element_id", sa.String(length=255), nullable=False),
        sa.Column("topic", sa.String(length=255), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("worker_id", sa.String(length=255), nullable=True),
        sa.Column("lock_expires_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("retries", sa.Integer(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("error_details", sa.Text(), nullable=True),
        sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_external_task_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_external_task_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_task")),
    )
    with op.batch_alter_table("external_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_external_task_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_external_task_topic_created_at_id"), ["topic", "created_at", "id"], unique=False
        )

    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=True),
        sa.Column("definition_id", sa.String(length=255), nullable=True),
        sa.Column("process_key", sa.String(length=255), nullable=True),
        sa.Column("element_id", sa.String(length=255), nullable=True),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("resolved_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_incident_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_incident_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            "ix_incident_open",
            ["agency_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.create_index(
            "ix_incident_subject",
            ["subject_id"],
            unique=False,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "migrated_instance",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["migration_batch.id"], name=op.f("fk_migrated_instance_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_migrated_instance_instance_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "instance_id", name=op.f("pk_migrated_instance")),
    )
    with op.batch_alter_table("migrated_instance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_migrated_instance_instance_id"), ["instance_id"], unique=False)

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=64), server_default="timer", nullable=False))
        batch_op.add_column(sa.Column("definition_id", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("process_key", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("priority", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("details", columns.Json(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.alter_column("instance_id", existing_type=sa.VARCHAR(length=64), nullable=True)
        batch_op.alter_column("element_id", existing_type=sa.VARCHAR(length=255), nullable=True)
        batch_op.drop_index(batch_op.f("ix_job_retries_due_at"))
        batch_op.create_index(batch_op.f("ix_job_definition_id"), ["definition_id"], unique=False)
        batch_op.create_index(
            "ix_job_to_do",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("retries > 0 AND suspended = 0"),
            postgresql_where=sa.text("retries > 0 AND NOT suspended"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_job_definition_id"), "process_definition", ["definition_id"], ["id"]
        )

    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("variables", sa.LargeBinary(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("sealed", columns.Json(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("due_at", columns.Moment(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("start_element_id", sa.String(length=255), nullable=True))
        batch_op.add_column(sa.Column("submitted", columns.Json(), nullable=True))

    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted", columns.Json(), nullable=True))
        batch_op.add_column(sa.Column("queue", sa.String(length=64), nullable=True))

    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=64), server_default="message", nullable=False))

    op.create_table(
        "catalog_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_mark")),
    )
    op.create_table(
        "history_entry",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            nullable=False,
        ),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("definition_id", sa.String(length=255), nullable=False),
        sa.Column("at", columns.Moment(timezone=True), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("events", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_history_entry_instance_id")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_history_entry")),
    )
    with op.batch_alter_table("history_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_history_entry_instance_id_seq"), ["instance_id", "seq"], unique=False
        )
    _convert(op.get_bind())
    _queues(op.get_bind())
    for name in ("variable", "submission", "history_event"):
        op.drop_table(name)
    _indexes()
    create_queue(op.get_bind())


def _indexes() -> None:
    """Those of open work in the order in which people want it; none that only ended cases would fill."""
    still_open: Any = {
        "sqlite_where": sa.text("ended_at IS NULL"),
        "postgresql_where": sa.text("ended_at IS NULL"),
    }
    urgency: list[Any] = ["due_at", sa.text("priority DESC"), "created_at", "id"]
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        for name in ("open", "assignee", "instance_id"):
            batch_op.drop_index(f"ix_user_task_{name}")
        batch_op.drop_column("definition_id")
    op.create_index("ix_user_task_open", "user_task", ["agency_id", *urgency], **still_open)
    op.create_index("ix_user_task_queue", "user_task", ["agency_id", "queue", *urgency], **still_open)
    op.create_index("ix_user_task_assignee", "user_task", ["assignee", "agency_id", *urgency], **still_open)
    op.create_index("ix_user_task_instance_id_queue", "user_task", ["instance_id", "queue"])
    op.drop_index("ix_process_instance_definition_id", "process_instance")
    op.create_index("ix_process_instance_agency_id_ended_at", "process_instance", ["agency_id", "ended_at"])
    op.create_index("ix_process_instance_open", "process_instance", ["agency_id", "started_at"], **still_open)
    by_due = ["agency_id", "due_at", "started_at", "id"]
    op.create_index("ix_process_instance_due", "process_instance", by_due, **still_open)
    op.create_index("ix_process_instance_version", "process_instance", ["definition_id"], **still_open)


def _queues(tx: sa.Connection) -> None:
    """A task with one candidate group, and nobody named, has a queue instead of a candidate."""
    old = sa.MetaData()
    old.reflect(tx, only=["user_task", "task_candidate"])
    task, known = old.tables["user_task"], old.tables["task_candidate"]
    candidates = defaultdict(list)
    for row in tx.execute(sa.select(known)):
        candidates[row.task_id].append(row)
    op.drop_table("task_candidate")
    op.create_table(
        "task_candidate",
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("candidate", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_task_candidate_instance_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name=op.f("fk_task_candidate_task_id")),
        sa.PrimaryKeyConstraint(
            "instance_id", "task_id", "kind", "candidate", name=op.f("pk_task_candidate")
        ),
    )
    names = ("instance_id", "task_id", "kind", "candidate")
    kept = sa.table("task_candidate", *map(sa.column, names))
    for task_id, rows in candidates.items():
        if len(rows) == 1 and rows[0].kind == "group":
            tx.execute(sa.update(task).where(task.c.id == task_id).values(queue=rows[0].candidate))
        else:
            tx.execute(sa.insert(kept), [{name: getattr(row, name) for name in names} for row in rows])


_DOCUMENTS = (
    ("process_instance", "sealed"),
    ("process_instance", "submitted"),
    ("user_task", "submitted"),
    ("variable", "value"),
    ("submission", "values"),
    ("history_event", "details"),
)


def _convert(tx: sa.Connection) -> None:
    """What was in rows goes into documents: variables, submissions, history."""
    old = sa.MetaData()
    old.reflect(tx, only=["process_instance", "user_task", "variable", "submission", "history_event"])
    old.tables["history_event"].c.at.type = columns.Moment()
    for table, column in _DOCUMENTS:
        old.tables[table].c[column].type = columns.Json()
    instances, tasks = old.tables["process_instance"], old.tables["user_task"]
    next_due = sa.select(sa.func.min(tasks.c.due_at)).where(
        tasks.c.instance_id == instances.c.id, tasks.c.ended_at.is_(None)
    )
    tx.execute(sa.update(instances).values(due_at=next_due.scalar_subquery()))
    rows = tx.execute(sa.select(instances.c.id, instances.c.definition_id, instances.c.definition_key)).all()
    for instance in rows:
        _convert_variables(tx, old.tables, instance.id)
        _convert_submissions(tx, old.tables, instance.id)
        _convert_history(tx, old.tables, instance)


def _convert_variables(tx: sa.Connection, tables: Any, instance_id: str) -> None:
    """A row named "" only kept an empty scope alive."""
    variable, instance = tables["variable"], tables["process_instance"]
    scopes: dict[str, dict[str, Any]] = defaultdict(dict, {"p:": {}})
    sealed = set()
    for row in tx.execute(sa.select(variable).where(variable.c.instance_id == instance_id)):
        scopes[row.scope] |= {row.name: row.value} if row.name else {}
        sealed |= {row.name} if row.sealed else set()
    values = {"variables": pack_variables(scopes), "sealed": sorted(sealed)}
    tx.execute(sa.update(instance).where(instance.c.id == instance_id).values(**values))


def _convert_submissions(tx: sa.Connection, tables: Any, instance_id: str) -> None:
    submission, task, instance = tables["submission"], tables["user_task"], tables["process_instance"]
    for row in tx.execute(sa.select(submission).where(submission.c.instance_id == instance_id)).all():
        values = {"submitted": row._mapping["values"]}
        if row.id == instance_id:
            values |= {"start_element_id": row.element_id}
            tx.execute(sa.update(instance).where(instance.c.id == row.id).values(**values))
        else:
            tx.execute(sa.update(task).where(task.c.id == row.id).values(**values))


def _convert_history(tx: sa.Connection, tables: Any, instance: Any) -> None:
    """The events of one command have one moment and one user."""
    event = tables["history_event"]
    rows = tx.execute(sa.select(event).where(event.c.instance_id == instance.id).order_by(event.c.seq))
    entry = sa.table(
        "history_entry",
        *map(sa.column, ("instance_id", "agency_id", "definition_id")),
        *(sa.column("at", columns.Moment()), sa.column("user_id"), sa.column("events", sa.LargeBinary())),
    )
    for (agency_id, at, user_id), together in groupby(rows.all(), lambda r: (r.agency_id, r.at, r.user_id)):
        events = [_event(row, instance.definition_key) for row in together]
        tx.execute(
            sa.insert(entry).values(
                instance_id=instance.id,
                agency_id=agency_id,
                definition_id=instance.definition_id,
                at=at,
                user_id=user_id,
                events=pack_events(events),
            )
        )


def _event(row: Any, own_key: str) -> Event:
    called = None if row.process_key == own_key else row.process_key
    return Event(row.kind, row.element_id, row.token_id, row.via, called, row.details or None)
