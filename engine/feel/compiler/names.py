"""Literals, names, paths."""

from typing import Any

from engine.feel.boundary import lift
from engine.feel.library import BUILTINS
from engine.feel.runtime import Env
from engine.feel.syntax import nodes
from engine.feel.values.kinds import kind
from engine.feel.values.numbers import finite
from engine.feel.values.properties import MISSING, read_property
from engine.feel.values.temporal_text import parse_any

from .core import Closure, compile_node, compiles


@compiles(nodes.Literal)
def literal(node: nodes.Literal, top: bool) -> Closure:
    value = constant(node)
    return lambda env: value


def constant(node: nodes.Literal) -> Any:
    """The value of a literal; a number is rounded to 34 digits."""
    return node.value if node.value is None or isinstance(node.value, (str, bool)) else finite(node.value)


@compiles(nodes.AtLiteral)
def at_literal(node: nodes.AtLiteral, top: bool) -> Closure:
    value, at = parse_any(node.text), node.at
    if value is None:
        return lambda env: env.run.warn("the literal is no date, time or duration", at)
    return lambda env: value


@compiles(nodes.Name)
def name(node: nodes.Name, top: bool) -> Closure:
    text, at = node.name, node.at
    default = BUILTINS.get(text, MISSING)

    def at_top(env: Env) -> Any:
        try:
            return lift(env.vars[text], env.run)
        except KeyError:
            return default if default is not MISSING else _unknown(env, text, at)

    def nested(env: Env) -> Any:
        value, raw = find(env, text)
        if value is MISSING:
            return default if default is not MISSING else _unknown(env, text, at)
        return lift(value, env.run) if raw else value

    return at_top if top else nested


def find(env: Env, name: str) -> tuple[Any, bool]:
    """The value of a name, and whether it is the caller's raw value; MISSING if nobody knows it."""
    place: Env = env
    while place.parent is not None:
        if name in place.vars:
            return place.vars[name], False
        place = place.parent
    try:
        return place.vars[name], True
    except KeyError:
        return MISSING, False


def _unknown(env: Env, name: str, at: int) -> None:
    env.run.warn(f"the name '{name}' is not known", at)


@compiles(nodes.Path)
def path(node: nodes.Path, top: bool) -> Closure:
    steps = [node]
    while isinstance(steps[0].base, nodes.Path):
        steps.insert(0, steps[0].base)
    base, at = steps[0].base, node.at
    names = tuple(step.name for step in steps)
    if isinstance(base, nodes.Name):
        return _scope_path(base, names, at)
    inner = compile_node(base, top)

    def follow(env: Env) -> Any:
        return _follow(env, inner(env), names, at)

    return follow


def _scope_path(base: nodes.Name, names: tuple[str, ...], at: int) -> Closure:
    """A path from a name: goes through the caller's contexts without turning all of them into FEEL values."""
    base_name = base.name

    def follow(env: Env) -> Any:
        value, raw = find(env, base_name)
        if value is MISSING:
            dotted = ".".join((base_name, *names))
            value, raw = find(env, dotted)
            if value is MISSING:
                return _unknown(env, base_name, base.at)
            return lift(value, env.run) if raw else value
        if not raw:
            return _follow(env, value, names, at)
        for position, property_ in enumerate(names):
            if type(value) is not dict or property_ not in value:
                return _follow(env, lift(value, env.run), names[position:], at)
            value = value[property_]
        return lift(value, env.run)

    return follow


def _follow(env: Env, value: Any, names: tuple[str, ...], at: int) -> Any:
    for property_ in names:
        found = read_property(value, property_, env.run.step)
        if found is MISSING:
            if value is None:
                return None
            return env.run.warn(f"{kind(value)} has no '{property_}'", at)
        value = found
    return value
