"""Problems of forms that open, but not as an SOP needs them: the linter's view of a schema."""

from collections.abc import Callable, Iterator
from typing import Any, Final

from engine.definitions.forms.compiling import BOUNDS, is_feel
from engine.definitions.forms.components import CHOOSING, CONTAINERS, KEYED, options_of
from engine.definitions.forms.fragments import as_number
from engine.definitions.forms.problems import FormProblem, name_of
from engine.definitions.forms.reading import read_schema, walk
from engine.definitions.forms.structure import structure_problems
from engine.errors import N_, FormRefused

SCHEMA_VERSION: Final = 19
"""The schema version that form-js 1.23 writes."""

Component = dict[str, Any]


def check_schema(content: bytes, resource: str) -> list[FormProblem]:
    """Everything wrong with a ``.form`` file, errors first; an empty list if it may be deployed.

    Raises nothing: a file that cannot be read at all is one problem.
    """
    try:
        schema = read_schema(content, resource)
    except FormRefused as error:
        return [FormProblem("", error.template, error.parameters)]
    problems = structure_problems(schema) or list(_advise(schema))
    return sorted(problems, key=lambda problem: problem.severity)


def _advise(schema: Component) -> Iterator[FormProblem]:
    version = schema.get("schemaVersion", SCHEMA_VERSION)
    if not isinstance(version, int) or version > SCHEMA_VERSION:
        template = N_("The form was written for a newer form-js (schema version %(version)s).")
        yield FormProblem("", template, {"version": str(version)}, "warning")
    for further in [part for part in walk(schema) if part["type"] == "filepicker"][1:]:
        yield FormProblem(name_of(further), _ONE_FILE, {"component": name_of(further)})
    for component in walk(schema):
        for rule in _RULES:
            for template in rule(component):
                severity = "warning" if template in _WARNINGS else "error"
                parameters = {"component": name_of(component)}
                yield FormProblem(name_of(component), template, parameters, severity)  # type: ignore[arg-type]


_NO_LABEL: Final = N_("%(component)s has no label; say in words what is asked.")
_DYNAMIC_REQUIRED: Final = N_(
    "%(component)s is required but takes its options from a variable; nobody could go on without it."
)
_CONDITION: Final = N_("%(component)s has a condition that does not begin with '='; it would never apply.")
_TWO_OPTIONS: Final = N_("%(component)s offers the same value twice.")
_RANGE: Final = N_("%(component)s has a lower limit above its upper limit.")
_SEALED: Final = N_("%(component)s: the property 'rahasia' is either 'ya' or absent.")
_DATE_RULE: Final = N_("%(component)s: the property 'tanggal' is 'tidak_di_depan', and on a date only.")
_MEMBERS: Final = N_(
    "%(component)s: the property 'anggota' needs a select outside of lists with valuesKey 'anggota_<group>'."
)
_FRESH: Final = N_("%(component)s: the property 'isian_baru' is either 'ya' or absent.")
_RISING: Final = N_(
    "%(component)s: the property 'tidak_turun' lists the field's own values, from low to high, with commas."
)
_ONE_FILE: Final = N_("%(component)s: a form has one field for files, outside of lists.")
_WARNINGS: Final = frozenset({_NO_LABEL})


def _label(component: Component) -> Iterator[str]:
    names = ["label"]
    if component["type"] == "datetime":
        names = {"time": ["timeLabel"], "datetime": ["dateLabel", "timeLabel"]}.get(
            component.get("subtype", "date"), ["dateLabel"]
        )
    elif component["type"] not in KEYED - {"expression"}:
        return
    if not any(str(component.get(name) or "").strip() for name in [*names, "label"]):
        yield _NO_LABEL


def _options(component: Component) -> Iterator[str]:
    if component["type"] not in CHOOSING:
        return
    options = options_of(component)
    if options is None:
        if component.get("validate", {}).get("required"):
            yield _DYNAMIC_REQUIRED
    elif len({repr(value) for value, _ in options}) < len(options):
        yield _TWO_OPTIONS


def _condition(component: Component) -> Iterator[str]:
    hide = component.get("conditional", {}).get("hide")
    if hide and not is_feel(hide):
        yield _CONDITION


def _range(component: Component) -> Iterator[str]:
    low, high, shortest, longest = (as_number(component.get("validate", {}).get(name)) for name in BOUNDS)
    for first, last in ((low, high), (shortest, longest)):
        if first is not None and last is not None and first > last:
            yield _RANGE


def _marks(component: Component) -> Iterator[str]:
    marks = component.get("properties", {})
    if marks.get("rahasia", "ya") != "ya":
        yield _SEALED
    if marks.get("isian_baru", "ya") != "ya":
        yield _FRESH
    if "tidak_turun" in marks:
        offered = (
            {value for value, _ in options_of(component) or ()} if component["type"] in CHOOSING else set()
        )
        if not {part.strip() for part in str(marks["tidak_turun"]).split(",")} <= offered:
            yield _RISING
    if "tanggal" in marks:
        on_date = component["type"] == "datetime" and component.get("subtype") != "time"
        if marks["tanggal"] != "tidak_di_depan" or not on_date:
            yield _DATE_RULE
    if "anggota" in marks:
        expected = f"anggota_{marks['anggota']}"
        if component["type"] != "select" or component.get("valuesKey") != expected:
            yield _MEMBERS
    if component["type"] == "dynamiclist":
        for child in walk(component):
            if child["type"] not in CONTAINERS and "anggota" in child.get("properties", {}):
                yield _MEMBERS


def _files(component: Component) -> Iterator[str]:
    """Files are attached to the task; a form says once what for, and cannot tell them apart by rows."""
    if component["type"] == "dynamiclist" and any(child["type"] == "filepicker" for child in walk(component)):
        yield _ONE_FILE


_RULES: Final[tuple[Callable[[Component], Iterator[str]], ...]] = (
    _label,
    _options,
    _condition,
    _range,
    _marks,
    _files,
)
