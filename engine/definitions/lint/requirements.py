"""Which decisions of a model stand on which others, and what names they give each other."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from engine.definitions.dmn.model import Node


class Requirements:
    """The nodes of one model. A set of them is an int, a bit for each: there may be thousands.

    ``graph``: by key, without circles. ``own``: those of the file that is looked at.
    """

    def __init__(self, graph: Mapping[str, Node], own: Iterable[Node]) -> None:
        self.graph = graph
        self._keys = {node.id: node.key for node in own}
        self._bits = {key: 1 << number for number, key in enumerate(graph)}

    @cached_property
    def _below(self) -> Mapping[str, int]:
        """For each node itself and all that it requires, directly or not."""
        found: dict[str, int] = {}
        waiting = list(self.graph)
        while waiting:
            key = waiting[-1]
            required = [need.key for need in self.graph[key].requires if need.key in self.graph]
            missing = [other for other in required if other not in found] if key not in found else []
            if missing:
                waiting += missing
                continue
            waiting.pop()
            if key not in found:
                found[key] = self._bits[key]
                for other in required:
                    found[key] |= found[other]
        return found

    @cached_property
    def _giving(self) -> Mapping[str, int]:
        """Name -> the nodes whose result others see under it; not what the caller gives."""
        found: dict[str, int] = {}
        for node in self.graph.values():
            for name in node.provides if node.kind != "inputData" else ():
                found[name] = found.get(name, 0) | self._bits[node.key]
        return found

    @cached_property
    def names(self) -> frozenset[str]:
        """What all that the model names is called, and its results."""
        named = (name for node in self.graph.values() for name in (node.name, *node.provides))
        seen = (need.path[0] for node in self.graph.values() for need in node.requires)
        return frozenset((*named, *seen))

    def results_of_others(self, node: Node) -> frozenset[str]:
        """Names in a table's inputs that stand for results of decisions that it requires."""
        if node.table is None:
            return frozenset()
        others = self._below[node.key] & ~self._bits[node.key]
        asked = {name for column in node.table.inputs for name in column.expression.names}
        return frozenset(name for name in asked if self._giving.get(name, 0) & others)

    def stands_below(self, node: Node, asked: frozenset[str]) -> bool:
        """Whether a decision is among some that are asked by their ids, or required by one of them."""
        bit = self._bits[node.key]
        return any(self._below[self._keys[id_]] & bit for id_ in asked if id_ in self._keys)
