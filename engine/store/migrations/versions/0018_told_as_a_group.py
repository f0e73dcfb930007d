"""What is told to the members of a group as such, whether they see the case or not"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("told_group", sa.String(length=64)))
