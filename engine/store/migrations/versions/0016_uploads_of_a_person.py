"""What a person has uploaded of late, found by an index"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_attachment_created_by_created_at"), "attachment", ["created_by", "created_at"])
