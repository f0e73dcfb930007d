"""The clocks of cases, and which of them a task's due time comes from

What was due so far was the diagram's own. The clocks of open cases are made by ``titian init``, which reads
their history (``engine.commands.deadlines.keep_clocks``): that needs the agency's profile and calendar.
"""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_OPEN: Any = {"sqlite_where": sa.text("ended_at IS NULL"), "postgresql_where": sa.text("ended_at IS NULL")}


def upgrade() -> None:
    moments = ("due_at", "warn_at", "warned_at", "breached_at", "ended_at")
    op.create_table(
        "case_clock",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("clock_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("started_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("runs", columns.Json(), nullable=True),
        *(sa.Column(name, columns.Moment(timezone=True), nullable=True) for name in moments),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_clock_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_case_clock_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock")),
        sa.UniqueConstraint("instance_id", "clock_id", name=op.f("uq_case_clock_instance_id_clock_id")),
    )
    op.create_index("ix_case_clock_open", "case_clock", ["agency_id", "instance_id"], unique=False, **_OPEN)
    for name in ("own_due_at", "risk_at"):
        op.add_column("user_task", sa.Column(name, columns.Moment(timezone=True), nullable=True))
    op.add_column("user_task", sa.Column("clock_id", sa.String(length=64), nullable=True))
    _keep_due_times(op.get_bind())


def _keep_due_times(tx: sa.Connection) -> None:
    """What was due is the diagram's own, and at risk with a day left (``engine.deadlines.running.SOON``)."""
    moment = columns.Moment(timezone=True)
    names = ("due_at", "own_due_at", "risk_at", "ended_at")
    task = sa.table("user_task", sa.column("id"), *(sa.column(name, moment) for name in names))
    tx.execute(sa.update(task).where(task.c.due_at.is_not(None)).values(own_due_at=task.c.due_at))
    is_open = task.c.ended_at.is_(None), task.c.due_at.is_not(None)
    open_ones = sa.select(task.c.id, task.c.due_at).where(*is_open)
    rows = [{"task": row.id, "at": row.due_at - timedelta(hours=24)} for row in tx.execute(open_ones)]
    if rows:
        change = sa.update(task).where(task.c.id == sa.bindparam("task"))
        tx.execute(change.values(risk_at=sa.bindparam("at", type_=moment)), rows)
