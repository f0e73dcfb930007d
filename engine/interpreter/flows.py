"""Which incoming flow of a join stands for which in another version: waiting tokens keep their places."""

from engine.interpreter.migration import MigrationPlan
from engine.interpreter.nodes import Branch, Node


def join_flows(plan: MigrationPlan, source: Node, target: Node) -> dict[str, str]:
    """Names of the specs that tokens come from, in the source -> in the target.

    The same flow, else a flow from the element that stands for the old one; if then one flow is left on
    either side, they are the same way (an element was put into it).
    """
    olds, news = _incoming(source), _incoming(target)
    found = {name: news[flow] for flow, name in olds.items() if flow in news}
    for name in olds.values():
        element = source._wf_spec.task_specs[name].element
        node = plan.target_of(source._wf_spec.process_key, element.id)
        if name not in found and node is not None and node.name in _left(news, found):
            found[name] = node.name
    old_left, new_left = [name for name in olds.values() if name not in found], _left(news, found)
    if len(old_left) == len(new_left) == 1:
        found[old_left[0]] = new_left[0]
    return found


def _left(news: dict[str, str], found: dict[str, str]) -> list[str]:
    return [name for name in news.values() if name not in found.values()]


def _incoming(join: Node) -> dict[str, str]:
    """Id of each incoming flow -> name of the spec that its tokens come from; a link by that name."""
    specs, flows = join._wf_spec.task_specs, join._wf_spec.flows
    found: dict[str, str] = {}
    for name in join._inputs:
        spec = specs[name]
        ids = [
            flow_id
            for flow_id, (source, target) in flows.items()
            if (target == name if isinstance(spec, Branch) else (source, target) == (name, join.name))
        ]
        found[ids[0] if ids else f" link {name}"] = name
    return found
