"""What decision tables leave out, say twice or never say, and names in them that nobody provides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from lxml import etree

from engine.definitions.dmn import read_model, with_imports
from engine.definitions.dmn.analysis import Analysis, Region, analyse, value_text
from engine.definitions.dmn.model import Input, Node, Table
from engine.definitions.dmn.types import fits
from engine.definitions.lint.deployment import Deployment, TableFile
from engine.definitions.lint.finding import Finding, Place, Rule
from engine.definitions.lint.requirements import Requirements
from engine.definitions.lint.variables import provided_variables
from engine.definitions.xml import line_of
from engine.errors import N_
from engine.feel import parse_unary_tests
from engine.feel.constants import VARIES, constant

TABLE_GAP = Rule(
    id="table-gap",
    severity="warning",
    title=N_("Inputs of a decision table that no rule matches."),
    why=N_("The table would have no result for them, and the case would go on without one."),
    hint=N_(
        "Add a rule or a default output for them. What cannot come is no gap where the input lists its "
        "allowed values."
    ),
    template=N_("No rule matches %(region)s, for example %(example)s."),
)
TABLE_OVERLAP = Rule(
    id="table-overlap",
    severity="error",
    title=N_("Two rules of a decision table that match at once, which its hit policy forbids."),
    why=N_("The case would stop at the business rule task as soon as such inputs come."),
    hint=N_("Narrow one of the two rules, or let the upper one win with the hit policy FIRST."),
    template=N_("The rows %(first)d and %(second)d both match %(region)s, for example %(example)s."),
)
RULE_UNREACHABLE = Rule(
    id="rule-unreachable",
    severity="warning",
    title=N_("A rule of a decision table that never speaks."),
    why=N_("Whoever reads it believes in an answer that nobody gets."),
    hint=N_("Correct the rule, move it, or delete it."),
    template=N_("Row %(row)d never speaks: for all that it matches, other rows speak first (%(others)s)."),
)
TABLE_VARIABLE_UNKNOWN = Rule(
    id="table-variable-unknown",
    severity="warning",
    title=N_("A name in a decision table that stands for nothing."),
    why=N_("Its value would always be nothing, so that no comparison with it holds."),
    hint=N_("Correct the name; a text stands in double quotes."),
    template=N_("There is no variable '%(name)s': no form, task or input of the decision provides it."),
)
TABLE_TOO_LARGE = Rule(
    id="table-too-large",
    severity="warning",
    title=N_("A decision table that is too large to be checked to the end."),
    why=N_("It may have gaps, or rules that get in each other's way, that nobody is told of."),
    hint=N_("Split it into several tables that require each other."),
)
TABLE_OUTPUT_TYPE = Rule(
    id="table-output-type",
    severity="warning",
    title=N_("A result of a decision table that is not of the type that its column declares."),
    why=N_(
        "Whoever reads the column's head expects another kind of value, and other engines have none at all."
    ),
    hint=N_("Change the type in the head of the column, or the value: a text stands in double quotes."),
    template=N_("Row %(row)d: %(value)s is not of the type '%(type)s' that '%(output)s' declares."),
)
RULES = (
    TABLE_GAP,
    TABLE_OVERLAP,
    RULE_UNREACHABLE,
    TABLE_VARIABLE_UNKNOWN,
    TABLE_OUTPUT_TYPE,
    TABLE_TOO_LARGE,
)

_MORE_GAPS = N_("Besides those named, %(count)d more combinations of inputs match no rule.")
_MORE_OVERLAPS = N_("Besides those named, %(count)d more pairs of rows match at once.")
_EMPTY = N_("Row %(row)d never speaks: no value of '%(input)s' fits its cell.")


@dataclass(frozen=True)
class _Sheet:
    """A table in its file. ``lines``: of the file's elements by id."""

    file: TableFile
    node: Node
    table: Table
    lines: Mapping[str, int]

    @cached_property
    def rows(self) -> Mapping[str, int]:
        """Id of a rule -> its number, from 1."""
        return {rule.id: number for number, rule in enumerate(self.table.rules, 1)}

    def at(self, element_id: str = "") -> Place:
        """The place of a rule or a column; the decision's for one without an id."""
        if not element_id or element_id not in self.lines:
            return Place(self.file.resource, self.node.id, self.node.name, self.node.line)
        return Place(self.file.resource, element_id, self.node.name, self.lines[element_id])


def check(file: TableFile, deployment: Deployment) -> Iterator[Finding]:
    """All tables of one DMN file, if it can be evaluated."""
    model = read_model(with_imports(file.content, file.resource, deployment.table_files))
    if any(not problem.local for problem in model.problems):
        return
    requirements = Requirements(model.graph, model.own)
    lines = {found.get("id", ""): line_of(found) for found in file.root.iter(etree.Element)}
    known = _Names(requirements, deployment)
    for node in model.own:
        if node.table is not None:
            sheet = _Sheet(file, node, node.table, lines)
            computed = requirements.results_of_others(node)
            yield from _check_rules(sheet, _analysis(node.table, computed, deployment))
            yield from _check_names(sheet, known.of(node))
            yield from _check_results(sheet)


def _analysis(table: Table, computed: frozenset[str], deployment: Deployment) -> Analysis:
    """What is found in a table. Only what forms let through can fall into a gap."""
    found = analyse(table, computed, deployment.budget)
    if not found.gaps:
        return found
    columns = tuple(_as_asked(column, deployment) for column in table.inputs)
    if columns == table.inputs:
        return found
    asked = analyse(replace(table, inputs=columns), computed, deployment.budget)
    return replace(found, gaps=asked.gaps, more_gaps=asked.more_gaps, too_large=asked.too_large)


def _as_asked(column: Input, deployment: Deployment) -> Input:
    """A column with the options and the whole numbers that forms ask for, where they fill its variable.

    The forms that are deployed with the table, else those that the agency has.
    """
    name = column.expression.text
    if column.expression.names != {name}:
        return column
    options = deployment.answers.get(name) or deployment.known.answers.get(name, frozenset())
    if column.allowed is None and options and not any(option.endswith("?") for option in options):
        listed = ", ".join(value_text(option) for option in sorted(options))
        return replace(column, allowed=parse_unary_tests(listed))
    whole = deployment.whole_numbers if deployment.forms else deployment.known.whole_numbers
    is_whole = column.type_ref == "number" and name in whole
    return replace(column, type_ref="integer") if is_whole else column


def _check_rules(sheet: _Sheet, found: Analysis) -> Iterator[Finding]:
    for gap in found.gaps:
        yield TABLE_GAP.at(sheet.at(), **_told(gap))
    if found.more_gaps:
        yield TABLE_GAP.at(sheet.at(), _MORE_GAPS, count=found.more_gaps)
    for overlap in found.overlaps:
        first, second = (sheet.rows[rule] for rule in overlap.rules)
        yield TABLE_OVERLAP.at(sheet.at(overlap.rules[1]), first=first, second=second, **_told(overlap))
    if found.more_overlaps:
        yield TABLE_OVERLAP.at(sheet.at(), _MORE_OVERLAPS, count=found.more_overlaps)
    for dead in found.unreachable:
        place, row = sheet.at(dead.rule), sheet.rows[dead.rule]
        if dead.empty:
            yield RULE_UNREACHABLE.at(place, _EMPTY, row=row, input=dead.empty)
        else:
            yield RULE_UNREACHABLE.at(place, row=row, others=", ".join(str(sheet.rows[r]) for r in dead.by))
    if found.too_large:
        yield TABLE_TOO_LARGE.at(sheet.at())


def _check_results(sheet: _Sheet) -> Iterator[Finding]:
    """Results that are the same whatever comes in."""
    for row, rule in enumerate(sheet.table.rules, 1):
        for column, cell in zip(sheet.table.outputs, rule.outputs, strict=True):
            value = VARIES if cell is None or column.type is None else constant(cell.node)
            if column.type is None or value is VARIES or fits(value, column.type):
                continue
            type_, shown = column.type.name, cell.text if cell else ""
            place = sheet.at(rule.id)
            yield TABLE_OUTPUT_TYPE.at(place, row=row, value=shown, type=type_, output=column.name)


def _told(region: Region) -> dict[str, str]:
    """A region and its example in FEEL; inputs that may be anything are left out."""
    bounds = [f"{name}: {text}" for name, text in region.columns.items() if text != "-"]
    example = [f"{name} = {value_text(value)}" for name, value in region.example.items()]
    return {"region": "; ".join(bounds) or "-", "example": ", ".join(example)}


class _Names:
    """The names that mean something in the decisions of one file."""

    def __init__(self, requirements: Requirements, deployment: Deployment) -> None:
        self._requirements = requirements
        self._deployment = deployment
        self._known: dict[tuple[str, ...], frozenset[str] | None] = {}

    def of(self, node: Node) -> frozenset[str] | None:
        """The names that a decision may ask for: of its file, and of the processes that ask it.

        None if no process of the deployment does, or if its variables cannot be told.
        """
        processes = (p for d in self._deployment.diagrams for p in d.processes if p.decisions)
        asking = [p for p in processes if self._requirements.stands_below(node, p.decisions)]
        keys = tuple(process.key for process in asking)
        if keys not in self._known:
            provided = provided_variables(asking, self._deployment) if asking else None
            bases = {name.partition(".")[0] for name in provided or ()}
            self._known[keys] = None if provided is None else self._requirements.names | provided | bases
        return self._known[keys]


def _check_names(sheet: _Sheet, known: frozenset[str] | None) -> Iterator[Finding]:
    if known is not None:
        for element_id, name in dict.fromkeys(_named(sheet.table)):
            if name not in known:
                yield TABLE_VARIABLE_UNKNOWN.at(sheet.at(element_id), name=name)


def _named(table: Table) -> Iterator[tuple[str, str]]:
    """(id of the column or rule, name) for every variable that a table asks for."""
    for column in table.inputs:
        yield from ((column.id, name) for name in sorted(column.expression.names))
    for rule in table.rules:
        for cell in (*rule.conditions, *rule.outputs):
            yield from ((rule.id, name) for name in sorted(cell.names if cell else ()))
    for output in table.outputs:
        yield from ((output.id, name) for name in sorted(output.default.names if output.default else ()))
