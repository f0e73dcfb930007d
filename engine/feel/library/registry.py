"""How a built-in function says what it takes, and how arguments find their parameters.

``@builtin("substring", "string: string, start position: number, length?: number")`` registers one
signature; a name may have several. In a signature ``?`` marks what may be left out, ``*`` the last parameter
if it takes any number of arguments, ``|`` alternatives, ``any`` every value; ``null`` must be named.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.feel.limits import CHARACTERS_A_STEP
from engine.feel.runtime import Run
from engine.feel.values.kinds import TYPES, Function, kind

Implementation = Callable[..., Any]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    types: frozenset[type] | None
    optional: bool
    variadic: bool


@dataclass(frozen=True, slots=True)
class Signature:
    parameters: tuple[Parameter, ...]
    implementation: Implementation


BUILTINS: dict[str, Function] = {}
SIGNATURES: dict[str, list[Signature]] = {}


def builtin(name: str, signature: str) -> Callable[[Implementation], Implementation]:
    """Register ``implementation(run, *arguments)`` for one signature of the built-in ``name``."""

    def register(implementation: Implementation) -> Implementation:
        parameters = tuple(_parameter(part.strip()) for part in signature.split(",") if part.strip())
        found = SIGNATURES.setdefault(name, [])
        found.append(Signature(parameters, implementation))
        if name not in BUILTINS:
            names = tuple(parameter.name for parameter in parameters)
            BUILTINS[name] = Function(name, names, _caller(name, found))
        return implementation

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.partition(":"))
    types = None if kinds == "any" else frozenset(TYPES[part.strip()] for part in kinds.split("|"))
    return Parameter(name.strip("*?"), types, name.endswith("?"), name.startswith("*"))


def _caller(name: str, signatures: list[Signature]) -> Callable[[Run, tuple[Any, ...], dict[str, Any]], Any]:
    def call(run: Run, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
        run.step()
        for value in positional or named.values():
            if type(value) is str:
                run.step(len(value) // CHARACTERS_A_STEP)
        for signature in signatures:
            arguments = _named(signature, named) if named else _positional(signature, positional)
            if arguments is not None:
                return signature.implementation(run, *arguments)
        given = ", ".join(kind(value) for value in (positional or named.values()))
        return run.warn(f"{name}({given}): there is no such form of the function")

    return call


def _positional(signature: Signature, given: tuple[Any, ...]) -> list[Any] | None:
    parameters = signature.parameters
    if parameters and parameters[-1].variadic:
        fixed = len(parameters) - 1
        rest = [conform(parameters[-1].types, value) for value in given[fixed:]]
        if len(given) <= fixed or _MISSING in rest:
            return None
        head = _match(parameters[:fixed], given[:fixed])
        return None if head is None else [*head, rest]
    return _match(parameters, given)


def _match(parameters: tuple[Parameter, ...], given: tuple[Any, ...]) -> list[Any] | None:
    if len(given) > len(parameters) or not all(p.optional for p in parameters[len(given) :]):
        return None
    found = [conform(parameter.types, value) for parameter, value in zip(parameters, given, strict=False)]
    return None if any(value is _MISSING for value in found) else found


def _named(signature: Signature, given: dict[str, Any]) -> list[Any] | None:
    """Arguments by name; one that is not given is null (DMN 1.5, 10.3.2.13.5)."""
    names = {parameter.name for parameter in signature.parameters}
    if not names.issuperset(given):
        return None
    found: list[Any] = []
    for parameter in signature.parameters:
        value = given.get(parameter.name)
        if parameter.name not in given and parameter.optional:
            found.append(None)
            continue
        value = conform(parameter.types, value)
        if value is _MISSING:
            return None
        found.append([value] if parameter.variadic else value)
    return found


def conform(types: frozenset[type] | None, value: Any) -> Any:
    """The value if it is of one of the types, after a list of one or one for a list; else _MISSING."""
    type_ = type(value)
    if types is None or type_ in types:
        return value
    if type_ is list and len(value) == 1 and type(value[0]) in types:
        return value[0]
    if list in types and value is not None:
        return [value]
    return _MISSING
