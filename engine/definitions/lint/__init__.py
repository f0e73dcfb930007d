"""Rules that a deployment keeps, each with a name, a reason and a way out.

Law: looks at files and at nothing else, changes nothing, raises nothing. What the engine cannot run right is
an error and stops the deployment; what may be meant is a warning. A rule stands in one place, with its texts;
``docs/reference/lint-rules.md`` lists them all, which a test holds.
"""

from engine.definitions.lint.finding import Finding, Known, Rule
from engine.definitions.lint.linting import RULES, lint

__all__ = ["RULES", "Finding", "Known", "Rule", "lint"]
