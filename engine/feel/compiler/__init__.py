"""Syntax tree to closures. Compiled once a text, run many times, in any thread."""

from . import collections, functions, names, operators, tests
from .core import Closure, compile_node
from .tests import TestClosure, compile_tests

__all__ = ["Closure", "TestClosure", "compile_node", "compile_tests"]

MODULES = (collections, functions, names, operators, tests)
"""Imported for what they register with ``core.compiles``."""
