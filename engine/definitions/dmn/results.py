"""What a decision says, and how Camunda's ``mapDecisionResult`` shapes it for a process variable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.errors import DecisionError
from engine.feel import to_json


@dataclass(frozen=True)
class DecisionResult:
    """The result of one decision.

    ``value``: as DMN has it: one value, a dict of outputs, or a list of either; None where no rule matched.
    ``rows``: as Camunda has it: a dict of outputs for every rule that speaks, in the order of the hit policy.
    ``rules``: ids of the rules behind the rows; none for an expression or a default.
    ``warnings``: what FEEL could not evaluate, in English.
    All values are Python values as ``Expression.evaluate`` returns them.
    """

    decision: str
    value: Any
    rows: tuple[Mapping[str, Any], ...]
    rules: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def map_result(result: DecisionResult, mapping: str = "resultList") -> Any:
    """The value of ``camunda:resultVariable`` (Camunda 7, "Mapping of the Decision Result"), as JSON.

    ``singleEntry``: the value of the only output of the only row. ``singleResult``: the only row, a dict.
    Both are None without a row. ``collectEntries``: the values of the only output, a list.
    ``resultList``: all rows, a list of dicts.
    Raises DecisionError if there are more rows or outputs than the mapping takes, or it has another name.
    """
    mapper = _MAPPERS.get(mapping)
    if mapper is None:
        raise DecisionError(result.decision, "mapDecisionResult", f"unknown mapping '{mapping}'")
    return to_json(mapper(result))


def _single_result(result: DecisionResult) -> Any:
    if len(result.rows) > 1:
        reason = f"{len(result.rows)} rules match, but the mapping takes one"
        raise DecisionError(result.decision, "mapDecisionResult", reason)
    return dict(result.rows[0]) if result.rows else None


def _single_entry(result: DecisionResult) -> Any:
    row = _single_result(result)
    return None if row is None else _entry(result, row)


def _collect_entries(result: DecisionResult) -> Any:
    return [_entry(result, row) for row in result.rows]


def _entry(result: DecisionResult, row: Mapping[str, Any]) -> Any:
    if len(row) > 1:
        reason = f"there are {len(row)} outputs, but the mapping takes one"
        raise DecisionError(result.decision, "mapDecisionResult", reason)
    return next(iter(row.values()), None)


def _result_list(result: DecisionResult) -> Any:
    return [dict(row) for row in result.rows]


_MAPPERS: Final[Mapping[str, Callable[[DecisionResult], Any]]] = MappingProxyType(
    {
        "singleEntry": _single_entry,
        "singleResult": _single_result,
        "collectEntries": _collect_entries,
        "resultList": _result_list,
    }
)

MAPPINGS: Final = frozenset(_MAPPERS)
"""The names that ``mapDecisionResult`` may have."""
