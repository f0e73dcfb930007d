"""Moves the tokens of one process instance: SpiffWorkflow keeps the task tree, what BPMN means is here.

Law: the only package that imports SpiffWorkflow. Knows no database and no clock; asks its ``Host`` for
variables, decisions and due times. Nothing in a diagram is evaluated but FEEL. A state holds live tokens
only.
"""

from engine.interpreter.events import rest_of_cycle
from engine.interpreter.migration import MigrationPlan, MigrationProblem, generate, validate
from engine.interpreter.model import MAIN_SCOPE, Host, Scopes, Step, Thrown, TokenNotOpen, Waiting
from engine.interpreter.modification import Instruction, modify
from engine.interpreter.moving import MigrationMove, migrate
from engine.interpreter.spec import Executable
from engine.interpreter.starts import StartTimer, start_timers
from engine.interpreter.workflow import Workflow, assemble, define, load, scope_ids, start

__all__ = [
    "MAIN_SCOPE",
    "Executable",
    "Host",
    "Instruction",
    "MigrationMove",
    "MigrationPlan",
    "MigrationProblem",
    "Scopes",
    "StartTimer",
    "Step",
    "Thrown",
    "TokenNotOpen",
    "Waiting",
    "Workflow",
    "assemble",
    "define",
    "generate",
    "load",
    "migrate",
    "modify",
    "rest_of_cycle",
    "scope_ids",
    "start",
    "start_timers",
    "validate",
]
