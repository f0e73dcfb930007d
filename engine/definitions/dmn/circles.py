"""Whether things that wait for each other would wait for ever."""

from collections import defaultdict
from collections.abc import Iterable, Mapping


def in_circles(needs: Mapping[str, Iterable[str]]) -> list[str]:
    """The keys that wait for themselves, or for one that does. ``needs``: what each waits for."""
    waiting = {key: {other for other in others if other in needs} for key, others in needs.items()}
    dependents = defaultdict(list)
    for key, others in waiting.items():
        for other in others:
            dependents[other].append(key)
    ready = [key for key, others in waiting.items() if not others]
    while ready:
        done = ready.pop()
        del waiting[done]
        for key in dependents[done]:
            waiting[key].discard(done)
            if not waiting[key]:
                ready.append(key)
    return list(waiting)
