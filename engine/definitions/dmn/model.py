"""Decisions as values: what stands in a DMN file, with its FEEL compiled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.feel import Expression, UnaryTests


class HitPolicy(StrEnum):
    """DMN 1.5, 8.2.10: which of the matching rules speak."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def is_single(self) -> bool:
        """Whether at most one rule gives the result."""
        return self in (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.PRIORITY, HitPolicy.ANY)


class Aggregation(StrEnum):
    """DMN 1.5, 8.2.10: how COLLECT makes one value of many."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True)
class Input:
    """A column of conditions. ``type_ref``: the FEEL type of the expression's value, "" if not declared."""

    id: str
    label: str
    expression: Expression
    type_ref: str = ""
    allowed: UnaryTests | None = None


@dataclass(frozen=True)
class Output:
    """A column of results.

    ``order``: the allowed values one by one, highest priority first, where they can be listed.
    ``default``: the result where no rule matches.
    """

    id: str
    name: str
    allowed: UnaryTests | None = None
    order: Expression | None = None
    default: Expression | None = None


@dataclass(frozen=True)
class Rule:
    """A row. A condition of None is ``-``, an output of None is an empty cell: null."""

    id: str
    conditions: tuple[UnaryTests | None, ...]
    outputs: tuple[Expression | None, ...]


@dataclass(frozen=True)
class Table:
    """A decision table."""

    id: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Literal:
    """A decision that is one expression."""

    id: str
    expression: Expression


@dataclass(frozen=True)
class Unsupported:
    """A boxed expression of another kind (``context``, ``invocation``...), or none; never evaluated."""

    id: str
    kind: str


Logic = Table | Literal | Unsupported


@dataclass(frozen=True)
class Variable:
    """The name under which expressions see a value, and its type."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True)
class Node:
    """One decision of a file, or one business knowledge model: a function that decisions call.

    ``variable``: the name of its result in expressions of other decisions. ``inputs``: the input data that it
    requires. ``required``: ids of the decisions and functions that it requires.
    """

    id: str
    name: str
    line: int
    variable: Variable
    logic: Logic
    inputs: tuple[Variable, ...] = ()
    required: tuple[str, ...] = ()
    is_function: bool = False


@dataclass(frozen=True)
class DecisionProblem:
    """One thing wrong with a DMN file. ``template`` and ``parameters`` make the sentence.

    ``local``: the rest of the file can be evaluated all the same.
    """

    element_id: str
    element_name: str
    line: int
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    local: bool = False

    def __str__(self) -> str:
        return self.template % self.parameters
