"""Lists of the inbox that a person has given a name."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.tables.base import Base, Id, JsonValue, Name


class SavedFilter(Base):
    """A person's own filter of the inbox. ``arguments``: the parameters of its address, public all of them:
    a word that may be somebody's name is never among them (``webapp.inbox.searching``). ``position``: its
    place among that person's filters."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[Id] = mapped_column(primary_key=True)
    user_id: Mapped[Id] = mapped_column(ForeignKey("app_user.id"))
    name: Mapped[Name]
    arguments: Mapped[JsonValue]
    position: Mapped[int]
    created_at: Mapped[datetime]
