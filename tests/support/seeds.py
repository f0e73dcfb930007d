"""The seed of everything that tests make up: printed, and to be given again.

An ordinary run takes the same one every time, so that a commit is green or red for a reason that is in it;
`make property` draws another in each run.
"""

import os
from typing import Final

import pytest

VARIABLE: Final = "TITIAN_SEED"
EVERYDAY: Final = 20261122

# In the environment, so that the workers of pytest-xdist have the same.
SEED: Final = int(os.environ.setdefault(VARIABLE, str(EVERYDAY)))


def pytest_configure(config: pytest.Config) -> None:
    """Hypothesis' own tests begin with it too, unless they are given another one."""
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(SEED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how to make the same cases again."""
    again = f"{VARIABLE}={SEED} (make property SEED={SEED}) makes the same cases again"
    terminalreporter.write_line(f"made up with seed {SEED}: {again}")
