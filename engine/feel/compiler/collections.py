"""Lists, contexts, filters and the iterations over them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.feel.runtime import Env, Run
from engine.feel.syntax import free_names, nodes
from engine.feel.values.kinds import Function, Range, kind
from engine.feel.values.numbers import integer
from engine.feel.values.temporal import Date, date_of

from .core import Closure, compile_node, compiles, cost_of
from .names import constant


@compiles(nodes.ListOf)
def list_of(node: nodes.ListOf, top: bool) -> Closure:
    items = [compile_node(item, top) for item in node.items]

    def evaluate(env: Env) -> list[Any]:
        env.run.step(len(items))
        return [item(env) for item in items]

    return evaluate


@compiles(nodes.Context)
def context(node: nodes.Context, top: bool) -> Closure:
    """Entries see the entries before them; functions see all, themselves included."""
    entries = [(key, compile_node(entry, False)) for key, entry in node.entries]
    at, distinct = node.at, len(dict(entries)) == len(entries)

    def evaluate(env: Env) -> Any:
        if not distinct:
            return env.run.warn("a key of the context appears twice", at)
        made: dict[str, Any] = {}
        inner = Env(made, env, env.run)
        env.run.step(len(entries))
        for key, entry in entries:
            made[key] = entry(inner)
        return made

    return evaluate


@compiles(nodes.Filter)
def filter_(node: nodes.Filter, top: bool) -> Closure:
    base, at = compile_node(node.base, top), node.at
    if isinstance(node.condition, nodes.Literal) and isinstance(node.condition.value, Decimal):
        position = constant(node.condition)
        return lambda env: _element(env, base(env), position, at)
    return filtering(base, compile_node(node.condition, False), cost_of(node.condition), at)


def filtering(base: Closure, condition: Closure, cost: int, at: int) -> Closure:
    """The closure of a filter. ``cost``: the steps of one look at the condition."""

    def evaluate(env: Env) -> Any:
        value = base(env)
        if value is None:
            return None
        items = _as_list(value)
        env.run.at = at
        found: list[Any] = []
        for index, item in enumerate(items):
            env.run.step(cost)
            answer = condition(_item_env(item, env))
            if answer is True:
                found.append(item)
            elif index == 0 and type(answer) is Decimal:
                return _element(env, items, answer, at)
        return found if items else _of_nothing(condition, env)

    return evaluate


def _as_list(value: Any) -> list[Any]:
    return value if type(value) is list else [value]


def _item_env(item: Any, env: Env) -> Env:
    """``item`` is the element; if it is a context, its entries are names, too (DMN Table 68)."""
    inner = Env({"item": item}, env, env.run)
    return Env(item, inner, env.run) if type(item) is dict else inner


def _of_nothing(condition: Closure, env: Env) -> Any:
    """An empty list filtered is empty, an element of it is null."""
    warnings, env.run.warnings = env.run.warnings, None
    answer = condition(Env({"item": None}, env, env.run))
    env.run.warnings = warnings
    return None if type(answer) is Decimal else []


def _element(env: Env, value: Any, position: Decimal, at: int) -> Any:
    """Positions count from 1, or from -1 backwards; null beyond the ends. A value is its own list of one."""
    if value is None:
        return None
    items, index = _as_list(value), integer(position)
    if index is None or index == 0 or abs(index) > len(items):
        return env.run.warn(f"the list of {len(items)} has no element {position:f}"[:200], at)
    return items[index - 1 if index > 0 else index]


Bound = list[tuple[str, Closure, Closure | None]]
"""Iterators: a name, the closure of what it goes through, and that of its end for ``start..end``."""


def _compile_iterators(iterators: tuple[nodes.Iterator, ...], top: bool) -> Bound:
    return [
        (
            iterator.name,
            compile_node(iterator.source, top and index == 0),
            None if iterator.end is None else compile_node(iterator.end, top and index == 0),
        )
        for index, iterator in enumerate(iterators)
    ]


class _NotIterable(Exception):
    """The source of an iteration is nothing that one can go through."""


def _bindings(iterators: Bound, env: Env, cost: int, index: int = 0) -> Iterator[Env]:
    """Every combination of the iterators' values; later iterators see the earlier ones. ``cost``: of each."""
    if index == len(iterators):
        yield env
        return
    name, source, end = iterators[index]
    start = source(env)
    values = _elements(start, env.run) if end is None else _between(start, end(env))
    for value in values:
        env.run.step(cost)
        yield from _bindings(iterators, Env({name: value}, env, env.run), cost, index + 1)


def _elements(value: Any, run: Run) -> Iterator[Any]:
    if type(value) is list:
        return iter(value)
    if type(value) is Range:
        return _range_elements(value)
    if value is None:
        raise _NotIterable("null")
    return iter([value])


def _range_elements(range_: Range) -> Iterator[Any]:
    inside = _between(range_.low, range_.high)
    return (
        value
        for value in inside
        if (range_.low_included or value != range_.low) and (range_.high_included or value != range_.high)
    )


def _between(start: Any, end: Any) -> Iterator[Any]:
    """``start .. end`` by ones, up or down: whole numbers or dates."""
    if isinstance(start, Date) and isinstance(end, Date):
        return _dates(start.ordinal, end.ordinal)
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        first, last = integer(start), integer(end)
        if first is not None and last is not None:
            return map(Decimal, _count(first, last))
    raise _NotIterable(f"{kind(start)}..{kind(end)}")


def _count(first: int, last: int) -> range:
    return range(first, last + 1) if first <= last else range(first, last - 1, -1)


def _dates(first: int, last: int) -> Iterator[Any]:
    return (date_of(ordinal) for ordinal in _count(first, last))


@compiles(nodes.For)
def for_(node: nodes.For, top: bool) -> Closure:
    needs_partial = "partial" in set().union(*free_names(node.body))
    iterators = _compile_iterators(node.iterators, top)
    return iterating(iterators, compile_node(node.body, False), needs_partial, cost_of(node), node.at)


_HOLDERS = frozenset({list, dict, Function})
"""Results that may hold ``partial``, which then grows no more: a list that held itself would never end."""


def iterating(iterators: Bound, body: Closure, needs_partial: bool, cost: int, at: int) -> Closure:
    """The closure of ``for``. ``needs_partial``: the body names the results so far; ``cost`` of one round."""

    def evaluate(env: Env) -> Any:
        env.run.at = at
        results: list[Any] = []
        try:
            for inner in _bindings(iterators, env, cost):
                value = body(Env({"partial": results}, inner, env.run) if needs_partial else inner)
                if needs_partial and type(value) in _HOLDERS:
                    results = env.run.items(results.copy())
                results.append(value)
        except _NotIterable as reason:
            return env.run.warn(f"'for' cannot go through {reason}", at)
        return results

    return evaluate


@compiles(nodes.Quantified)
def quantified(node: nodes.Quantified, top: bool) -> Closure:
    iterators = _compile_iterators(node.iterators, top)
    return quantifying(node.kind, iterators, compile_node(node.condition, False), cost_of(node), node.at)


def quantifying(kind_: str, iterators: Bound, condition: Closure, cost: int, at: int) -> Closure:
    """``some`` is true as soon as one is, ``every`` false as soon as one is; else null if one is neither."""
    decisive = kind_ == "some"

    def evaluate(env: Env) -> bool | None:
        env.run.at = at
        answer: bool | None = not decisive
        try:
            for inner in _bindings(iterators, env, cost):
                value = condition(inner)
                if value is decisive:
                    return bool(value)
                if type(value) is not bool:
                    answer = None
        except _NotIterable as reason:
            env.run.warn(f"'{kind_}' cannot go through {reason}", at)
            return None
        return answer

    return evaluate
