"""From which elements of a process others can still be reached: along flows, links, boundary events and
sub-processes, whatever their conditions say."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator

from engine.definitions.model import Element, Process

_HOLDS_OTHERS = frozenset({"subProcess", "transaction", "adHocSubProcess"})


def leading_to(process: Process, targets: Collection[str]) -> frozenset[str]:
    """Ids of the elements from which a token can come to one of ``targets``, these included."""
    before: dict[str, set[str]] = defaultdict(set)
    for element in process.elements.values():
        for follower in _after(process, element):
            before[follower].add(element.id)
    todo = deque(target for target in targets if target in process.elements)
    found = set(todo)
    while todo:
        for element_id in before[todo.popleft()] - found:
            found.add(element_id)
            todo.append(element_id)
    return frozenset(found)


def reached_from(process: Process, starts: Iterable[str], undone: Collection[str] = ()) -> frozenset[str]:
    """Ids of the elements to which a token can come from one of ``starts``, these included, while none of
    ``undone`` is completed."""
    todo = deque(start for start in starts if start in process.elements)
    found = set(todo)
    while todo:
        for element_id in set(_after(process, process.elements[todo.popleft()], undone)) - found:
            found.add(element_id)
            todo.append(element_id)
    return frozenset(found)


def steps_among(process: Process, element_ids: Iterable[str]) -> frozenset[str]:
    """The ids without those of sub-processes, whose tokens stand at what is inside."""
    elements = process.elements
    return frozenset(e for e in element_ids if e in elements and elements[e].type not in _HOLDS_OTHERS)


def _after(process: Process, element: Element, undone: Collection[str] = ()) -> list[str]:
    """Where a token at ``element`` can be next; of what is ``undone``, inside of it or at its boundary."""
    left = () if element.id in undone else element.outgoing
    found = [process.flows[flow_id].target for flow_id in left]
    scopes = list(_scopes(process, element))
    at = {element.id, *(scope.id for scope in scopes)}
    for other in process.elements.values():
        is_inside = other.scope == element.id and element.type in _HOLDS_OTHERS
        starts = is_inside and (other.type == "startEvent" or not other.incoming)
        listens = other.attached_to is not None and other.attached_to in at
        if starts or listens or _is_link(element, other):
            found.append(other.id)
    ended = element
    for scope in scopes:  # the end of what is inside goes on behind it
        if ended.outgoing or ended.id in undone:
            break
        ended = scope
        if scope.id not in undone:
            found += [process.flows[flow_id].target for flow_id in scope.outgoing]
    return found


def _scopes(process: Process, element: Element) -> Iterator[Element]:
    """The sub-processes around an element, the innermost first."""
    around = process.elements.get(element.scope)
    while around is not None:
        yield around
        around = process.elements.get(around.scope)


def _is_link(element: Element, other: Element) -> bool:
    thrown, caught = element.event_definition, other.event_definition
    if thrown is None or caught is None or thrown.kind != "link" or caught.kind != "link":
        return False
    throws = element.type == "intermediateThrowEvent" and other.type == "intermediateCatchEvent"
    return throws and thrown.name == caught.name
