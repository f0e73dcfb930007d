"""Boxed expressions (DMN 1.5, 10.2.2): an element of a file in, what evaluates it out."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from lxml import etree

from engine.definitions.dmn.cells import text_of
from engine.definitions.dmn.elements import child, children, kind_in, name_in
from engine.definitions.dmn.model import Boxed
from engine.definitions.dmn.place import Place
from engine.definitions.dmn.table import compile_table
from engine.definitions.dmn.tables import read_table
from engine.definitions.dmn.types import fitting
from engine.errors import N_
from engine.feel import Expression, UnaryTests
from engine.feel.inside import (
    Bound,
    Closure,
    Env,
    Function,
    Source,
    TypeRef,
    closure_of,
    cost_of,
    defining,
    filtering,
    iterating,
    kind,
)

_Reading = Callable[[etree._Element, Place], Boxed]

FUNCTION: Final = "functionDefinition"


def read_logic(parent: etree._Element, place: Place) -> Boxed | None:
    """The first boxed expression inside an element; None if there is none."""
    found = child(parent, *KINDS)
    return None if found is None else read_boxed(found, place)


def read_boxed(element: etree._Element, place: Place) -> Boxed:
    """A boxed expression; its value fits the type that it declares. Problems are noted in the reader."""
    boxed = KINDS[kind_in(element)](element, place)
    return replace(boxed, closure=fitting(boxed.closure, place.type_of(element)))


def _inner(parent: etree._Element, place: Place, *names: str) -> Boxed:
    """The expression inside the child with one of these names; null, and a problem, if there is none."""
    holder = child(parent, *names)
    found = None if holder is None else read_logic(holder, place)
    if found is None:
        template = N_("%(element)s lacks the expression of '%(part)s'.")
        place.reader.problem(parent, template, part=names[0])
        return _null(parent)
    return found


def _null(element: etree._Element) -> Boxed:
    return Boxed(element.get("id", ""), kind_in(element), lambda env: None)


def _made(
    element: etree._Element, closure: Closure, parts: Iterable[Boxed], bound: Iterable[str] = ()
) -> Boxed:
    """A boxed expression made of others; ``bound``: names that it gives to them itself."""
    parts, own = list(parts), frozenset(bound)
    names = frozenset[str]().union(*(part.names for part in parts)) - own
    copied = frozenset[str]().union(*(part.copied for part in parts)) - own
    cost = 1 + sum(part.cost for part in parts)
    return Boxed(element.get("id", ""), kind_in(element), closure, names, copied, cost)


def _literal(element: etree._Element, place: Place) -> Boxed:
    found = place.expression(element)
    if found is None:
        if not text_of(element) or text_of(element) == "-":
            place.reader.problem(element, N_("%(element)s has no expression."), stops=False)
        return _null(element)
    source = Source(element.get("id") or place.decision, found.text)
    names = found.names | found.filter_names
    closure = _located(closure_of(found, place.types.own), source)
    return Boxed(element.get("id", ""), kind_in(element), closure, names, names, cost_of(found.node))


def _located(closure: Closure, source: Source) -> Closure:
    """While the closure runs, warnings and failures are about its text."""

    def evaluate(env: Env) -> Any:
        run = env.run
        outside, run.source = run.source, source
        value = closure(env)
        run.source = outside
        return value

    return evaluate


def _table(element: etree._Element, place: Place) -> Boxed:
    table = read_table(element, place)
    decide = compile_table(table, place.decision, place.types.own)
    inputs = [column.expression for column in table.inputs]
    cells = [cell for rule in table.rules for cell in rule.conditions if cell]
    results = [cell for rule in table.rules for cell in rule.outputs if cell]
    results += [column.default for column in table.outputs if column.default]
    copied = _all_names(results)
    names = copied | _all_names(inputs) | _all_names(cells)
    cost = 1 + len(table.rules)
    closure = _value_of(decide)
    return Boxed(table.id, kind_in(element), closure, names, copied, cost, table, decide)


def _all_names(parts: Iterable[Expression | UnaryTests]) -> frozenset[str]:
    return frozenset[str]().union(*(part.names | part.filter_names for part in parts))


def _value_of(decide: Callable[[Env], Any]) -> Closure:
    return lambda env: decide(env).value


def _context(element: etree._Element, place: Place) -> Boxed:
    """Entries see those before them; an entry without a name is the result (DMN 1.5, 10.2.2.4)."""
    entries: list[tuple[str, Boxed]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        name = name_in(variable)
        type_ = None if variable is None else place.type_of(variable)
        inner = place.within(name, type_) if name else place
        found = read_logic(entry, inner.seeing([name]) if name and _defines(entry) else inner)
        if found is None:
            place.reader.problem(
                entry, N_("%(element)s lacks the expression of '%(part)s'."), part="contextEntry"
            )
            found = _null(entry)
        if variable is not None:
            found = replace(found, closure=fitting(found.closure, type_))
        entries.append((name, found))
        place = place.seeing([name]) if name else place
    made = _context_of([(name, part.closure) for name, part in entries])
    return _made(element, made, (part for _, part in entries), (name for name, _ in entries if name))


def _defines(entry: etree._Element) -> bool:
    return child(entry, FUNCTION) is not None


def _context_of(entries: list[tuple[str, Closure]]) -> Closure:
    def evaluate(env: Env) -> Any:
        values: dict[str, Any] = {}
        inner = Env(values, env, env.run)
        env.run.step(len(entries))
        for name, closure in entries:
            value = closure(inner)
            if not name:
                return value
            values[name] = value
        return values

    return evaluate


def _list(element: etree._Element, place: Place) -> Boxed:
    parts = [read_boxed(part, place) for part in children(element, *KINDS)]
    return _made(element, _list_of([part.closure for part in parts]), parts)


def _list_of(closures: list[Closure]) -> Closure:
    def evaluate(env: Env) -> Any:
        env.run.step(len(closures))
        return [closure(env) for closure in closures]

    return evaluate


def _relation(element: etree._Element, place: Place) -> Boxed:
    """A list of contexts: one for each row, with a name for each column (DMN 1.5, 10.2.2.6)."""
    columns = list(children(element, "column"))
    names, types = [name_in(column) for column in columns], [place.type_of(column) for column in columns]
    rows, parts = [], []
    for row in children(element, "row"):
        cells = [read_boxed(cell, place) for cell in children(row, *KINDS)]
        if len(cells) != len(columns):
            place.reader.problem(row, N_("%(element)s does not have a cell for every column."))
        parts += cells
        closures = [fitting(cell.closure, type_) for cell, type_ in zip(cells, types, strict=False)]
        rows.append(_row_of(list(zip(names, closures, strict=False))))
    return _made(element, _list_of(rows), parts)


def _row_of(cells: list[tuple[str, Closure]]) -> Closure:
    return lambda env: {name: closure(env) for name, closure in cells}


def _invocation(element: etree._Element, place: Place) -> Boxed:
    called = read_logic(element, place)
    if called is None:
        place.reader.problem(
            element, N_("%(element)s lacks the expression of '%(part)s'."), part="invocation"
        )
        return _null(element)
    bindings = [_binding(binding, place) for binding in children(element, "binding")]
    closure = _call_of(called.closure, [(name, part.closure) for name, part in bindings])
    return _made(element, closure, (called, *(part for _, part in bindings)))


def _binding(element: etree._Element, place: Place) -> tuple[str, Boxed]:
    """An argument: the name of its parameter, and a value of the type that the binding declares."""
    parameter, found = child(element, "parameter"), read_logic(element, place) or _null(element)
    if parameter is not None:
        found = replace(found, closure=fitting(found.closure, place.type_of(parameter)))
    return name_in(parameter), found


def _call_of(called: Closure, bindings: list[tuple[str, Closure]]) -> Closure:
    def evaluate(env: Env) -> Any:
        function = called(env)
        if type(function) is not Function:
            return env.run.warn(f"{kind(function)} is not a function")
        return function.call(env.run, (), {name: closure(env) for name, closure in bindings})

    return evaluate


def _function(element: etree._Element, place: Place) -> Boxed:
    """A function of FEEL; one in Java or PMML is refused by name (DMN 1.5, 10.2.2.7)."""
    language = element.get("kind", "FEEL")
    if language != "FEEL":
        template = N_("%(element)s is a function in %(language)s; only FEEL is evaluated.")
        place.reader.problem(element, template, language=language)
        return _null(element)
    parameters = _parameters(element, place)
    names = [name for name, _ in parameters]
    body = read_logic(element, place.seeing(names))
    if body is None:
        place.reader.problem(element, N_("%(element)s is a function that does nothing."))
        return _null(element)
    return _made(element, defining(tuple(parameters), body.closure, body.cost, 0), [body], names)


def _parameters(element: etree._Element, place: Place) -> list[tuple[str, TypeRef | None]]:
    """The parameters of a function; without any, the inputs of its table are (DMN 1.5, 10.2.2.7)."""
    formal = list(children(element, "formalParameter"))
    table = child(element, "decisionTable")
    if formal or table is None:
        return [(name_in(found), place.type_of(found)) for found in formal]
    inputs = [child(found, "inputExpression") for found in children(table, "input")]
    return [(" ".join(text_of(found).split()), place.type_of(found)) for found in inputs if found is not None]


def _conditional(element: etree._Element, place: Place) -> Boxed:
    """Unlike FEEL's own, a condition that is neither true, false nor null makes it null."""
    condition, then, otherwise = (_inner(element, place, part) for part in ("if", "then", "else"))

    def evaluate(env: Env) -> Any:
        answer = condition.closure(env)
        if answer is True:
            return then.closure(env)
        if answer is False or answer is None:
            return otherwise.closure(env)
        return env.run.warn(f"the condition is a {kind(answer)}, neither true nor false")

    return _made(element, evaluate, (condition, then, otherwise))


def _filter(element: etree._Element, place: Place) -> Boxed:
    base, match = _inner(element, place, "in"), _inner(element, place, "match")
    return _made(element, filtering(base.closure, match.closure, match.cost, 0), (base, match), ("item",))


def _for(element: etree._Element, place: Place) -> Boxed:
    name, source, inner = _iterator(element, place)
    body = _inner(element, inner, "return")
    partial = "partial" in body.names
    closure = iterating(_bound(name, source), body.closure, partial, body.cost, 0)
    return _made(element, closure, (source, body), (name, "partial"))


def _quantified(element: etree._Element, place: Place) -> Boxed:
    name, source, inner = _iterator(element, place)
    condition = _inner(element, inner, "satisfies")
    closure = _judging(kind_in(element), _bound(name, source), condition)
    return _made(element, closure, (source, condition), (name,))


def _bound(name: str, source: Boxed) -> Bound:
    return [(name, source.closure, None)]


def _judging(quantifier: str, iterators: Bound, condition: Boxed) -> Closure:
    """Unlike FEEL's own, the boxed ``some`` and ``every`` look at all: one answer that is none makes null."""
    answers = iterating(iterators, condition.closure, False, condition.cost, 0)

    def evaluate(env: Env) -> bool | None:
        found = answers(env)
        if found is None or not all(type(answer) is bool for answer in found):
            env.run.warn(f"'{quantifier}' has an answer that is neither true nor false")
            return None
        return any(found) if quantifier == "some" else all(found)

    return evaluate


def _iterator(element: etree._Element, place: Place) -> tuple[str, Boxed, Place]:
    name, holder = name_in(element, "iteratorVariable"), child(element, "in")
    source = _inner(element, place, "in")
    if holder is not None:
        source = replace(source, closure=fitting(source.closure, place.type_of(holder)))
    return name, source, place.seeing([name])


KINDS: Final[dict[str, _Reading]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "relation": _relation,
    "invocation": _invocation,
    FUNCTION: _function,
    "conditional": _conditional,
    "filter": _filter,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
}
"""The kinds of boxed expressions, and what reads them."""
