"""The power of the random models: no interpreter with a fault gets past the first hundreds of them."""

from random import Random

import orjson
import pytest

from engine.errors import TitianError
from engine.interpreter import boundaries, event_subprocesses, events, routing, scopes, state
from engine.interpreter.gateways import ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.interpreter.repeat import Repeat
from tests.property.interpreter.blocks.playing import play
from tests.property.interpreter.blocks.stories import draw_story

ENOUGH = 600
NOTICED = (AssertionError, AttributeError, KeyError, StopIteration, TypeError, TitianError)

FAULTS = {
    "a parallel join waits for nobody": (ParallelGateway, "_update_hook", lambda self, task: True),
    "an inclusive join waits for nobody": (InclusiveGateway, "_update_hook", lambda self, task: True),
    "an exclusive gateway takes every way": (ExclusiveGateway, "most", None),
    "boundary events hear of no error": (routing, "attached_to", lambda activity: iter(())),
    "errors are caught by any code": (routing, "_catches", lambda task, kind, _: _listens(task, kind)),
    "boundary events interrupt nothing": (boundaries, "cancel", lambda task: None),
    "boundary events go off once": (boundaries, "next_round", lambda task: None),
    "event sub-processes interrupt nothing": (event_subprocesses, "cancel_others", lambda task: None),
    "event sub-processes go off once": (event_subprocesses, "next_round", lambda task: None),
    "a terminate end event ends nothing": (routing, "cancel_others", lambda task: None),
    "cycles never end": (events, "rest_of_cycle", lambda cycle, due: cycle),
    "items have no variables of their own": (scopes, "is_item", lambda task: False),
    "a sequence asks for its number again": (
        Repeat,
        "_items_again",
        lambda self, task: None if self.loop.kind != "sequential" else self._items(task),
    ),
}


def _listens(task, kind: str) -> bool:
    return task.task_spec.listener and task.task_spec.event.kind == kind


@pytest.mark.parametrize("fault", FAULTS)
def test_the_models_notice_that(fault, monkeypatch):
    monkeypatch.setattr(*FAULTS[fault])
    assert _noticed()


@pytest.mark.parametrize("forgotten", ["via", "n", "next", "done", "cycle", "was", "async"])
def test_the_models_notice_that_a_save_forgets(forgotten, monkeypatch):
    real = state.dump

    def forgetful(board) -> bytes:
        version, completed, of_scopes = orjson.loads(real(board))
        for rows in of_scopes.values():
            for row in rows:
                row[4].pop(forgotten, None)
        return orjson.dumps([version, completed, of_scopes])

    monkeypatch.setattr(state, "dump", forgetful)
    assert _noticed()


def _noticed() -> bool:
    """Whether some of the models cannot be played as the oracle wants them."""
    for number in range(ENOUGH):
        try:
            play(*draw_story(Random(number)))
        except NOTICED:
            return True
    return False
