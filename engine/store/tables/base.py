"""What all tables share: names of constraints, and how Python types become columns."""

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import LargeBinary, MetaData, String, Table, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column

from engine.store.columns import Json, Moment

Id = Annotated[str, mapped_column(String(64))]
"""A UUIDv7 in text, or an id that people chose (agency, user, group)."""

Name = Annotated[str, mapped_column(String(255))]
JsonValue = Annotated[Any, mapped_column(Json)]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, str: Text, bytes: LargeBinary}


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that are made once and executed without the ORM."""
    assert isinstance(model.__table__, Table)
    return model.__table__
