"""One evaluation of a graph: every node that is needed, once, in the order of its requirements."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from engine.definitions.dmn.model import Model, Node, Outcome, Table
from engine.definitions.dmn.types import fitted, fitted_function, read_texts, result_type
from engine.errors import DecisionError
from engine.feel.inside import Env, Function, Run, defining, lift

_MISSING: Final = object()
_STEPS: Final = 10
"""What evaluating a node costs besides its expression."""

Graph = Mapping[str, Node]


class Evaluation:
    """What is known so far. ``outcomes``: of decision tables, by key; ``at``: the node being evaluated.

    ``given``: what the caller gave, by name. ``lenient``: a variable is visible whether it is required or
    not, and so are the outputs of required tables, as in Camunda; else a node sees what it requires, and of
    the caller's values those that the model has no name for.
    """

    def __init__(self, model: Model, run: Run, given: Mapping[str, Any], lenient: bool) -> None:
        self.model, self.graph, self.run = model, model.graph, run
        self.given, self.lenient = given, lenient
        self.values: dict[str, Any] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.at: Node | None = None
        self.base: dict[str, Any] = dict(given)
        if not lenient and not model.names.isdisjoint(given):
            self.base = {name: value for name, value in given.items() if name not in model.names}

    def value_of(self, key: str) -> Any:
        """The value of a node. Raises DecisionError, Exhausted."""
        self._check(self.graph[key])
        for node in self._order(key):
            self.run.step(_STEPS)
            self.values[node.key] = self._evaluate(node)
        return self.values[key]

    def _order(self, key: str) -> Iterable[Node]:
        """What must be evaluated for a node: kept by the model where nothing is known yet."""
        if self.values:
            return order_of([key], self.graph, self.values)
        found = self.model.orders.get(key)
        if found is None:
            found = self.model.orders[key] = tuple(order_of([key], self.graph))
        return found

    def _evaluate(self, node: Node) -> Any:
        self._check(node)
        value = _KINDS[node.kind](self, node)
        if self.lenient and node.kind != "inputData":
            self.base |= self._visible(node, value)
        return value

    def _check(self, node: Node) -> None:
        """Raises DecisionError for a node that cannot be evaluated, before anything waits for it."""
        self.at, problem = node, node.broken
        if problem is not None:
            raise DecisionError(
                node.id, problem.element_id, str(problem), expression=problem.text, position=problem.position
            )

    def _input(self, node: Node) -> Any:
        """What the caller gave for an input, as its type wants it; _MISSING if nothing was given."""
        value = self._given(node)
        if value is _MISSING:
            return value
        value, type_ = lift(value, self.run), node.variable.type
        if self.run.json:
            value = read_texts(value, type_)
        return fitted(value, type_, self.run)

    def _given(self, node: Node) -> Any:
        """By the name of the variable or of the input; one of an import below the import's name as well."""
        within = self.model.prefixes.get(node.key.rpartition("#")[0], "")
        for name in (node.variable.name, node.name):
            if within and f"{within}.{name}" in self.given:
                return self.given[f"{within}.{name}"]
            if within and (found := _below(self.given, [*within.split("."), name])) is not _MISSING:
                return found
            if name in self.given and not (within and name in self.model.inputs):
                return self.given[name]
        return _MISSING

    def _decision(self, node: Node) -> Any:
        boxed = node.boxed
        if boxed is None:
            return self.run.warn(f"{node.id} has no decision logic")
        env = self._env(node)
        if boxed.decide is None:
            value = boxed.closure(env)
        else:
            outcome = boxed.decide(env)
            self.outcomes[node.key] = outcome
            value = outcome.value
        return fitted(value, node.variable.type, self.run)

    def _knowledge(self, node: Node) -> Any:
        """The function; its body sees itself, so that it may call itself."""
        scope: dict[str, Any] = {}
        function = node.boxed.closure(self._env(node, scope)) if node.boxed else None
        function = fitted_function(function, node.variable.type, self.run)
        scope.setdefault(node.variable.name, function)
        return function

    def _service(self, node: Node) -> Any:
        service = node.service
        assert service is not None
        nodes = [self.graph[key] for key in service.inputs]
        parameters = tuple((found.variable.name, found.variable.type) for found in nodes)

        def decide(env: Env) -> Any:
            inner = Evaluation(self.model, env.run, self.given, self.lenient)
            inner.base = dict(self.base)
            inner.values = {found.key: env.vars[found.variable.name] for found in nodes}
            values = {key: inner.value_of(key) for key in service.outputs}
            return self._result(node, values)

        function = defining(parameters, decide, 1, 0)(Env({}, None, self.run))
        return fitted_function(function, node.variable.type, self.run)

    def called(self, key: str) -> Any:
        """What a service decides, or a business knowledge model gives, with the caller's values."""
        node, function = self.graph[key], self.value_of(key)
        if not isinstance(function, Function):
            return None
        arguments = {name: lift(self.given.get(name), self.run) for name in function.parameters}
        for input_ in node.service.inputs if node.service else ():
            value = self._input(self.graph[input_])
            arguments[self.graph[input_].variable.name] = None if value is _MISSING else value
        return function.call(self.run, (), arguments)

    def _result(self, node: Node, values: Mapping[str, Any]) -> Any:
        """One output is the result; several are a context by the names of the decisions (DMN 1.5, 10.4)."""
        result = result_type(node.variable.type)
        if len(values) == 1:
            return fitted(next(iter(values.values())), result, self.run)
        made = {self.graph[key].variable.name: value for key, value in values.items()}
        return fitted(made, result, self.run)

    def _env(self, node: Node, scope: dict[str, Any] | None = None) -> Env:
        scope = {} if scope is None else scope
        for need in node.requires:
            value = self.values.get(need.key, _MISSING)
            if value is _MISSING:
                continue
            if len(need.path) == 1:
                scope[need.path[0]] = value
            else:
                scope.setdefault(need.path[0], {})[need.path[1]] = value
        return Env(scope, Env(self.base, None, self.run), self.run)

    def _visible(self, node: Node, value: Any) -> dict[str, Any]:
        """How other decisions see a result: by the variable's name, that of a table also by its outputs."""
        outcome = self.outcomes.get(node.key)
        if outcome is None or node.table is None:
            return {node.variable.name: value}
        return {**_outputs(node.table, outcome), node.variable.name: value}


def _below(value: Any, path: list[str]) -> Any:
    for name in path:
        if not isinstance(value, Mapping) or name not in value:
            return _MISSING
        value = value[name]
    return value


def _outputs(table: Table, outcome: Outcome) -> dict[str, Any]:
    if table.hit_policy.is_single or table.aggregation:
        return dict(outcome.rows[0]) if outcome.rows else {}
    return {column.name: [row[column.name] for row in outcome.rows] for column in table.outputs}


_KINDS: Final[Mapping[str, Callable[[Evaluation, Node], Any]]] = {
    "inputData": Evaluation._input,
    "decision": Evaluation._decision,
    "businessKnowledgeModel": Evaluation._knowledge,
    "decisionService": Evaluation._service,
}


def order_of(keys: Iterable[str], graph: Graph, known: Iterable[str] = ()) -> list[Node]:
    """What some nodes require, directly or not, each once and before it is needed; themselves last.

    ``known``: keys that need not be evaluated. Ends because a node that waits for a circle is never asked.
    """
    ordered: dict[str, Node] = {}
    done = set(known)
    stack = list(keys)
    while stack:
        key = stack[-1]
        if key in done:
            stack.pop()
            continue
        needed = (need.key for need in graph[key].requires)
        missing = [other for other in needed if other not in done and other in graph]
        stack.extend(missing)
        if not missing:
            ordered[key] = graph[key]
            done.add(key)
    return list(ordered.values())
