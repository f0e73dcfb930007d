"""What a decision table leaves out, says twice or never says, and what changes between two versions of it.

Law: nothing is reported that is not so. Cells are sets of values and rules are boxes of them; a cell that
cannot be told (a function, ``?``, another variable) counts for whatever makes no finding. Budgets are steps,
not seconds, so that the same table always gives the same answer.
"""

from engine.definitions.dmn.analysis.differences import differences
from engine.definitions.dmn.analysis.findings import STEPS, analyse
from engine.definitions.dmn.analysis.model import Analysis, Difference, Gap, Overlap, Region, Unreachable
from engine.definitions.dmn.analysis.partition import Budget
from engine.definitions.dmn.analysis.texts import value_text

__all__ = [
    "STEPS",
    "Analysis",
    "Budget",
    "Difference",
    "Gap",
    "Overlap",
    "Region",
    "Unreachable",
    "analyse",
    "differences",
    "value_text",
]
