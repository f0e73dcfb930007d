"""Which variables may be copied into the result of a decision: what is secret stays so in its copies."""

from collections.abc import Iterator

from engine.definitions.dmn.model import Model, Node, Requirement


def copied_names(node: Node, model: Model) -> frozenset[str]:
    """Names of the variables that may be copied, rather too many; not those that only choose a rule.

    ``node``: the decision or service that is asked. What it rests on counts, and so does the inside of the
    services among that; an input by every name under which its value may be given.
    """
    found: set[str] = set()
    for each in _reached(node, model):
        if each.boxed is None:
            continue
        found |= each.boxed.copied
        for need in each.requires:
            if need.path[0] in each.boxed.copied:
                found.update(_given_as(need, model))
    return frozenset(found)


def _reached(node: Node, model: Model) -> list[Node]:
    """The node, all that it requires, directly or not, and what decides inside of services."""
    reached = {node.key: node}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        inside = each.service.outputs if each.service else ()
        for key in (*(need.key for need in each.requires), *inside):
            if key in model.graph and key not in reached:
                reached[key] = model.graph[key]
                waiting.append(model.graph[key])
    return list(reached.values())


def _given_as(need: Requirement, model: Model) -> Iterator[str]:
    """The names of variables behind what is required, one of an import below the import's name as well."""
    node = model.graph.get(need.key)
    if node is None:
        return
    within = model.prefixes.get(node.key.rpartition("#")[0], "")
    for name in (node.variable.name, node.name):
        yield name
        if within:
            yield f"{within}.{name}"
            yield within.partition(".")[0]
