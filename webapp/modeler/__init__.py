"""The analyst's part: definitions and versions; editors of diagrams, tables and forms; trying and deploying.

No case is read here. What is deployed goes through the engine's linter, whose findings are shown at their
elements; a refused deployment changes nothing.
"""

from webapp.modeler import changes, deploying, editors, lists, trying
from webapp.modeler.part import blueprint

__all__ = ["blueprint", "changes", "deploying", "editors", "lists", "trying"]
