"""What people say to each other about a case, who does whose work, and who is away"""

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("task_id", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("mentions", columns.Json(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("removed_at", columns.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_comment_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_comment_instance_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["user_task.id"], name=op.f("fk_comment_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_comment_instance_id_created_at"), ["instance_id", "created_at"], unique=False
        )
    op.add_column("user_task", sa.Column("owner", sa.String(length=64), nullable=True))
    op.add_column("user_task", sa.Column("delegation_state", sa.String(length=64), nullable=True))
    op.create_table(
        "absence",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("substitute_id", sa.String(length=64), nullable=False),
        sa.Column("appointed", sa.Boolean(), nullable=False),
        sa.Column("starts_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("ends_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("set_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("ended_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_absence_agency_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["app_user.id"], name=op.f("fk_absence_substitute_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_absence_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_absence_substitute_id_ends_at"), ["substitute_id", "ends_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_absence_user_id_ends_at"), ["user_id", "ends_at"], unique=False)
