"""FEEL, the expression language of DMN 1.5, chapter 10.

Knows nothing but values: no database, no process, no Python object behind a dot. An expression is parsed once
into closures; evaluating it always ends, with a value, or with ExpressionFailed when a budget is used up
(``limits``). What the standard gives no result is null, with the reason in the caller's list of warnings.
"""

from .allowance import one_allowance
from .boundary import from_json, to_json
from .expression import Expression, UnaryTests, parse_expression, parse_unary_tests
from .values.kinds import Function, Range
from .values.temporal import Date, DateTime, DaysTime, Time, YearsMonths

__all__ = [
    "Date",
    "DateTime",
    "DaysTime",
    "Expression",
    "Function",
    "Range",
    "Time",
    "UnaryTests",
    "YearsMonths",
    "from_json",
    "one_allowance",
    "parse_expression",
    "parse_unary_tests",
    "to_json",
]
