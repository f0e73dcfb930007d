"""What it means for a clock that somebody has moved the tokens of a case by hand.

A path of the diagram never makes a clock end, begin or run again without what its declaration names. A hand
can: past the step that stops it, where nothing is left to stop it, or back before it, where that step is to
be done once more. What a path could have done as well, without what the clock waits for, changes nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from engine.deadlines.declarations import RECEIVED, ClockDeclaration
from engine.deadlines.running import Seen
from engine.definitions.leading import leading_to, reached_from, steps_among
from engine.definitions.model import Process


def seen_by_hand(
    process: Process, clock: ClockDeclaration, seen: Seen, before: Iterable[str], after: Iterable[str]
) -> Seen:
    """``seen`` with what the hand has done to this clock. ``before``, ``after``: elements of the case's own
    process at which tokens stood, and stand."""
    stood, stand = steps_among(process, before), steps_among(process, after)
    returned = bool(clock.targets) and _is_back(process, clock.targets, stood, stand)
    begun = _is_past(process, {clock.start}, stood, stand)
    if returned:  # one that was moved past both its ends had not begun
        begun |= not (stand - stood) & leading_to(process, {clock.start})
    return replace(
        seen,
        begun=clock.start != RECEIVED and begun,
        skipped=bool(clock.targets) and _is_past(process, clock.targets, stood, stand),
        returned=returned,
    )


def _is_past(
    process: Process, targets: Collection[str], stood: frozenset[str], stand: frozenset[str]
) -> bool:
    """Whether a token stands where it could not have come without completing one of ``targets``, and no other
    one is still before them."""
    gone = (stood - stand) & leading_to(process, targets)
    past = stand & (reached_from(process, gone) - reached_from(process, gone, targets))
    return bool(past) and not (stand - past) & leading_to(process, targets)


def _is_back(
    process: Process, targets: Collection[str], stood: frozenset[str], stand: frozenset[str]
) -> bool:
    """Whether a new token stands before one of ``targets``, which it will complete to come to where tokens
    stood, and could not have come there from these."""
    new = (stand - stood) - reached_from(process, stood, targets)
    return any(stood & (reached_from(process, {e}) - reached_from(process, {e}, targets)) for e in new)
