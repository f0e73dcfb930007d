"""What is known where an expression of a file stands, while the file is read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lxml import etree

from engine.definitions.dmn.cells import Reader, special
from engine.definitions.dmn.types import TypeTable
from engine.feel import Expression, UnaryTests
from engine.feel.inside import TypeRef


@dataclass(frozen=True)
class Place:
    """``reader`` notes problems; ``types`` of the file; ``known``: names in scope that FEEL must be told.

    ``decision``: id of the node around it, for errors; ``variable`` and ``result``: name and type of its
    result.
    """

    reader: Reader
    types: TypeTable
    known: frozenset[str] = frozenset()
    decision: str = ""
    variable: str = ""
    result: TypeRef | None = None

    def seeing(self, names: Iterable[str]) -> "Place":
        """The same place with more names in scope."""
        more = special(names)
        return replace(self, known=self.known | more) if more else self

    def within(self, name: str, type_: TypeRef | None) -> "Place":
        """The same place inside of something whose result has a name and a type of its own."""
        return replace(self, variable=name, result=type_)

    def expression(self, element: etree._Element | None) -> Expression | None:
        return self.reader.expression(element, self.known)

    def tests(self, element: etree._Element | None) -> UnaryTests | None:
        return self.reader.tests(element, self.known)

    def type_of(self, element: etree._Element) -> TypeRef | None:
        """The type that an element declares in ``typeRef``."""
        return self.types.find(element.get("typeRef"))
