"""Which decisions of a file stand on which others, and what names they give each other."""

from collections.abc import Iterator, Mapping
from functools import cached_property

from engine.definitions.dmn.model import Node, Table


class Requirements:
    """The decisions of one file. A set of them is an int, a bit for each: there may be thousands.

    ``graph``: by id, without circles.
    """

    def __init__(self, graph: Mapping[str, Node]) -> None:
        self.graph = graph
        self._bits = {node_id: 1 << number for number, node_id in enumerate(graph)}

    @cached_property
    def _below(self) -> Mapping[str, int]:
        """For each decision itself and all that it requires, directly or not."""
        found: dict[str, int] = {}
        waiting = list(self.graph)
        while waiting:
            node_id = waiting[-1]
            required = self.graph[node_id].required
            missing = [other for other in required if other not in found] if node_id not in found else []
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if node_id not in found:
                found[node_id] = self._bits[node_id]
                for other in required:
                    found[node_id] |= found[other]
        return found

    @cached_property
    def _giving(self) -> Mapping[str, int]:
        """Name -> the decisions whose result others see under it."""
        found: dict[str, int] = {}
        for node in self.graph.values():
            for name in results(node):
                found[name] = found.get(name, 0) | self._bits[node.id]
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """What the decisions and functions of the file and their results are called."""
        return frozenset({node.name for node in self.graph.values()} | self._giving.keys())

    def results_of_others(self, node: Node) -> frozenset[str]:
        """Names in a table's inputs that stand for results of decisions that it requires."""
        if not isinstance(node.logic, Table):
            return frozenset()
        others = self._below[node.id] & ~self._bits[node.id]
        asked = {name for column in node.logic.inputs for name in column.expression.names}
        return frozenset(name for name in asked if self._giving.get(name, 0) & others)

    def stands_below(self, node: Node, asked: frozenset[str]) -> bool:
        """Whether a decision is among some that are asked, or required by one of them."""
        bit = self._bits[node.id]
        return any(self._below[node_id] & bit for node_id in asked if node_id in self.graph)


def results(node: Node) -> Iterator[str]:
    """The names under which others see what a decision says."""
    yield node.variable.name
    if isinstance(node.logic, Table):
        yield from (column.name for column in node.logic.outputs)
