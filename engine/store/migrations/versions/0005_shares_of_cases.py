"""What agencies share of their cases with each other"""

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_share",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("instance_id", sa.String(length=64), nullable=False),
        sa.Column("agency_id", sa.String(length=64), nullable=False),
        sa.Column("to_agency_id", sa.String(length=64), nullable=False),
        sa.Column("to_group", sa.String(length=64), nullable=False),
        sa.Column("fields", columns.Json(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("shared_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("shared_by", sa.String(length=64), nullable=False),
        sa.Column("expires_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("revoked_at", columns.Moment(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.Column("revoke_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_case_share_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_case_share_instance_id")
        ),
        sa.ForeignKeyConstraint(["to_agency_id"], ["agency.id"], name=op.f("fk_case_share_to_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_share")),
    )
    with op.batch_alter_table("case_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_share_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_share_to_agency_id_to_group_expires_at"),
            ["to_agency_id", "to_group", "expires_at"],
            unique=False,
        )
