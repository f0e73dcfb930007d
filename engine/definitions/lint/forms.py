"""Forms: what ``engine.definitions.forms`` finds, and groups whose members a form offers."""

from collections.abc import Iterator

from engine.definitions.forms import check_schema, parse_form
from engine.definitions.lint.deployment import Deployment, FormFile
from engine.definitions.lint.finding import Finding, Place, Rule
from engine.definitions.lint.references import GROUP_UNKNOWN
from engine.errors import N_

FORM_INVALID = Rule(
    id="form-invalid",
    severity="error",
    title=N_("A form with a fault that a worker cannot get past."),
    why=N_("It would not open, ask for the impossible, or lose what was entered."),
    hint=N_("Correct the component in the form editor."),
)
FORM_ADVICE = Rule(
    id="form-advice",
    severity="warning",
    title=N_("A form that could be understood wrongly."),
    why=N_("A worker cannot tell what is asked."),
    hint=N_("Look at the component in the form editor."),
)
RULES = (FORM_INVALID, FORM_ADVICE)


def check(file: FormFile, deployment: Deployment) -> Iterator[Finding]:
    """One form."""
    problems = check_schema(file.content, file.resource)
    for problem in problems:
        rule = FORM_INVALID if problem.severity == "error" else FORM_ADVICE
        place = Place(file.resource, problem.component_id)
        yield rule.at(place, problem.template, **problem.parameters)
    if any(problem.severity == "error" for problem in problems):
        return
    for key, group in parse_form(file.content, file.resource).members.items():
        if group not in deployment.known.groups:
            yield GROUP_UNKNOWN.at(Place(file.resource, key), ref=group)
