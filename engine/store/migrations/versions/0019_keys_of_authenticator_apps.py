"""What the key of an authenticator app is sealed with"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("totp", sa.Column("key_id", sa.String(length=64)))
