"""Two versions of a decision table: which inputs change their answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from engine.definitions.dmn.analysis import Difference, differences, value_text
from engine.definitions.dmn.decision import Decision
from engine.definitions.dmn.model import Table
from engine.definitions.dmn.table import compile_table
from engine.errors import DecisionError
from engine.feel import parse_expression
from engine.feel.inside import Env, Exhausted, Run, export, lift, text_of

_STEPS: Final = 4_000_000
"""Of all the answers of a comparison: a few seconds."""


@dataclass(frozen=True)
class Said:
    """What a version answers: ``text`` as a cell would hold it, or the reason why it has none (``error``).

    ``rows``: numbers of the rules behind it, or at odds, from 1; they make no difference.
    """

    text: str
    rows: tuple[int, ...] = field(default=(), compare=False, repr=False)
    error: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Change:
    """Inputs whose answer changes.

    ``columns``: by input, its values as a cell would hold them, ``-`` for any. ``example``: a value of each,
    in the same form, that really lies there; ``before`` and ``after`` are the answers to it. ``certain``:
    every input of the region changes in this way; else some may not, or the tables are too large to tell.
    """

    columns: Mapping[str, str]
    example: Mapping[str, str]
    before: Said
    after: Said
    certain: bool


@dataclass(frozen=True)
class Comparison:
    """``inputs``: the columns of both tables. ``changes``: none of them twice; outside of them none.

    ``too_large``: the tables take too long to ask, and no change is told.
    """

    inputs: tuple[str, ...]
    changes: tuple[Change, ...] = ()
    too_large: bool = False


def compare_tables(old: Decision, new: Decision) -> Comparison | None:
    """Compare two decisions that are tables; None if one of them is none.

    Inputs are matched by the text of their expression; a variable in a cell counts as null in the answers.
    """
    if old.table is None or new.table is None:
        return None
    columns = (*new.table.inputs, *old.table.inputs)
    inputs = tuple(dict.fromkeys(column.expression.text for column in columns))
    budget = _Budget()
    before, after = _Version(old, old.table, budget), _Version(new, new.table, budget)
    try:
        found = differences(old.table, new.table, before.answer, after.answer)
        return Comparison(inputs, tuple(_change(each, before, after) for each in found))
    except _SpentError:
        return Comparison(inputs, too_large=True)


def _change(found: Difference, before: "_Version", after: "_Version") -> Change:
    example = {name: value_text(value) for name, value in found.example.items()}
    asked = dict(found.example)
    return Change(found.columns, example, before.answer(asked), after.answer(asked), found.certain)


class _SpentError(Exception):
    """The budget of a comparison is used up."""


class _Budget:
    """The steps of all answers together."""

    def __init__(self) -> None:
        self.steps = _STEPS

    def spend(self, steps: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise _SpentError


class _Version:
    """A table that is told the values of its inputs, and not those of the variables behind them."""

    def __init__(self, decision: Decision, table: Table, budget: _Budget) -> None:
        texts = [column.expression.text for column in table.inputs]
        self.names = {text: f"masukan_{number}" for number, text in enumerate(texts)}
        self.numbers = {rule.id: number for number, rule in enumerate(table.rules, 1)}
        self.budget = budget
        asked = (
            replace(column, expression=parse_expression(self.names[column.expression.text]))
            for column in table.inputs
        )
        self.decide = compile_table(replace(table, inputs=tuple(asked)), decision.id, {})

    def answer(self, inputs: dict[str, Any]) -> Said:
        """What the table says; values by the text of the input's expression. Raises _SpentError."""
        run = Run(None)
        run.json = True
        given = {name: lift(inputs.get(text), run) for text, name in self.names.items()}
        try:
            outcome = self.decide(Env(given, None, run))
            value = export(outcome.value, run.step)
        except DecisionError as error:
            return Said("", tuple(self.numbers[rule] for rule in error.rules), error.reason)
        except (Exhausted, RecursionError):
            return Said("", error="it takes too many steps")
        finally:
            self.budget.spend(run.given - run.steps)
        return Said(_shown(value), tuple(self.numbers[rule] for rule in outcome.rules))


def _shown(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return text_of(lift(value, Run(None)))
    return value_text(value)
