"""Rows as they lie in the database, whatever somebody has put there: no value makes reading them fail."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Label, Table, type_coerce
from sqlalchemy.types import NullType


def raw_columns(table: Table, prefix: str = "") -> list[Label[Any]]:
    """All columns of a table without conversion of what is in them."""
    return [type_coerce(column, NullType()).label(prefix + column.name) for column in table.columns]


def values_of(mapping: Mapping[Any, Any], table: Table, prefix: str = "") -> dict[str, Any]:
    """A row's values by the table's names. What is no moment or no bytes stays as it was found."""
    found = {column.name: mapping[prefix + column.name] for column in table.columns}
    if "at" in found:
        found["at"] = _moment(found["at"])
    return found


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return value


def blob(value: Any) -> bytes:
    """Bytes as they are; nothing for what is none."""
    return value if isinstance(value, bytes) else b""


def whole_number(value: Any, otherwise: int) -> int:
    """A number as it is."""
    return value if isinstance(value, int) else otherwise
