"""A space of several axes, cut along boxes: which boxes lie over each part, and which parts are alike.

A box is a set of values on each axis. Parts with the same boxes over them are looked at once, and every walk
ends when its budget is used up.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

Box = tuple[int, ...]


class Budget:
    """Steps that an analysis may take; a million take one to two seconds of the processor.

    ``of``: a budget that all that is spent is taken from too.
    """

    def __init__(self, steps: int, of: "Budget | None" = None) -> None:
        self.left: int = steps if of is None else min(steps, of.left)
        self._of = of

    def spend(self, steps: int) -> bool:
        """Take steps; whether there were so many left."""
        self.left -= steps
        if self._of is not None:
            self._of.spend(steps)
        return self.left >= 0

    @property
    def is_spent(self) -> bool:
        return self.left < 0


class Partition:
    """Boxes in a space. A set of boxes is an int, a bit for each of them.

    ``whole``: all values of each axis. ``order``: the axes by which boxes differ, those first that cut least.
    ``alive``: the boxes that are not empty.
    """

    def __init__(self, boxes: Sequence[Box], whole: Box, budget: Budget) -> None:
        self.whole = whole
        self.budget = budget
        self.boxes = [tuple(map(common, box, whole)) for box in boxes]
        self.alive = sum(1 << number for number, box in enumerate(self.boxes) if all(box))
        alive = [box for box in self.boxes if all(box)]
        sizes = [len({box[axis] for box in alive}) for axis in range(len(whole))]
        differing = (axis for axis in range(len(whole)) if any(box[axis] != whole[axis] for box in alive))
        self.order = sorted(differing, key=lambda axis: (sizes[axis], axis))
        self.covering = self._covering()
        """At each depth the boxes that are whole on every axis from there on."""
        changes = cache(_changes)
        self._changes = [[changes(box[axis]) for box in self.boxes] for axis in self.order]

    def _covering(self) -> list[int]:
        found = [self.alive]
        for axis in reversed(self.order):
            whole = self.whole[axis]
            full = sum(1 << number for number, box in enumerate(self.boxes) if box[axis] == whole)
            found.append(found[-1] & full)
        return found[::-1]

    def parts(self, depth: int, over: int) -> list[tuple[int, int]]:
        """The parts of the axis at a depth as (values, boxes over them), of the boxes ``over``."""
        changes, events = self._changes[depth], dict[int, int]()
        for number in bits(over):
            here = 1 << number
            for place in changes[number]:
                events[place] = events.get(place, 0) ^ here
        self.budget.spend(over.bit_count() + 2 * len(events) + 1)
        whole, found = self.whole[self.order[depth]], dict[int, int]()
        start = now = 0
        for place in (*sorted(events), whole.bit_length()):
            if place > start and (values := ((1 << place) - (1 << start)) & whole):
                found[now] = found.get(now, 0) | values
            start, now = place, now ^ events.get(place, 0)
        return [(values, boxes) for boxes, values in found.items()]


class Regions:
    """Parts of a space that are marked, as a decision diagram: what looks alike from an axis on is one node.

    A node is a number; None marks nothing.
    """

    def __init__(self, partition: Partition) -> None:
        self._partition = partition
        self._numbers: dict[object, int] = {}
        self._nodes: list[tuple[int, tuple[tuple[int, int], ...]]] = []
        self._marks: dict[int, object] = {}

    def mark(self, mark: object) -> int:
        """The node that marks everything below it."""
        number = self._number((-1, mark), (-1, ()))
        self._marks[number] = mark
        return number

    def node(self, depth: int, children: dict[int, int]) -> int | None:
        """The node whose children (node -> values of the axis at a depth) are these."""
        if not children:
            return None
        axis = self._partition.order[depth]
        if len(children) == 1:
            child, values = next(iter(children.items()))
            if values == self._partition.whole[axis]:
                return child
        edges = tuple(sorted((values & -values, values, child) for child, values in children.items()))
        content = (depth, tuple((values, child) for _, values, child in edges))
        return self._number(content, content)

    def _number(self, key: object, content: tuple[int, tuple[tuple[int, int], ...]]) -> int:
        if key not in self._numbers:
            self._numbers[key] = len(self._nodes)
            self._nodes.append(content)
        return self._numbers[key]

    def count(self, node: int | None) -> int:
        """How many boxes a node is made of."""

        @cache
        def below(number: int) -> int:
            edges = self._nodes[number][1]
            return sum(below(child) for _, child in edges) if edges else 1

        return 0 if node is None else below(node)

    def boxes(self, node: int | None) -> Iterator[tuple[Box, object]]:
        """The marked parts as boxes that do not overlap, each with its mark."""
        if node is not None:
            yield from self._boxes(node, list(self._partition.whole))

    def _boxes(self, node: int, box: list[int]) -> Iterator[tuple[Box, object]]:
        depth, edges = self._nodes[node]
        if not edges:
            yield tuple(box), self._marks[node]
            return
        axis = self._partition.order[depth]
        for values, child in edges:
            box[axis] = values
            yield from self._boxes(child, box)
        box[axis] = self._partition.whole[axis]


def mark_parts(
    partition: Partition, settle: Callable[[int, int, tuple[int, ...]], tuple[bool, object]]
) -> tuple[Regions, int | None]:
    """Walk through all parts; the marked ones and their root node.

    ``settle``: (depth, boxes over a part, values chosen on the axes before) -> (whether that decides all of
    the part, its mark or None). It must settle at the last depth, and whenever the budget is spent.
    """
    regions, known = Regions(partition), dict[tuple[int, int], int | None]()

    def visit(depth: int, over: int, chosen: tuple[int, ...]) -> int | None:
        key = (depth, over)
        if key in known:
            return known[key]
        is_settled, mark = settle(depth, over, chosen)
        if is_settled:
            return None if mark is None else regions.mark(mark)
        children: dict[int, int] = {}
        for values, below in partition.parts(depth, over):
            child = visit(depth + 1, below, (*chosen, values))
            if child is not None:
                children[child] = children.get(child, 0) | values
        known[key] = regions.node(depth, children)
        return known[key]

    return regions, visit(0, partition.alive, ())


def first_somewhere(partition: Partition) -> int:
    """The boxes that lie over some part where none of a smaller number does.

    Where the budget ends too soon, those that it cannot tell of are among them.
    """
    found, seen = 0, set[tuple[int, int]]()

    def visit(depth: int, over: int) -> None:
        nonlocal found
        if hiding := over & partition.covering[depth]:
            lowest = hiding & -hiding
            over &= (lowest << 1) - 1
            if over == lowest:
                found |= over
        if not over & ~found or (depth, over) in seen:
            return
        if partition.budget.is_spent:
            found |= over
            return
        seen.add((depth, over))
        for _, below in partition.parts(depth, over):
            visit(depth + 1, below)

    visit(0, partition.alive)
    return found


def bits(number: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def common(one: int, other: int) -> int:
    """What two sets have in common; the first itself if that is all of it, for large sets take memory."""
    found = one & other
    return one if found == one else found


def _changes(mask: int) -> tuple[int, ...]:
    """The places where a set begins or ends."""
    return tuple(bits(mask ^ mask << 1))
