"""Where keys are kept."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url


@dataclass(frozen=True)
class KeyPlace:
    """``url``: SQLAlchemy URL of the key store. The master keys: ``given`` as texts in base64, the one in use
    first, or in ``file``, which is made at the first start where neither is there."""

    url: str
    file: Path | None = None
    given: tuple[str, ...] = ()

    @classmethod
    def in_folder(cls, folder: Path, given: tuple[str, ...] = ()) -> "KeyPlace":
        """Key store and key file in one folder: for one machine, and for tests."""
        return cls(f"sqlite:///{folder / 'case-keys.db'}", folder / "master.key", given)

    @classmethod
    def beside(cls, database_url: str) -> "KeyPlace | None":
        """A folder ``keys`` beside the file of a SQLite database; None for any other database."""
        url = make_url(database_url)
        if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
            return None
        return cls.in_folder(Path(str(url.database)).resolve().parent / "keys")
