"""Executes processes. Knows the database; never Flask, HTTP or a particular agency.

The names below are the whole of it to others. Commands and queries take the database (``open_database``) and
who acts (``Actor``) first; views are frozen values (``engine.types``); every no is in ``engine.errors``.
"""

from engine.commands.backup import BackupView, back_up, restore
from engine.commands.deploy import check_deployment, deploy
from engine.commands.erasing import (
    agree_to_erasure,
    erase_expired,
    request_erasure,
    withdraw_erasure,
)
from engine.commands.events import send_signal
from engine.commands.external_locks import (
    LockedTask,
    Topic,
    extend_lock,
    fetch_and_lock,
    lock_external_task,
    unlock_external_task,
)
from engine.commands.external_tasks import (
    complete_external_task,
    fail_external_task,
    report_bpmn_error,
    set_external_task_priority,
    set_external_task_retries,
)
from engine.commands.factors import (
    add_passkey,
    confirm_totp,
    link_identity,
    offer_totp,
    put_recovery_codes,
    remove_passkey,
    remove_totp,
    reset_factors,
    unlink_identity,
    use_passkey,
    use_recovery_code,
    use_totp,
)
from engine.commands.idempotency import KeyedRequest, answered, once
from engine.commands.identity import (
    add_user,
    put_agency,
    set_active,
    set_language,
    set_memberships,
    set_password,
)
from engine.commands.instances import cancel_instance, cancel_instances
from engine.commands.job_changes import execute_job, retry_job, set_job_due, set_job_retries
from engine.commands.keeping import bind_keys, require_sealed, seal_open_data
from engine.commands.logins import (
    close_login,
    end_login,
    end_other_logins,
    note_sign_in_event,
    open_login,
    prove_login,
    put_challenge,
    remember_device,
    see_login,
    take_challenge,
)
from engine.commands.messages import correlate_message
from engine.commands.migration import (
    migrate_instances,
    migrate_together,
)
from engine.commands.migration_plan import InstanceMigration, MigrationPlanView, plan_migration
from engine.commands.migration_undo import undo_migration
from engine.commands.modification import modify_instance
from engine.commands.recording import note_account, note_failed_login, record_now
from engine.commands.registers import add_breach, add_request, answer_request, note_breach
from engine.commands.revealing import open_identity
from engine.commands.set_variables import set_variables
from engine.commands.sharing import revoke_share, share_case
from engine.commands.start import start_instance
from engine.commands.suspension import activate_instance, set_suspension, suspend_instance
from engine.commands.tasks import assign_task, claim_task, complete_task, unclaim_task
from engine.commands.tokens import make_token, revoke_token, see_token
from engine.definitions.dmn import evaluate_decision, evaluate_expression, outline_decisions, try_decision
from engine.interpreter import Instruction, MigrationMove, MigrationProblem
from engine.jobs import run_due_jobs, work_on_jobs
from engine.queries.activities import ActivityFilter, count_activities, list_activities
from engine.queries.case_table import case_table
from engine.queries.definitions import (
    compare_decision_definitions,
    definition_content,
    evaluate_decision_definition,
    get_definition,
    get_deployment,
    list_definitions,
    list_deployments,
    start_form,
    start_form_data,
)
from engine.queries.descriptions import describe_variables, variable_field
from engine.queries.erasures import erasures_of, pending_erasures
from engine.queries.events import (
    SubscriptionFilter,
    SubscriptionView,
    count_subscriptions,
    list_subscriptions,
)
from engine.queries.external_tasks import (
    ExternalTaskFilter,
    ExternalTaskView,
    count_external_tasks,
    external_task_error,
    get_external_task,
    list_external_tasks,
    topic_names,
)
from engine.queries.four_eyes import drafted_step
from engine.queries.history import facts, history, history_variables
from engine.queries.identity import (
    Credentials,
    credentials,
    find_user,
    get_actor,
    get_agency,
    list_agencies,
    list_users,
)
from engine.queries.incidents import (
    IncidentFilter,
    IncidentView,
    count_incidents,
    get_incident,
    list_incidents,
)
from engine.queries.instances import (
    count_instances,
    get_instance,
    instance_diagram,
    instance_variables,
    list_instances,
)
from engine.queries.jobs import JobFilter, JobView, count_jobs, get_job, list_jobs
from engine.queries.logins import (
    factors,
    find_passkey,
    identified_user,
    identity_link,
    knows_device,
    list_logins,
    list_sign_in_events,
    list_tokens,
    login_actor,
    token_bearer,
    totp_key,
)
from engine.queries.migrations import MigrationView, list_migrations
from engine.queries.record import case_accesses, count_accesses, list_accesses
from engine.queries.registers import get_breach, get_request, list_breaches, list_requests
from engine.queries.shares import list_received_shares, list_shares, open_share
from engine.queries.statistics import ServiceStatistics, statistics
from engine.queries.task_forms import (
    get_task,
    may_complete,
    open_form,
    task_candidates,
    task_element,
    task_form,
    task_variables,
)
from engine.queries.tasks import count_tasks, list_tasks, open_steps
from engine.queries.variables import reads_sealed
from engine.record import (
    Finding,
    Head,
    RecordPlace,
    as_head,
    begin_record,
    current_head,
    link_entries,
    verify_record,
    with_record,
)
from engine.secrecy import KeyPlace
from engine.store import Database, open_database
from engine.types import SYSTEM, Access, AccessFilter, Actor, InstanceFilter, Page, TaskFilter

__all__ = [
    "SYSTEM",
    "Access",
    "AccessFilter",
    "ActivityFilter",
    "Actor",
    "BackupView",
    "Credentials",
    "Database",
    "ExternalTaskFilter",
    "ExternalTaskView",
    "Finding",
    "Head",
    "IncidentFilter",
    "IncidentView",
    "InstanceFilter",
    "InstanceMigration",
    "Instruction",
    "JobFilter",
    "JobView",
    "KeyPlace",
    "KeyedRequest",
    "LockedTask",
    "MigrationMove",
    "MigrationPlanView",
    "MigrationProblem",
    "MigrationView",
    "Page",
    "RecordPlace",
    "ServiceStatistics",
    "SubscriptionFilter",
    "SubscriptionView",
    "TaskFilter",
    "Topic",
    "activate_instance",
    "add_breach",
    "add_passkey",
    "add_request",
    "add_user",
    "agree_to_erasure",
    "answer_request",
    "answered",
    "as_head",
    "assign_task",
    "back_up",
    "begin_record",
    "bind_keys",
    "cancel_instance",
    "cancel_instances",
    "case_accesses",
    "case_table",
    "check_deployment",
    "claim_task",
    "close_login",
    "compare_decision_definitions",
    "complete_external_task",
    "complete_task",
    "confirm_totp",
    "correlate_message",
    "count_accesses",
    "count_activities",
    "count_external_tasks",
    "count_incidents",
    "count_instances",
    "count_jobs",
    "count_subscriptions",
    "count_tasks",
    "credentials",
    "current_head",
    "definition_content",
    "deploy",
    "describe_variables",
    "drafted_step",
    "end_login",
    "end_other_logins",
    "erase_expired",
    "erasures_of",
    "evaluate_decision",
    "evaluate_decision_definition",
    "evaluate_expression",
    "execute_job",
    "extend_lock",
    "external_task_error",
    "factors",
    "facts",
    "fail_external_task",
    "fetch_and_lock",
    "find_passkey",
    "find_user",
    "get_actor",
    "get_agency",
    "get_breach",
    "get_definition",
    "get_deployment",
    "get_external_task",
    "get_incident",
    "get_instance",
    "get_job",
    "get_request",
    "get_task",
    "history",
    "history_variables",
    "identified_user",
    "identity_link",
    "instance_diagram",
    "instance_variables",
    "knows_device",
    "link_entries",
    "link_identity",
    "list_accesses",
    "list_activities",
    "list_agencies",
    "list_breaches",
    "list_definitions",
    "list_deployments",
    "list_external_tasks",
    "list_incidents",
    "list_instances",
    "list_jobs",
    "list_logins",
    "list_migrations",
    "list_received_shares",
    "list_requests",
    "list_shares",
    "list_sign_in_events",
    "list_subscriptions",
    "list_tasks",
    "list_tokens",
    "list_users",
    "lock_external_task",
    "login_actor",
    "make_token",
    "may_complete",
    "migrate_instances",
    "migrate_together",
    "modify_instance",
    "note_account",
    "note_breach",
    "note_failed_login",
    "note_sign_in_event",
    "offer_totp",
    "once",
    "open_database",
    "open_form",
    "open_identity",
    "open_login",
    "open_share",
    "open_steps",
    "outline_decisions",
    "pending_erasures",
    "plan_migration",
    "prove_login",
    "put_agency",
    "put_challenge",
    "put_recovery_codes",
    "reads_sealed",
    "record_now",
    "remember_device",
    "remove_passkey",
    "remove_totp",
    "report_bpmn_error",
    "request_erasure",
    "require_sealed",
    "reset_factors",
    "restore",
    "retry_job",
    "revoke_share",
    "revoke_token",
    "run_due_jobs",
    "seal_open_data",
    "see_login",
    "see_token",
    "send_signal",
    "set_active",
    "set_external_task_priority",
    "set_external_task_retries",
    "set_job_due",
    "set_job_retries",
    "set_language",
    "set_memberships",
    "set_password",
    "set_suspension",
    "set_variables",
    "share_case",
    "start_form",
    "start_form_data",
    "start_instance",
    "statistics",
    "suspend_instance",
    "take_challenge",
    "task_candidates",
    "task_element",
    "task_form",
    "task_variables",
    "token_bearer",
    "topic_names",
    "totp_key",
    "try_decision",
    "unclaim_task",
    "undo_migration",
    "unlink_identity",
    "unlock_external_task",
    "use_passkey",
    "use_recovery_code",
    "use_totp",
    "variable_field",
    "verify_record",
    "with_record",
    "withdraw_erasure",
    "work_on_jobs",
]
