"""The pages speak from compiled catalogues; a fresh checkout has none until somebody builds."""

import pytest

import hatch_build
from tests.support.browser import ROOT


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """Compile those that are missing or old."""
    hatch_build.compile_catalogues(ROOT)
