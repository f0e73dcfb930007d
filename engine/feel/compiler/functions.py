"""Function definitions, invocations and ``instance of``."""

from typing import Any

from engine.feel import limits
from engine.feel.library import BUILTINS
from engine.feel.limits import Exhausted
from engine.feel.runtime import Env, Run
from engine.feel.syntax import nodes
from engine.feel.values.kinds import Function, kind
from engine.feel.values.types import UnknownType, conforms, convert

from .core import Closure, compile_node, compiles, cost_of
from .names import find

_WRONG = object()


@compiles(nodes.FunctionOf)
def function_of(node: nodes.FunctionOf, top: bool) -> Closure:
    return defining(node.parameters, compile_node(node.body, False), cost_of(node.body), node.at)


def defining(
    parameters: tuple[tuple[str, nodes.TypeRef | None], ...], body: Closure, cost: int, at: int
) -> Closure:
    """The closure that makes a function: its body sees the arguments, and what was visible where it was made.

    ``cost``: the steps of a call. Arguments are converted to the types of their parameters.
    """
    names, types = tuple(name for name, _ in parameters), tuple(type_ for _, type_ in parameters)

    def evaluate(env: Env) -> Function:
        def call(run: Run, positional: tuple[Any, ...], named: dict[str, Any]) -> Any:
            arguments = _bind(names, positional, named)
            if arguments is None:
                return run.warn(f"the function takes {', '.join(names) or 'nothing'}")
            for name, type_ in parameters:
                if type_ is not None and arguments[name] is not None:
                    arguments[name] = convert(arguments[name], type_, _WRONG, run)
                    if arguments[name] is _WRONG:
                        return run.warn(f"the argument '{name}' is not a {type_.name}")
            run.step(cost)
            return _enter(run, body, Env(arguments, env, run), at)

        return Function("", names, call, types)

    return evaluate


def _enter(run: Run, body: Closure, env: Env, at: int) -> Any:
    run.calls += 1
    if run.calls > limits.CALLS:
        run.at = at
        raise Exhausted(f"functions call one another deeper than {limits.CALLS} levels")
    value = body(env)
    run.calls -= 1
    return value


def _bind(
    names: tuple[str, ...], positional: tuple[Any, ...], named: dict[str, Any]
) -> dict[str, Any] | None:
    if named:
        return {name: named.get(name) for name in names} if set(names).issuperset(named) else None
    return dict(zip(names, positional, strict=True)) if len(names) == len(positional) else None


@compiles(nodes.Call)
def call(node: nodes.Call, top: bool) -> Closure:
    callee, at = _callee(node.function, top), node.at
    arguments = [compile_node(argument, top) for argument in node.positional]
    named = [(name, compile_node(argument, top)) for name, argument in node.named]

    def evaluate(env: Env) -> Any:
        function = callee(env)
        if type(function) is not Function:
            return env.run.warn(f"{kind(function)} is not a function", at)
        positional = tuple([argument(env) for argument in arguments])
        by_name = {name: argument(env) for name, argument in named} if named else {}
        env.run.at = at
        return function.call(env.run, positional, by_name)

    return evaluate


def _callee(node: nodes.Node, top: bool) -> Closure:
    """What is called. A variable named like a built-in hides it only if it is a function itself."""
    if not isinstance(node, nodes.Name) or node.name not in BUILTINS:
        return compile_node(node, top)
    name, known = node.name, BUILTINS[node.name]

    def evaluate(env: Env) -> Function:
        value, _ = find(env, name)
        return value if type(value) is Function else known

    return evaluate


@compiles(nodes.InstanceOf)
def instance_of(node: nodes.InstanceOf, top: bool) -> Closure:
    value, type_, at = compile_node(node.value, top), node.type, node.at

    def evaluate(env: Env) -> bool | None:
        try:
            return conforms(value(env), type_, env.run)
        except UnknownType as reason:
            env.run.warn(f"the type '{reason}' is not known", at)
            return None

    return evaluate
