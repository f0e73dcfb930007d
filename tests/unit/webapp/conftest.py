"""Words in tests are those of the catalogues."""

from tests.support.catalogues import catalogues

__all__ = ["catalogues"]
