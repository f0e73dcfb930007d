"""The two things one can parse, and how they are evaluated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.errors import ExpressionFailed, ExpressionInvalid

from .boundary import export, lift
from .compiler import Closure, TestClosure, compile_node, compile_tests
from .library import BUILTINS
from .limits import NODES, Exhausted
from .runtime import Env, Run
from .syntax import free_names, parse, parse_tests, weight, without_choices
from .syntax.nodes import Node, Tests

_NO_NAMES: frozenset[str] = frozenset()
_SHORT = 200
"""Characters of an expression of which thousands are kept; of longer ones a few, for strangers write them."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed FEEL expression; may be shared between threads.

    ``names``: variables it takes from the scope, built-in functions left out. ``filter_names``: names inside
    filters (``anak[umur < 12]``), which an element may provide, else the scope. ``node``: the syntax tree.
    """

    text: str
    names: frozenset[str]
    filter_names: frozenset[str]
    node: Node = field(repr=False, compare=False)
    _closure: Closure | None = field(default=None, init=False, repr=False, compare=False)

    def evaluate(
        self, scope: Mapping[str, Any], warnings: list[str] | None = None, *, zone: str | None = None
    ) -> Any:
        """The value with the variables in ``scope`` (JSON or FEEL values).

        ``zone`` (``Asia/Jakarta``) is where ``today()`` and ``now()`` are; None: ``clock.zone()``.

        Returns Decimal, str, bool, None, date, time, datetime, timedelta, list, dict, or FEEL's own
        ``YearsMonths``, ``Range``, ``Function`` (and ``Date``, ``Time``, ``DateTime``, ``DaysTime`` beyond
        Python's limits). What has no result is None, with the reason added to ``warnings``.
        Raises ExpressionFailed if it takes too long or grows too large.
        """
        run = Run(warnings, zone)
        try:
            closure = self._closure or self._compiled()
            return export(closure(Env(scope, None, run)), run.step)
        except (Exhausted, RecursionError) as error:
            raise _failure(self.text, run, error) from None
        finally:
            if run.shared is not None:
                run.close()

    @property
    def copied(self) -> frozenset[str]:
        """Those of the names whose values may stand in the result, rather too many; not those that only
        choose between others."""
        return frozenset[str]().union(*_free(without_choices(self.node)))

    def _compiled(self) -> Closure:
        """Made at the first evaluation: what a decision compiles for itself is not compiled twice."""
        found = compile_node(self.node, True)
        object.__setattr__(self, "_closure", found)
        return found


@dataclass(frozen=True, slots=True)
class UnaryTests:
    """Parsed unary tests: one cell of a decision table. Fields as in Expression."""

    text: str
    names: frozenset[str]
    filter_names: frozenset[str]
    node: Tests = field(repr=False, compare=False)
    _closure: TestClosure | None = field(default=None, init=False, repr=False, compare=False)

    def matches(
        self,
        value: Any,
        scope: Mapping[str, Any],
        warnings: list[str] | None = None,
        *,
        zone: str | None = None,
    ) -> bool:
        """Whether the tests hold for ``value``; null counts as no. ``zone`` as in Expression.evaluate.

        Raises ExpressionFailed.
        """
        run = Run(warnings, zone)
        try:
            closure = self._closure or self._compiled()
            return closure(Env(scope, None, run), lift(value, run)) is True
        except (Exhausted, RecursionError) as error:
            raise _failure(self.text, run, error) from None
        finally:
            if run.shared is not None:
                run.close()

    def _compiled(self) -> TestClosure:
        """As in Expression."""
        found = compile_tests(self.node, True)
        object.__setattr__(self, "_closure", found)
        return found


def _failure(text: str, run: Run, error: Exception) -> ExpressionFailed:
    reason = error.reason if isinstance(error, Exhausted) else "it is nested too deeply"
    return ExpressionFailed(text, run.at, reason)


def parse_expression(text: str, names: Iterable[str] = _NO_NAMES) -> Expression:
    """Parse an expression, with or without a leading ``=``; cached.

    ``names`` are known names with signs or keywords in them (``gaji-pokok``, ``values in a list``); names
    of plain words, ``Monthly Salary`` among them, need not be told. Raises ExpressionInvalid with a position.
    """
    read = _expression if len(text) <= _SHORT else _long_expression
    return read(text, names if isinstance(names, frozenset) else frozenset(names))


def parse_unary_tests(text: str, names: Iterable[str] = _NO_NAMES) -> UnaryTests:
    """Parse the tests of a decision table's input cell: ``< 12``, ``"a","b"``, ``[1..5]``, ``-``; cached.

    An empty cell is ``-``, which holds for every input. Raises ExpressionInvalid with a position.
    """
    read = _unary_tests if len(text) <= _SHORT else _long_unary_tests
    return read(text, names if isinstance(names, frozenset) else frozenset(names))


def _read_expression(text: str, names: frozenset[str]) -> Expression:
    try:
        node = parse(text, names)
        _check_size(text, node)
        return Expression(text, *_free(node), node)
    except RecursionError:
        raise ExpressionInvalid(text, 0, "it is nested too deeply") from None


def _read_unary_tests(text: str, names: frozenset[str]) -> UnaryTests:
    try:
        node = parse_tests(text, names)
        _check_size(text, node)
        return UnaryTests(text, *_free(node), node)
    except RecursionError:
        raise ExpressionInvalid(text, 0, "it is nested too deeply") from None


def _check_size(text: str, node: Any) -> None:
    if weight(node) > NODES:
        raise ExpressionInvalid(text, len(text), f"it has more than {NODES} parts")


_expression, _long_expression = lru_cache(4096)(_read_expression), lru_cache(64)(_read_expression)
_unary_tests, _long_unary_tests = lru_cache(4096)(_read_unary_tests), lru_cache(64)(_read_unary_tests)


def _free(node: Any) -> tuple[frozenset[str], frozenset[str]]:
    certain, possible = free_names(node)
    return certain - BUILTINS.keys(), possible - BUILTINS.keys()
