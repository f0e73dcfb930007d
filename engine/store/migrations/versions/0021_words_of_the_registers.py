"""What people write in the registers is sealed; `titian init` seals what is there"""

import sqlalchemy as sa
from alembic import op

from engine.store import columns

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("spent_key", sa.Column("erased_with", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_spent_key_erased_with"), "spent_key", ["erased_with"], unique=False)
    for name in ("data_request", "data_breach"):
        op.add_column(name, sa.Column("key_id", sa.String(length=64), nullable=True))
        op.add_column(name, sa.Column("erased_at", columns.Moment(timezone=True), nullable=True))
        mark, entries = sa.table("key_store_mark", sa.column("sealed", sa.Boolean)), sa.table(name)
        written = sa.select(sa.literal(1)).select_from(entries).exists()
        op.execute(sa.update(mark).where(written).values(sealed=sa.false()))
