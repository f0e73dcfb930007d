"""The built-in functions of DMN 1.5, 10.3.4. Each takes the run (budget, warnings) and its arguments.

A function returns null, with a warning where the reason is not plain, for arguments out of its domain.
"""

from . import conversion, lists, numeric, patterns, ranges, strings, temporal
from .registry import BUILTINS, builtin

__all__ = ["BUILTINS", "builtin"]

MODULES = (conversion, lists, numeric, patterns, ranges, strings, temporal)
"""Imported for what they register."""
