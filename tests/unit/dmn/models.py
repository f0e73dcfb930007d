"""Short ways to write DMN files."""

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from engine.definitions.dmn import Decision, DecisionResult, parse_decisions

DMN_1_3 = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def text(tag: str, content: str | None, attributes: str = "") -> str:
    """An element with a text; "" for no content."""
    return "" if content is None else f"<{tag}{attributes}><text>{escape(content)}</text></{tag}>"


def table(
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    types: Sequence[str] = (),
    allowed: Sequence[str | None] = (),
    values: Sequence[str | None] = (),
    defaults: Sequence[str | None] = (),
) -> str:
    """A decision table. Rules are rows of cells, inputs first; their ids are r1, r2..."""
    columns = "".join(
        f'<input id="i{n}">'
        + text("inputExpression", i, f" typeRef={quoteattr(_at(types, n) or 'string')}")
        + text("inputValues", _at(allowed, n))
        + "</input>"
        for n, i in enumerate(inputs)
    )
    columns += "".join(
        f'<output id="o{n}" name={quoteattr(o)}>'
        + text("outputValues", _at(values, n))
        + text("defaultOutputEntry", _at(defaults, n))
        + "</output>"
        for n, o in enumerate(outputs)
    )
    rows = "".join(
        f'<rule id="r{n}">'
        + "".join(
            text("inputEntry" if c < len(inputs) else "outputEntry", cell) for c, cell in enumerate(row)
        )
        + "</rule>"
        for n, row in enumerate(rules, 1)
    )
    more = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable id="t" hitPolicy="{policy}"{more}>{columns}{rows}</decisionTable>'


def literal(expression: str) -> str:
    """A literal expression."""
    return text("literalExpression", expression)


def decision(
    id_: str, logic: str, *, needs: Sequence[str] = (), variable: str | None = None, name: str = ""
) -> str:
    """A decision; ``needs`` are ids of decisions."""
    required = "".join(
        f'<informationRequirement><requiredDecision href="#{need}"/></informationRequirement>'
        for need in needs
    )
    found = "" if variable is None else f"<variable name={quoteattr(variable)}/>"
    return f'<decision id="{id_}" name={quoteattr(name or id_)}>{found}{required}{logic}</decision>'


def file(*parts: str, namespace: str = DMN_1_3) -> bytes:
    """A DMN file."""
    root = f'<definitions xmlns="{namespace}" id="d" name="d" namespace="n">'
    return f"{root}{''.join(parts)}</definitions>".encode()


def only(logic: str, **more: Any) -> Decision:
    """The decision ``d1`` with one logic."""
    return parse_decisions(file(decision("d1", logic, **more)), "d1.dmn")["d1"]


def evaluate(logic: str, **variables: Any) -> DecisionResult:
    """The result of one logic."""
    return only(logic).evaluate(variables)


def _at(found: Sequence[str | None], index: int) -> str | None:
    return found[index] if index < len(found) else None
