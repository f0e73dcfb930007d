"""All that we take from SpiffWorkflow 3.2.0, in one place: the graph, the task tree, the states of a task.

Its BPMN layer stays out. Its parser recurses along the flows and orders conditions by where shapes are drawn,
its joins miscount inside loops, its script engine is Python: what a diagram means is ours, in this package.
"""

import logging

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState
from SpiffWorkflow.workflow import Workflow as TaskTree

__all__ = ["Task", "TaskSpec", "TaskState", "TaskTree", "WorkflowSpec"]

# Below WARNING the library builds a record of the whole tree for every change of a state.
for _name in ("spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)
