"""Two versions of a decision table: which inputs change their answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definitions.dmn.analysis import Difference, differences, value_text
from engine.definitions.dmn.decision import Decision
from engine.definitions.dmn.model import Table
from engine.definitions.dmn.table import compile_table
from engine.errors import DecisionError
from engine.feel import parse_expression
from engine.feel.inside import Env, Exhausted, Run, export, lift, text_of


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
    """``inputs``: the columns of both tables. ``changes``: none of them twice; outside of them none."""

    inputs: tuple[str, ...]
    changes: tuple[Change, ...]


def compare_tables(old: Decision, new: Decision) -> Comparison | None:
    """Compare two decisions that are tables; None if one of them is none.

    Inputs are matched by the text of their expression; a variable in a cell counts as null in the answers.
    """
    if old.table is None or new.table is None:
        return None
    inputs = dict.fromkeys(
        column.expression.text for table in (new.table, old.table) for column in table.inputs
    )
    before, after = _answering(old, old.table), _answering(new, new.table)
    found = differences(old.table, new.table, before, after)
    return Comparison(tuple(inputs), tuple(_change(each, before, after) for each in found))


def _change(
    found: Difference, before: Callable[[dict[str, Any]], Said], after: Callable[[dict[str, Any]], Said]
) -> Change:
    example = {name: value_text(value) for name, value in found.example.items()}
    asked = dict(found.example)
    return Change(found.columns, example, before(asked), after(asked), found.certain)


def _answering(decision: Decision, table: Table) -> Callable[[dict[str, Any]], Said]:
    """What a table says when the values of its inputs are given, and not the variables behind them."""
    names = {column.expression.text: f"masukan_{number}" for number, column in enumerate(table.inputs)}
    asked = tuple(
        replace(column, expression=parse_expression(names[column.expression.text])) for column in table.inputs
    )
    decide = compile_table(replace(table, inputs=asked), decision.id, {})
    numbers = {rule.id: number for number, rule in enumerate(table.rules, 1)}

    def answer(inputs: dict[str, Any]) -> Said:
        run = Run(None)
        run.json = True
        given = {name: lift(inputs.get(text), run) for text, name in names.items()}
        try:
            outcome = decide(Env(given, None, run))
            value = export(outcome.value, run.step)
        except DecisionError as error:
            return Said("", tuple(numbers[rule] for rule in error.rules), error.reason)
        except (Exhausted, RecursionError):
            return Said("", error="it takes too many steps")
        finally:
            run.close()
        return Said(_shown(value), tuple(numbers[rule] for rule in outcome.rules))

    return answer


def _shown(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return text_of(lift(value, Run(None)))
    return value_text(value)
