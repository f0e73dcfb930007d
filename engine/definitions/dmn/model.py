"""Decisions as values: what stands in a DMN file, with its FEEL compiled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.feel import Expression, UnaryTests
from engine.feel.inside import Closure, Env, TypeRef


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
    """A column of conditions.

    ``type_ref``: the type of the expression's value as the file names it, "" for none; ``type``: that type.
    ``order``: the allowed values one by one, where they can be listed.
    """

    id: str
    label: str
    expression: Expression
    type_ref: str = ""
    allowed: UnaryTests | None = None
    type: TypeRef | None = None
    order: Expression | None = None


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
    type: TypeRef | None = None


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
class Outcome:
    """What a table says, in FEEL values. ``rows`` and ``rules`` as ``DecisionResult`` has them."""

    value: Any
    rows: tuple[Mapping[str, Any], ...]
    rules: tuple[str, ...]


@dataclass(frozen=True)
class Boxed:
    """An expression of any kind, ready to be evaluated: ``closure(env)`` gives its value.

    ``names``: what it takes from the scope; ``copied``: those of them whose values may stand in the result.
    ``cost``: the steps of one evaluation. ``table`` and ``decide``, which tells more than the value: of a
    decision table.
    """

    id: str
    kind: str
    closure: Closure = field(repr=False, compare=False)
    names: frozenset[str] = frozenset()
    copied: frozenset[str] = frozenset()
    cost: int = 1
    table: Table | None = None
    decide: Callable[[Env], Outcome] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Variable:
    """The name under which expressions see a value, and its type."""

    name: str
    type: TypeRef | None = None


@dataclass(frozen=True)
class Requirement:
    """Another node that one needs. ``key``: its own; ``path``: the names under which it is seen, an import's
    first.
    """

    key: str
    path: tuple[str, ...]


@dataclass(frozen=True)
class Service:
    """The inside of a decision service: keys of its output decisions, its input data, its input decisions."""

    outputs: tuple[str, ...]
    data: tuple[str, ...]
    decisions: tuple[str, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """Its parameters in order (DMN 1.5, 10.4): input data, then input decisions."""
        return (*self.data, *self.decisions)


@dataclass(frozen=True)
class Node:
    """An input, a decision, a business knowledge model or a decision service (``kind``: ``inputData``,
    ``decision``, ``businessKnowledgeModel``, ``decisionService``).

    ``key``: namespace and id. ``variable``: under which its result is seen. ``broken``: the problem for which
    it cannot be evaluated. ``boxed`` is None for an input, a service, and a decision without logic.
    """

    key: str
    id: str
    name: str
    kind: str
    line: int
    variable: Variable
    boxed: Boxed | None = None
    requires: tuple[Requirement, ...] = ()
    service: Service | None = None
    broken: "DecisionProblem | None" = None

    @property
    def table(self) -> Table | None:
        """The decision table, if that is what decides."""
        return self.boxed.table if self.boxed else None

    @property
    def provides(self) -> frozenset[str]:
        """The names under which others may see what it says; a table's outputs as well, as in Camunda."""
        outputs = self.table.outputs if self.table else ()
        return frozenset({self.variable.name, *(column.name for column in outputs)})


@dataclass(frozen=True)
class DecisionProblem:
    """One thing wrong with the DMN file ``resource``. ``template`` and ``parameters`` make the sentence.

    ``local``: the rest of the file can be evaluated all the same. ``text`` and ``position``: of the
    expression that it is about. ``stops``: it keeps its node from being evaluated.
    """

    element_id: str
    element_name: str
    line: int
    template: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    local: bool = False
    text: str = ""
    position: int = 0
    stops: bool = True
    resource: str = ""

    def __str__(self) -> str:
        return self.template % self.parameters


@dataclass(frozen=True)
class Model:
    """A DMN file with those that it imports.

    ``graph``: all nodes by key; ``own``: those of the file itself. ``names``: of all that the file gives a
    name to. ``problems``: what is wrong, in the file's order. ``prefixes``: namespace of an imported model ->
    the names of imports that lead to it (``lib``, ``lib.inner``).
    """

    graph: Mapping[str, Node]
    own: tuple[Node, ...]
    names: frozenset[str]
    problems: tuple[DecisionProblem, ...]
    prefixes: Mapping[str, str]
    orders: dict[str, "tuple[Node, ...]"] = field(default_factory=dict, repr=False, compare=False)
    """For a key that was asked for: all that it requires, in order, itself last. Filled as it is asked."""

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The names of the file's own inputs."""
        found = (node for node in self.own if node.kind == "inputData")
        return frozenset(name for node in found for name in (node.name, node.variable.name))
