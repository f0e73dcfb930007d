from collections.abc import Callable
from functools import partial

import pytest

from tests.unit.interpreter.story import Story


@pytest.fixture(params=[False, True], ids=["in memory", "saved and loaded after every move"])
def play(request: pytest.FixtureRequest) -> Callable[..., Story]:
    """Starts the story of one instance, in both ways of keeping it."""
    return partial(Story, reload=request.param)
