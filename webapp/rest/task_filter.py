"""The filter parameters of ``/task`` in Camunda's dialect, and what they are to the engine."""

from engine import TaskFilter
from engine.errors import QueryInvalid
from engine.types import DelegationState
from webapp.rest.operation import (
    NO_TENANT,
    Parameter,
    Query,
    booleans,
    lists,
    moments,
    never,
    numbers,
    one_of,
    suspension_in,
    texts,
)

_TEXTS = {
    "taskId": "task_id",
    "processInstanceId": "instance_id",
    "processInstanceBusinessKey": "business_key",
    "processInstanceBusinessKeyLike": "business_key_like",
    "processDefinitionId": "definition_id",
    "processDefinitionKey": "definition_key",
    "assignee": "assignee",
    "assigneeLike": "assignee_like",
    "owner": "owner",
    "candidateGroup": "candidate_group",
    "candidateUser": "candidate_user",
    "taskDefinitionKey": "element_id",
    "taskDefinitionKeyLike": "element_id_like",
    "name": "name",
    "nameLike": "name_like",
}
_LISTS = {
    "tenantIdIn": "agency_ids",
    "candidateGroups": "candidate_groups",
    "processInstanceIdIn": "instance_ids",
    "processInstanceBusinessKeyIn": "business_keys",
    "processDefinitionKeyIn": "definition_keys",
    "taskDefinitionKeyIn": "element_ids",
    "assigneeIn": "assignees",
}
_NUMBERS = {"priority": "priority", "minPriority": "priority_from", "maxPriority": "priority_to"}
_MOMENTS = {
    "createdBefore": "created_before",
    "createdAfter": "created_after",
    "dueBefore": "due_before",
    "dueAfter": "due_after",
    "followUpBefore": "follow_up_before",
    "followUpAfter": "follow_up_after",
    "followUpBeforeOrNotExistent": "follow_up_before_or_none",
}
_OTHERS = {"includeAssignedTasks": "include_assigned", "delegationState": "delegation_state"}
_FIELDS = _TEXTS | _LISTS | _NUMBERS | _MOMENTS | _OTHERS

_YES = {
    "assigned": ("assigned", True),
    "unassigned": ("assigned", False),
    "withCandidateGroups": ("with_candidate_groups", True),
    "withoutCandidateGroups": ("with_candidate_groups", False),
    "withCandidateUsers": ("with_candidate_users", True),
    "withoutCandidateUsers": ("with_candidate_users", False),
    "withoutDueDate": ("with_due", False),
}
"""Parameters that narrow where they are true; false is as good as absent, as in Camunda."""

FILTERS: tuple[Parameter, ...] = (
    *texts(*_TEXTS),
    one_of("delegationState", *DelegationState),
    *lists(*_LISTS),
    *numbers(*_NUMBERS),
    *moments(*_MOMENTS),
    *booleans(*_YES, "includeAssignedTasks", "active", "suspended"),
    *NO_TENANT,
    *never("tasks cannot be found by variables", "variableNamesIgnoreCase", "variableValuesIgnoreCase"),
)


def task_filter(query: Query) -> TaskFilter:
    """The engine's filter for parameters of Camunda's dialect. Raises ``QueryInvalid``."""
    values = {_FIELDS[name]: value for name, value in query.items() if name in _FIELDS}
    for name, (field, value) in _YES.items():
        if not query.get(name):
            continue
        if values.setdefault(field, value) != value:
            raise QueryInvalid(reason=f"'{name}' and its opposite exclude each other")
    return TaskFilter(**values, suspended=suspension_in(query))
