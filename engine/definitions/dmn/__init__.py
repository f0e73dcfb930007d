"""Decision tables and the models they stand in (DMN 1.1 to 1.5).

Law: a decision is a pure function of its inputs. All FEEL in a file is parsed when the file is; evaluating
reads nothing and keeps nothing.
"""

from engine.definitions.dmn.comparing import Change, Comparison, Said, compare_tables
from engine.definitions.dmn.decision import (
    Decision,
    check_decisions,
    evaluate_decision,
    evaluate_expression,
    parse_decisions,
    read_model,
)
from engine.definitions.dmn.imports import imports_of, with_imports
from engine.definitions.dmn.model import Aggregation, DecisionProblem, HitPolicy
from engine.definitions.dmn.results import MAPPINGS, DecisionResult, map_result
from engine.definitions.dmn.trial import (
    DecisionInput,
    DecisionOutline,
    Trial,
    outline_decisions,
    try_decision,
)

__all__ = [
    "MAPPINGS",
    "Aggregation",
    "Change",
    "Comparison",
    "Decision",
    "DecisionInput",
    "DecisionOutline",
    "DecisionProblem",
    "DecisionResult",
    "HitPolicy",
    "Said",
    "Trial",
    "check_decisions",
    "compare_tables",
    "evaluate_decision",
    "evaluate_expression",
    "imports_of",
    "map_result",
    "outline_decisions",
    "parse_decisions",
    "read_model",
    "try_decision",
    "with_imports",
]
