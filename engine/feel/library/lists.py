"""List functions (DMN 1.5, 10.3.4.4) and ``sort`` (10.3.4.9)."""

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key, reduce
from typing import Any

from engine.feel.limits import CHARACTERS_A_STEP, NESTING, Exhausted, Step
from engine.feel.runtime import Run
from engine.feel.values.arithmetic import ADD, DIVIDE
from engine.feel.values.compare import equal, order
from engine.feel.values.kinds import Function
from engine.feel.values.numbers import CONTEXT, guarded, index, integer

from .registry import builtin


def _both(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a list that takes the elements as arguments, too."""

    def register(implementation: Callable[..., Any]) -> Callable[..., Any]:
        builtin(name, "list: list")(implementation)
        builtin(name, "*list: any")(implementation)
        return implementation

    return register


@builtin("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> Any:
    return any(equal(item, element, run.step) for item in run.items(items))


@builtin("count", "list: list")
def count(run: Run, items: list[Any]) -> Any:
    return Decimal(len(items))


def _extreme(run: Run, items: list[Any], sign: int) -> Any:
    best: Any = None
    for position, item in enumerate(run.items(items)):
        found = order(item, item if position == 0 else best, run.step)
        if found is None:
            return run.warn("min() or max() of values that have no common order")
        if position == 0 or found == sign:
            best = item
    return best


@_both("min")
def minimum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, -1)


@_both("max")
def maximum(run: Run, items: list[Any]) -> Any:
    return _extreme(run, items, 1)


def _total(run: Run, items: list[Any]) -> Any:
    total: Any = None
    for item in run.items(items):
        operation = ADD.get((type(item), type(item)))
        if operation is None or isinstance(item, str) or type(item) is not type(items[0]):
            return run.warn("sum() or mean() of something that is not all numbers or durations of one kind")
        total = item if total is None else guarded(operation, total, item)
    return total


@_both("sum")
def total(run: Run, items: list[Any]) -> Any:
    return _total(run, items)


@_both("mean")
def mean(run: Run, items: list[Any]) -> Any:
    whole = _total(run, items)
    if whole is None:
        return None
    return guarded(DIVIDE[type(whole), Decimal], whole, Decimal(len(items)))


def _numbers(run: Run, items: list[Any]) -> list[Decimal] | None:
    if all(isinstance(item, Decimal) for item in run.items(items)):
        return items
    run.warn("an element is not a number")
    return None


@_both("product")
def product(run: Run, items: list[Any]) -> Any:
    numbers = _numbers(run, items)
    return guarded(lambda *all_: reduce(CONTEXT.multiply, all_), *numbers) if numbers else None


@_both("median")
def median(run: Run, items: list[Any]) -> Any:
    numbers = _numbers(run, items)
    if not numbers:
        return None
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    whole = guarded(CONTEXT.add, ordered[middle - 1], ordered[middle])
    return None if whole is None else CONTEXT.divide(whole, Decimal(2))


@_both("stddev")
def standard_deviation(run: Run, items: list[Any]) -> Any:
    """Of a sample: divided by one less than the number of elements."""
    numbers = _numbers(run, items)
    if not numbers or len(numbers) < 2:
        return None
    return guarded(_deviation, *numbers)


def _deviation(*numbers: Decimal) -> Decimal:
    size = Decimal(len(numbers))
    average = CONTEXT.divide(reduce(CONTEXT.add, numbers), size)
    gaps = [CONTEXT.subtract(number, average) for number in numbers]
    squares = reduce(CONTEXT.add, [CONTEXT.multiply(gap, gap) for gap in gaps])
    return CONTEXT.sqrt(CONTEXT.divide(squares, size - 1))


@_both("mode")
def mode(run: Run, items: list[Any]) -> Any:
    """The numbers that appear most often, in ascending order."""
    numbers = _numbers(run, items)
    if numbers is None:
        return None
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


@_both("all")
def every(run: Run, items: list[Any]) -> Any:
    return _three_valued(run, items, False)


@_both("any")
def some(run: Run, items: list[Any]) -> Any:
    return _three_valued(run, items, True)


def _three_valued(run: Run, items: list[Any], decisive: bool) -> Any:
    if any(item is decisive for item in run.items(items)):
        return decisive
    return (not decisive) if all(isinstance(item, bool) for item in items) else None


@builtin("sublist", "list: list, start position: number, length?: number|null")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> Any:
    first, size = index(start), None if length is None else index(length)
    if first == 0 or abs(first) > len(items) or (size is not None and size < 1):
        return run.warn("sublist(): the position or the length is out of range")
    begin = first - 1 if first > 0 else len(items) + first
    if size is not None and begin + size > len(items):
        return run.warn("sublist(): the list ends before")
    return run.items(items[begin:] if size is None else items[begin : begin + size])


@builtin("append", "list: list, *item: any")
def append(run: Run, items: list[Any], added: list[Any]) -> Any:
    return run.items([*items, *added])


@builtin("concatenate", "*list: list")
def concatenate(run: Run, lists: list[list[Any]]) -> Any:
    return _joined(run, lists)


def _joined(run: Run, lists: list[list[Any]]) -> list[Any]:
    """One list of all; paid before it is made."""
    run.step(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: list[Any], position: Decimal, added: Any) -> Any:
    place = _index(items, position)
    if place is None:
        return run.warn("insert before(): there is no such position")
    return run.items([*items[:place], added, *items[place:]])


@builtin("remove", "list: list, position: number")
def remove(run: Run, items: list[Any], position: Decimal) -> Any:
    place = _index(items, position)
    if place is None:
        return run.warn("remove(): there is no such position")
    return run.items([*items[:place], *items[place + 1 :]])


@builtin("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: list[Any], position: Decimal, added: Any) -> Any:
    place = _index(items, position)
    if place is None:
        return run.warn("list replace(): there is no such position")
    return run.items([*items[:place], added, *items[place + 1 :]])


@builtin("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, items: list[Any], match: Function, added: Any) -> Any:
    found = []
    for item in run.items(items):
        answer = match.call(run, (item, added), {})
        if not isinstance(answer, bool):
            return run.warn("list replace(): the function did not answer true or false")
        found.append(added if answer else item)
    return found


def _index(items: list[Any], position: Decimal) -> int | None:
    number = integer(position)
    if number is None or number == 0 or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


@builtin("reverse", "list: list")
def reverse(run: Run, items: list[Any]) -> Any:
    return run.items(items[::-1])


@builtin("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], match: Any) -> Any:
    return [Decimal(n) for n, item in enumerate(run.items(items), 1) if equal(item, match, run.step)]


class _Seen:
    """Values that were there before. Numbers, texts and booleans are found at once, others one by one."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.plain: set[tuple[type, Any]] = set()
        self.others: list[Any] = []

    def add(self, item: Any) -> bool:
        """Whether it is new."""
        type_ = type(item)
        if type_ in _PLAIN:
            self.run.step(1 + (len(item) // CHARACTERS_A_STEP if type_ is str else 0))
            before = len(self.plain)
            self.plain.add((type_, item))
            return len(self.plain) > before
        self.run.step(len(self.others) // 8 + 1)
        if any(equal(item, known, self.run.step) for known in self.others):
            return False
        self.others.append(item)
        return True


_PLAIN = frozenset({Decimal, str, bool})


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    seen = _Seen(run)
    return [item for item in items if seen.add(item)]


@builtin("union", "*list: list")
def union(run: Run, lists: list[list[Any]]) -> Any:
    return _distinct(run, _joined(run, lists))


@builtin("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> Any:
    return _distinct(run, items)


@builtin("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> Any:
    once, twice = _Seen(run), _Seen(run)
    return [item for item in items if not once.add(item) and twice.add(item)]


@builtin("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> Any:
    flat: list[Any] = []
    _flatten(items, flat, 0, run.step)
    return flat


def _flatten(items: list[Any], into: list[Any], depth: int, step: Step) -> None:
    if depth > NESTING:
        raise Exhausted(f"a value is nested deeper than {NESTING} levels")
    for item in items:
        step(1)
        if type(item) is list:
            _flatten(item, into, depth + 1, step)
        else:
            into.append(item)


class _NoOrder(Exception):
    """The comparison function gave no answer, or the elements have no order."""


@builtin("sort", "list: list, precedes: function")
def sort(run: Run, items: list[Any], precedes: Function) -> Any:
    def is_before(left: Any, right: Any) -> bool:
        answer = precedes.call(run, (left, right), {})
        if not isinstance(answer, bool):
            raise _NoOrder
        return answer

    def compare(left: Any, right: Any) -> int:
        return -1 if is_before(left, right) else int(is_before(right, left))

    try:
        return sorted(run.items(items), key=cmp_to_key(compare))
    except _NoOrder:
        return run.warn("sort(): the function did not answer true or false")


@builtin("sort", "list: list")
def sort_ascending(run: Run, items: list[Any]) -> Any:
    def compare(left: Any, right: Any) -> int:
        run.step(1)
        found = order(left, right, run.step)
        if found is None:
            raise _NoOrder
        return found

    try:
        return sorted(run.items(items), key=cmp_to_key(compare))
    except _NoOrder:
        return run.warn("sort() of values that have no common order")
