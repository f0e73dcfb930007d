"""Regular expressions of XPath, for ``matches``, ``replace`` and ``split``.

Not Python's ``re``: other syntax, and its backtracking may take for ever on a pattern that somebody sends.
"""

from .pattern import PatternInvalid
from .program import Program, Span, compile_pattern, search

__all__ = ["PatternInvalid", "Program", "Span", "compile_pattern", "search"]
