"""Files that people attach to a case"""

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LOOSE = sa.text("key_id IS NOT NULL")


def upgrade() -> None:
    name = sa.String(length=64)
    op.create_table(
        "attachment",
        sa.Column("id", name, nullable=False),
        sa.Column("agency_id", name, nullable=False),
        sa.Column("instance_id", name, nullable=True),
        sa.Column("definition_key", sa.String(length=255), nullable=False),
        sa.Column("task_id", name, nullable=True),
        sa.Column("content_type", name, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("secrets", sa.LargeBinary(), nullable=True),
        sa.Column("preview", sa.LargeBinary(), nullable=True),
        sa.Column("digest", name, nullable=False),
        sa.Column("key_id", name, nullable=True),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.Column("created_by", name, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_attachment_agency_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_attachment_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_instance_id"), "attachment", ["instance_id"])
    op.create_index(
        "ix_attachment_loose", "attachment", ["created_by"], sqlite_where=_LOOSE, postgresql_where=_LOOSE
    )
    op.create_table(
        "attachment_part",
        sa.Column("attachment_id", name, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_attachment_part_attachment_id")
        ),
        sa.PrimaryKeyConstraint("attachment_id", "number", name=op.f("pk_attachment_part")),
    )
