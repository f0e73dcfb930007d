"""Decision tables: what ``engine.definitions.dmn`` finds, and tables that decide nothing."""

from collections.abc import Iterator

from lxml import etree

from engine.definitions.dmn import check_decisions
from engine.definitions.lint.deployment import Deployment, TableFile, decision_ids
from engine.definitions.lint.finding import Finding, Place, Rule
from engine.definitions.reading import name_of
from engine.definitions.xml import line_of
from engine.errors import N_

DECISION_INVALID = Rule(
    id="decision-invalid",
    severity="error",
    title=N_("A decision that cannot be evaluated."),
    why=N_(
        "A cell that does not parse, an unknown hit policy or a missing requirement would stop the case at "
        "the business rule task."
    ),
    hint=N_("Correct it in the table editor; cells are FEEL, texts stand in double quotes."),
)
DECISION_EMPTY = Rule(
    id="decision-empty",
    severity="error",
    title=N_("A decision table without rules, or a file without a decision."),
    why=N_("The result would always be nothing."),
    hint=N_("Add a rule, or leave the file out."),
)
RULES = (DECISION_INVALID, DECISION_EMPTY)


def check(file: TableFile, deployment: Deployment) -> Iterator[Finding]:
    """One DMN file."""
    for problem in check_decisions(file.content, file.resource, deployment.table_files):
        place = Place(file.resource, problem.element_id, problem.element_name, problem.line)
        yield DECISION_INVALID.at(place, problem.template, **problem.parameters)
    if not decision_ids(file.root):
        yield DECISION_EMPTY.at(Place(file.resource, line=line_of(file.root)))
    namespace = etree.QName(file.root).namespace
    for decision in file.root.iterfind(f"{{{namespace}}}decision"):
        table = decision.find(f"{{{namespace}}}decisionTable")
        if table is not None and table.find(f"{{{namespace}}}rule") is None:
            place = Place(file.resource, decision.get("id", ""), name_of(decision), line_of(table))
            yield DECISION_EMPTY.at(place)
