"""What is sealed leaves the open columns"""

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_PENDING = sa.text("withdrawn_at IS NULL AND certified_at IS NULL")


def upgrade() -> None:
    op.execute("DELETE FROM idempotency_key")  # answers lay open there
    moment, name = columns.Moment(timezone=True), sa.String(length=64)
    op.create_table(
        "erasure",
        sa.Column("id", name, nullable=False),
        sa.Column("instance_id", name, nullable=False),
        sa.Column("agency_id", name, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=255), nullable=True),
        sa.Column("requested_at", moment, nullable=False),
        sa.Column("requested_by", name, nullable=False),
        sa.Column("agreed_at", moment, nullable=True),
        sa.Column("agreed_by", name, nullable=True),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("withdrawn_by", name, nullable=True),
        sa.Column("digest", name, nullable=True),
        sa.Column("certified_at", moment, nullable=True),
        sa.Column("certificate", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_erasure_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_erasure_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index(
        "ix_erasure_pending",
        "erasure",
        ["agency_id", "requested_at"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )
    op.create_index(op.f("ix_erasure_instance_id"), "erasure", ["instance_id"])
    op.create_table(
        "key_store_mark",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("store_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_store_mark")),
    )
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("secrets", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("key_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("submitted_secrets", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("erased_at", columns.Moment(timezone=True), nullable=True))
    with op.batch_alter_table("user_task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("submitted_secrets", sa.LargeBinary(), nullable=True))
