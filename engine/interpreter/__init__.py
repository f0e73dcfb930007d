"""Moves the tokens of one process instance: SpiffWorkflow keeps the task tree, what BPMN means is here.

Law: the only package that imports SpiffWorkflow. Knows no database and no clock; asks its ``Host`` for
variables, decisions and due times. Nothing in a diagram is evaluated but FEEL. A state holds live tokens
only.
"""

from engine.interpreter.model import Host, Scopes, Step, TokenNotOpen, Waiting
from engine.interpreter.spec import Executable
from engine.interpreter.workflow import Workflow, assemble, define, load, scope_ids, start

__all__ = [
    "Executable",
    "Host",
    "Scopes",
    "Step",
    "TokenNotOpen",
    "Waiting",
    "Workflow",
    "assemble",
    "define",
    "load",
    "scope_ids",
    "start",
]
