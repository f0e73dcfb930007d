"""Saved filters of the inbox, and pseudonyms that cases can be found by"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from alembic import op

from engine.store import columns
from engine.types.pseudonyms import pseudonym_of

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_INSTANCE = sa.table("process_instance", sa.column("id"), sa.column("pseudonym"))
_CHUNK = 10_000


def upgrade() -> None:
    op.create_table(
        "saved_filter",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("arguments", columns.Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", columns.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_saved_filter_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_filter_user_id_name")),
    )
    op.add_column(
        "process_instance", sa.Column("pseudonym", sa.String(length=255), nullable=False, server_default="")
    )
    for ids in _all_ids():
        _name(ids)
    op.create_index(
        op.f("ix_process_instance_agency_id_pseudonym"), "process_instance", ["agency_id", "pseudonym"]
    )


def _all_ids() -> Iterator[Sequence[str]]:
    tx, last = op.get_bind(), ""
    query = sa.select(_INSTANCE.c.id).order_by(_INSTANCE.c.id).limit(_CHUNK)
    while ids := tx.scalars(query.where(_INSTANCE.c.id > last)).all():
        yield ids
        last = ids[-1]


def _name(ids: Sequence[str]) -> None:
    named = sa.update(_INSTANCE).where(_INSTANCE.c.id == sa.bindparam("case"))
    op.get_bind().execute(
        named.values(pseudonym=sa.bindparam("drawn")),
        [{"case": each, "drawn": pseudonym_of(each)} for each in ids],
    )
