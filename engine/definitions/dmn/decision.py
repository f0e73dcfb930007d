"""Decisions, ready to be evaluated with all that they require."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from engine.definitions.dmn.cells import Reader, special
from engine.definitions.dmn.copying import copied_names
from engine.definitions.dmn.evaluation import Evaluation, order_of
from engine.definitions.dmn.imports import with_imports
from engine.definitions.dmn.model import DecisionProblem, Model, Node, Table
from engine.definitions.dmn.reading import File, open_file, prefixes_of, read_graph
from engine.definitions.dmn.results import DecisionResult
from engine.definitions.xml import kind_of, parse_xml
from engine.errors import N_, DecisionError, DecisionNotFound, XmlRefused
from engine.feel import parse_expression
from engine.feel.inside import Exhausted, Run, Source, export

_LOOKED_AT: Final = 1_000
_SMALL: Final = 100_000
"""Bytes of a model of which hundreds are kept; of larger ones a few, for strangers write them."""
_NO_OTHERS: Final[Mapping[str, bytes]] = MappingProxyType({})


@dataclass(frozen=True)
class Decision:
    """One decision, decision service or business knowledge model of a DMN file."""

    node: Node
    model: Model = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def table(self) -> Table | None:
        """The decision table, if that is what decides."""
        return self.node.table

    @property
    def outputs(self) -> tuple[str, ...]:
        """Names of the results: a table's output columns, else the decision's variable."""
        table = self.table
        return tuple(o.name for o in table.outputs) if table else (self.node.variable.name,)

    @property
    def copied(self) -> frozenset[str]:
        """Names of the variables whose values may stand in the result; not those that only choose a rule."""
        return copied_names(self.node, self.model)

    @property
    def needed(self) -> list[Node]:
        """All that it rests on, itself last; the inside of a service as well."""
        if self.node.broken:
            return []
        service = self.node.service
        asked = [*service.inputs, *service.outputs] if service else []
        return order_of([*asked, self.node.key], self.model.graph, service.decisions if service else ())

    def evaluate(self, variables: Mapping[str, Any]) -> DecisionResult:
        """Evaluate the decision for a process, as Camunda does; what it requires comes first, each once.

        ``variables``: JSON or FEEL values by name, all of them visible to all expressions; texts are read as
        dates where a date is declared. What the file requires wins over a variable of its name.
        Raises DecisionError if a decision violates its hit policy or allowed values, or an expression cannot
        be read or uses up its budget.
        """
        return self._evaluate(variables, None, lenient=True)

    def evaluate_strictly(
        self, inputs: Mapping[str, Any], warnings: list[str] | None = None
    ) -> DecisionResult:
        """Evaluate the decision by the letter of DMN: an expression sees what its decision requires.

        ``inputs``: values by the names of the model's inputs. Texts stay texts. ``warnings``: reasons for
        nulls are added to it. Raises DecisionError as ``evaluate`` does.
        """
        return self._evaluate(inputs, warnings, lenient=False)

    def _evaluate(
        self, given: Mapping[str, Any], warnings: list[str] | None, *, lenient: bool
    ) -> DecisionResult:
        noted: list[str] = [] if warnings is None else warnings
        run = Run(noted)
        run.json = lenient
        evaluation = Evaluation(self.model, run, given, lenient)
        try:
            return self._result(evaluation, run)
        except (Exhausted, RecursionError) as error:
            at, source = evaluation.at or self.node, run.source or Source(self.node.id, "")
            reason = error.reason if isinstance(error, Exhausted) else "it is nested too deeply"
            raise DecisionError(
                at.id, source.element, reason, expression=source.text, position=run.at
            ) from None
        finally:
            run.close()

    def _result(self, evaluation: Evaluation, run: Run) -> DecisionResult:
        node = self.node
        asked = evaluation.value_of if node.kind == "decision" else evaluation.called
        value = export(asked(node.key), run.step)
        outcome = evaluation.outcomes.get(node.key)
        warnings = tuple(run.warnings or ())
        if outcome is None:
            return DecisionResult(node.id, value, ({node.variable.name: value},), (), warnings)
        rows = tuple(export(dict(row), run.step) for row in outcome.rows)
        return DecisionResult(node.id, value, rows, outcome.rules, warnings)


def decisions_of(model: Model) -> list[Decision]:
    """The decisions and decision services of the file itself, in its order."""
    return [Decision(node, model) for node in model.own if node.kind in ("decision", "decisionService")]


def find_decision(model: Model, asked: str) -> Decision | None:
    """The decision with this id, else with this name; None if there is none."""
    decisions = decisions_of(model)
    by_id = (found for found in decisions if found.id == asked)
    return next(by_id, None) or next((found for found in decisions if found.name == asked), None)


def parse_decisions(
    content: bytes, resource: str, others: Mapping[str, bytes] = _NO_OTHERS
) -> dict[str, Decision]:
    """The decisions and decision services of a DMN file (1.1 to 1.5) by id, in its order.

    ``resource``: the file's name. ``others``: files by name, among which it finds what it imports.
    Cached. Raises XmlRefused if it is no DMN or has problems.
    """
    model = read_model(with_imports(content, resource, others))
    for problem in model.problems:
        if problem.resource == resource and not problem.local:
            raise XmlRefused(resource=resource, reason=f"line {problem.line}: {problem}")
    return {decision.id: decision for decision in decisions_of(model)}


def check_decisions(
    content: bytes, resource: str, others: Mapping[str, bytes] = _NO_OTHERS
) -> list[DecisionProblem]:
    """Everything wrong with a DMN file, in its order; an empty list if it may be deployed.

    ``others`` as in ``parse_decisions``. Raises XmlRefused if it is no DMN at all.
    """
    found = read_model(with_imports(content, resource, others)).problems
    return [problem for problem in found if problem.resource == resource]


def evaluate_decision(
    resources: Mapping[str, bytes],
    decision: str,
    inputs: Mapping[str, Any],
    warnings: list[str] | None = None,
) -> Any:
    """Evaluate one decision or decision service of a model by the letter of DMN 1.5.

    ``resources``: files by name; the first is the model that is asked, the others what it imports.
    ``decision``: the name or id of a decision or decision service, or of a business knowledge model, which is
    called. ``inputs``: values by the names of the model's inputs (or the parameters), Python or FEEL values;
    those of an imported model also below the import's name (``lib.x``).
    ``warnings``: the reason for every null that the standard asks for is added to it.
    Returns one value, a dict of outputs, or a list of either for a hit policy with many results; None if no
    rule matches. Numbers are Decimal, dates and durations Python's own (FEEL's where those cannot hold them).
    Raises XmlRefused for a file that is no DMN, DecisionNotFound, and DecisionError for what cannot be
    evaluated; a fault elsewhere in the model is no hindrance.
    """
    model = read_model(resources) if resources else None
    invocable = [node for node in model.own if node.kind != "inputData"] if model else []
    named = [node for node in invocable if node.name == decision]
    found = named or [node for node in invocable if node.id == decision]
    if model is None or not found:
        raise DecisionNotFound(id=decision)
    return Decision(found[0], model).evaluate_strictly(inputs, warnings).value


def evaluate_expression(text: str, context: Mapping[str, Any], warnings: list[str] | None = None) -> Any:
    """Evaluate one FEEL expression.

    ``text``: with or without a leading ``=``. ``context``: variables by name, JSON or FEEL values.
    ``warnings``: the reason for every null that the standard asks for is added to it.
    Returns a Python value (numbers are Decimal), None where the standard gives none.
    Raises ExpressionInvalid, ExpressionFailed.
    """
    return parse_expression(text, special(_names_in(context))).evaluate(context, warnings)


def _names_in(context: Mapping[str, Any]) -> set[str]:
    """The keys of a context and of the contexts in it, as far as one looks (``_LOOKED_AT`` values)."""
    found, waiting, seen = set[str](), [context], 0
    while waiting and seen < _LOOKED_AT:
        value: Any = waiting.pop()
        seen += 1
        if isinstance(value, Mapping):
            found.update(map(str, value))
            waiting += value.values()
        elif isinstance(value, (list, tuple)):
            waiting += value[:_LOOKED_AT]
    return found


def read_model(resources: Mapping[str, bytes]) -> Model:
    """A file with those that it imports. ``resources``: by name, the file itself first. Cached.

    Raises XmlRefused if one of them is no DMN.
    """
    given = tuple(resources.items())
    small = sum(len(content) for _, content in given) <= _SMALL
    return _small_model(given) if small else _large_model(given)


def _model(resources: tuple[tuple[str, bytes], ...]) -> Model:
    reader = Reader()
    files: dict[str, File] = {}
    for resource, content in resources:
        root = parse_xml(content, resource)
        if kind_of(root, resource) != "dmn":
            raise XmlRefused(resource=resource, reason="it is a process diagram, not a decision model")
        file = open_file(resource, root, reader)
        files.setdefault(file.namespace, file)
    first = next(iter(files.values()))
    reader.resource = first.resource
    for namespace in first.imports:
        if namespace not in files:
            template = N_("%(element)s imports the model '%(namespace)s', which is not among the files.")
            reader.problem(first.root, template, namespace=namespace)
    nodes = read_graph(files, reader)
    own = tuple(node for node in nodes.values() if node.key.rpartition("#")[0] == first.namespace)
    names = {name for node in nodes.values() for need in node.requires for name in need.path[:1]}
    names.update(node.variable.name for node in own)
    return Model(nodes, own, frozenset(names), tuple(reader.problems), prefixes_of(files))


_small_model, _large_model = lru_cache(256)(_model), lru_cache(8)(_model)
