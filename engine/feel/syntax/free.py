"""What a tree holds: the names that it takes from outside, how much there is of it, the types it mentions."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from . import nodes


def free_names(node: nodes.Node) -> tuple[frozenset[str], frozenset[str]]:
    """(names that come from the scope for certain, names in filters that an item may provide).

    Names bound inside (iterators, parameters, earlier context entries, ``?``) are left out.
    """
    certain: set[str] = set()
    possible: set[str] = set()
    _collect(node, frozenset({"?"}), certain, possible)
    return frozenset(certain), frozenset(possible)


def without_choices(node: Any) -> Any:
    """The tree without what only chooses: conditions, filters, and tests that answer true or false. The names
    that are left may have their values in the result."""
    match node:
        case nodes.If():
            return nodes.ListOf(node.at, (without_choices(node.then), without_choices(node.otherwise)))
        case nodes.Filter():
            return without_choices(node.base)
        case (
            nodes.Comparison()
            | nodes.Between()
            | nodes.In()
            | nodes.InstanceOf()
            | nodes.Logic()
            | nodes.Quantified()
            | nodes.Test()
        ):
            return nodes.Literal(node.at, None)
        case tuple():
            return tuple(without_choices(part) for part in node)
        case nodes.Node() | nodes.Iterator():
            parts = {field.name: without_choices(getattr(node, field.name)) for field in fields(node)}
            return replace(node, **parts)
    return node


def weight(node: object) -> int:
    """How many nodes there are in a tree, itself among them."""
    if isinstance(node, tuple):
        return sum(map(weight, node))
    if isinstance(node, (nodes.Node, nodes.Iterator)):
        return 1 + sum(weight(getattr(node, field.name)) for field in fields(node))
    return 0


def _collect(node: object, bound: frozenset[str], certain: set[str], possible: set[str]) -> None:
    if isinstance(node, nodes.Name):
        if node.name not in bound:
            certain.add(node.name)
    elif isinstance(node, (nodes.For, nodes.Quantified)):
        for iterator in node.iterators:
            _collect(iterator.source, bound, certain, possible)
            _collect(iterator.end, bound, certain, possible)
            bound |= {iterator.name}
        if isinstance(node, nodes.For):
            _collect(node.body, bound | {"partial"}, certain, possible)
        else:
            _collect(node.condition, bound, certain, possible)
    elif isinstance(node, nodes.Filter):
        _collect(node.base, bound, certain, possible)
        _collect(node.condition, bound | {"item"}, possible, possible)
    elif isinstance(node, nodes.Context):
        for key, entry in node.entries:
            _collect(entry, bound | {key}, certain, possible)
            bound |= {key}
    elif isinstance(node, nodes.FunctionOf):
        _collect(node.body, bound | {name for name, _ in node.parameters}, certain, possible)
    else:
        _collect_children(node, bound, certain, possible)


def _collect_children(node: object, bound: frozenset[str], certain: set[str], possible: set[str]) -> None:
    if isinstance(node, tuple):
        for part in node:
            _collect(part, bound, certain, possible)
    elif isinstance(node, nodes.Node):
        for field in fields(node):
            _collect(getattr(node, field.name), bound, certain, possible)


def with_types(node: Any, types: Mapping[str, nodes.TypeRef]) -> Any:
    """The tree with the types of a model in the places where it names them."""
    if isinstance(node, tuple):
        changed_parts = tuple(with_types(part, types) for part in node)
        return changed_parts if any(a is not b for a, b in zip(changed_parts, node, strict=True)) else node
    if isinstance(node, nodes.TypeRef) and node.name in types:
        return types[node.name]
    if not isinstance(node, (nodes.Node, nodes.TypeRef, nodes.Iterator)):
        return node
    parts = {field.name: getattr(node, field.name) for field in fields(node)}
    changed = {name: with_types(part, types) for name, part in parts.items()}
    return replace(node, **changed) if any(changed[name] is not parts[name] for name in parts) else node
