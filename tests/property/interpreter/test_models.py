"""Random models, drawn as BPMN for the interpreter, against an oracle that knows their blocks alone.

The state is saved and loaded after every step. TITIAN_MODELS sets how many models are made (300).
"""

import os

import pytest
from hypothesis import given, seed, settings

from tests.property.interpreter.blocks.playing import play
from tests.property.interpreter.blocks.stories import stories
from tests.support.seeds import SEED

COUNT = int(os.environ.get("TITIAN_MODELS", "300"))
PART = 100
"""Models in one test: a long run goes over several processes, and says early what it finds."""


@pytest.mark.parametrize("part", range(-(-COUNT // PART)))
def test_the_interpreter_does_what_the_blocks_mean(part):
    @seed(SEED + part)
    @settings(max_examples=min(PART, COUNT - part * PART), database=None, print_blob=False)
    @given(stories())
    def agrees(story):
        play(*story)

    agrees()
