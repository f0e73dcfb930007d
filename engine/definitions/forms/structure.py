"""Problems for which a form cannot be used: form-js would not open it, or a condition would say nothing."""

from collections.abc import Callable, Iterator
from typing import Any

from jsonschema_rs import ValidationError

from engine.definitions.forms.compiling import BOUNDS, is_feel
from engine.definitions.forms.components import (
    CHOOSING,
    DATETIME_KINDS,
    KEYED,
    KNOWN,
    is_repeating,
    kind_of,
    options_of,
)
from engine.definitions.forms.conditions import parse_condition
from engine.definitions.forms.fragments import as_number, compile_validator, fragment
from engine.definitions.forms.problems import FormProblem, name_of
from engine.definitions.forms.reading import walk
from engine.errors import N_, ExpressionInvalid
from engine.feel import parse_expression

Tree = dict[str, "Tree | None"]


def structure_problems(schema: dict[str, Any]) -> list[FormProblem]:
    """Everything that keeps a schema (as ``read_schema`` returns it) from being compiled."""
    problems = [
        FormProblem(
            name_of(c),
            N_("%(component)s has the type '%(type)s', which form-js does not know."),
            {"component": name_of(c), "type": c["type"]},
        )
        for c in walk(schema)
        if c["type"] not in KNOWN
    ]
    if problems:
        return problems
    return [*_twice(schema), *_claims(schema["components"], (), {}), *_fields(schema)]


def _twice(schema: dict[str, Any]) -> Iterator[FormProblem]:
    seen = {schema["id"]}
    for component in walk(schema):
        found = str(component.get("id") or "")
        if found in seen:
            yield FormProblem(
                found, N_("The id %(id)s is used twice; give every component its own."), {"id": found}
            )
        if found:
            seen.add(found)


def _claims(components: list[dict[str, Any]], base: tuple[str, ...], tree: Tree) -> Iterator[FormProblem]:
    """Keys and paths that are missing or collide (form-js ``PathRegistry``)."""
    for component in components:
        keyed, repeating = component["type"] in KEYED, is_repeating(component)
        name = component.get("key" if keyed else "path", "")
        path = base + tuple(name.split(".")) if name else base
        if not all(path) or ((keyed or repeating) and not name):
            template = N_("%(component)s needs a key (or path) without empty parts.")
            yield FormProblem(name_of(component), template, {"component": name_of(component)})
            continue
        if path != base and not _claim(tree, path, final=keyed or repeating):
            template = N_("%(component)s writes to '%(path)s', which another component already uses.")
            where = {"component": name_of(component), "path": ".".join(path)}
            yield FormProblem(name_of(component), template, where)
            continue
        below: list[dict[str, Any]] = component.get("components", [])
        yield from _claims(below, () if repeating else path, {} if repeating else tree)


def _claim(tree: Tree, path: tuple[str, ...], *, final: bool) -> bool:
    """Take a path; a final one is nobody else's, and nothing lies below it."""
    for part in path[:-1] if final else path:
        below = tree.setdefault(part, {})
        if below is None:
            return False
        tree = below
    if not final:
        return True
    free = path[-1] not in tree
    tree.setdefault(path[-1], None)
    return free


def _fields(schema: dict[str, Any]) -> Iterator[FormProblem]:
    for component in walk(schema):
        for text, parse in _expressions(component):
            yield from _unreadable(component, text, parse)
        if component["type"] == "datetime" and component.get("subtype", "date") not in DATETIME_KINDS:
            template = N_("%(component)s has a subtype that is neither date, time nor datetime.")
            yield FormProblem(name_of(component), template, {"component": name_of(component)})
        elif component["type"] in KEYED:
            yield from _bad_limits(component)
            yield from _bad_options(component)


def _expressions(component: dict[str, Any]) -> Iterator[tuple[str, Callable[[str], object]]]:
    validate = component.get("validate", {})
    for text in (component.get("conditional", {}).get("hide"), component.get("readonly")):
        if is_feel(text):
            yield text, parse_condition
    others = (component.get("expression"), component.get("valuesExpression"), *map(validate.get, BOUNDS))
    for text in others:
        if is_feel(text):
            yield text, parse_expression


def _unreadable(
    component: dict[str, Any], text: str, parse: Callable[[str], object]
) -> Iterator[FormProblem]:
    try:
        parse(text)
    except ExpressionInvalid as error:
        template = N_("%(component)s: the expression '%(text)s' is not valid at %(position)d: %(reason)s")
        more = {"text": text, "position": error.position, "reason": error.reason}
        yield FormProblem(name_of(component), template, {"component": name_of(component), **more})


def _bad_limits(component: dict[str, Any]) -> Iterator[FormProblem]:
    validate, who = component.get("validate", {}), {"component": name_of(component)}
    for name in BOUNDS:
        limit = validate.get(name)
        if limit not in (None, "") and not is_feel(limit) and as_number(limit) is None:
            template = N_("%(component)s: '%(limit)s' is not a number.")
            yield FormProblem(name_of(component), template, {**who, "limit": str(limit)})
            return
    try:
        compile_validator({"field": fragment(component, kind_of(component))})
    except (ValidationError, ValueError) as error:
        template = N_("%(component)s: the validation cannot be used: %(reason)s")
        reason = error.message if isinstance(error, ValidationError) else str(error)
        yield FormProblem(name_of(component), template, {**who, "reason": reason})


def _bad_options(component: dict[str, Any]) -> Iterator[FormProblem]:
    if component["type"] not in CHOOSING:
        return
    options, values = options_of(component), component.get("values")
    written = len(values) if isinstance(values, list) else 0
    if options is not None and (not options or len(options) < written):
        template = N_("%(component)s needs options, each with a label and a value that is not empty.")
        yield FormProblem(name_of(component), template, {"component": name_of(component)})
