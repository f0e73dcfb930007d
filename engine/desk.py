"""What a worker's desk needs beside the steps of a process: public, as the names of ``engine`` are.

Here stands what people are told, draft, attach and say to each other about a case, and what its clocks say
(issue 6). Commands and queries take the database and the actor first, as everywhere.
"""

from engine.commands.absences import end_absence, set_absence
from engine.commands.attachments import (
    attach_prepared,
    attach_to_start,
    attach_to_task,
    prepare_file,
    remove_attachment,
)
from engine.commands.attempts import attempts, count_attempts
from engine.commands.browsers import (
    MOST_BROWSERS,
    drop_browser,
    push_key,
    subscribe_browser,
    unsubscribe_browser,
)
from engine.commands.calendar_seed import seed_calendar
from engine.commands.calendars import (
    put_calendar_day,
    put_office_hours,
    remove_calendar_day,
    remove_office_hours,
)
from engine.commands.choosing import CODE_GOOD, begin_email, choose_ways, confirm_email, put_email
from engine.commands.clock_filling import keep_clocks
from engine.commands.commenting import add_comment, remove_comment
from engine.commands.delivering import end_delivery, plan_digests, put_off_delivery, take_deliveries
from engine.commands.drafts import begin_another, choose_draft, discard_draft, save_draft
from engine.commands.factors import reseal_totp_keys
from engine.commands.handing import delegate_task, hand_over_task, resolve_task
from engine.commands.kept_forms import drop_form, keep_form, kept_form
from engine.commands.logins import replace_login
from engine.commands.many_tasks import MOST as MOST_TASKS
from engine.commands.many_tasks import assign_tasks, claim_tasks
from engine.commands.note_drafts import save_note
from engine.commands.notifying import NOTIFICATIONS_KEPT, forget_notifications, mark_read
from engine.commands.saved_filters import remove_filter, rename_filter, save_filter
from engine.commands.taking_over import sweep_attachments
from engine.deadlines import (
    Calendar,
    CalendarEntry,
    ClockKind,
    Day,
    Due,
    EntryKind,
    EntryStatus,
    OfficeHours,
    Reason,
    ReasonKind,
    Week,
    due,
    parse_spans,
    parse_week,
    spans_text,
    week_text,
)
from engine.deadlines.declarations import ClockDeclaration, read_clocks
from engine.deadlines.running import SOON, ClockOutcome
from engine.queries.absences import agency_workers, away, list_absences, possible_substitutes, substituting
from engine.queries.attachments import (
    attachment_content,
    get_attachment,
    is_look_recorded,
    list_attachments,
    start_attachments,
)
from engine.queries.calendars import (
    CalendarChangeView,
    KeptCalendar,
    KeptEntry,
    KeptHours,
    calendar_of,
    get_calendar,
    get_entry,
    keeps_calendar,
    kept_calendar,
)
from engine.queries.case_people import case_people
from engine.queries.case_tasks import CaseTask, case_tasks
from engine.queries.choices import get_choice, list_browsers
from engine.queries.comments import get_comment, list_comments
from engine.queries.common_candidates import common_candidates
from engine.queries.deadlines import ClockStand, ClockView, case_clocks
from engine.queries.digests import read_digest
from engine.queries.drafts import list_own_drafts, list_unsent, read_draft
from engine.queries.names import search_names
from engine.queries.note_drafts import read_note
from engine.queries.notifications import count_unread, find_notification, list_notifications, list_unread
from engine.queries.returned import returned_tasks
from engine.queries.saved_filters import list_filters
from engine.types.absences import AbsenceView
from engine.types.attachments import AttachmentView
from engine.types.comments import LONGEST_COMMENT, CommentAction, CommentView, parts_of
from engine.types.delivery import (
    BrowserView,
    Channel,
    ChoiceView,
    DeliveryOutcome,
    DigestView,
    MailChoice,
    Parcel,
    PushTarget,
)
from engine.types.drafts import (
    DraftPlace,
    DraftVersion,
    DraftView,
    NotePlace,
    NoteView,
    OfStart,
    OfTask,
    OwnDraft,
    SavedDraft,
    SentDraft,
    SentNote,
)
from engine.types.inbox import NamesFound, SavedFilterView, TaskOutcome
from engine.types.notifications import NotificationKind, NotificationView, Unread
from engine.uploads import UploadLimits, draw_page

__all__ = [
    "CODE_GOOD",
    "LONGEST_COMMENT",
    "MOST_BROWSERS",
    "MOST_TASKS",
    "NOTIFICATIONS_KEPT",
    "SOON",
    "AbsenceView",
    "AttachmentView",
    "BrowserView",
    "Calendar",
    "CalendarChangeView",
    "CalendarEntry",
    "CaseTask",
    "Channel",
    "ChoiceView",
    "ClockDeclaration",
    "ClockKind",
    "ClockOutcome",
    "ClockStand",
    "ClockView",
    "CommentAction",
    "CommentView",
    "Day",
    "DeliveryOutcome",
    "DigestView",
    "DraftPlace",
    "DraftVersion",
    "DraftView",
    "Due",
    "EntryKind",
    "EntryStatus",
    "KeptCalendar",
    "KeptEntry",
    "KeptHours",
    "MailChoice",
    "NamesFound",
    "NotePlace",
    "NoteView",
    "NotificationKind",
    "NotificationView",
    "OfStart",
    "OfTask",
    "OfficeHours",
    "OwnDraft",
    "Parcel",
    "PushTarget",
    "Reason",
    "ReasonKind",
    "SavedDraft",
    "SavedFilterView",
    "SentDraft",
    "SentNote",
    "TaskOutcome",
    "Unread",
    "UploadLimits",
    "Week",
    "add_comment",
    "agency_workers",
    "assign_tasks",
    "attach_prepared",
    "attach_to_start",
    "attach_to_task",
    "attachment_content",
    "attempts",
    "away",
    "begin_another",
    "begin_email",
    "calendar_of",
    "case_clocks",
    "case_people",
    "case_tasks",
    "choose_draft",
    "choose_ways",
    "claim_tasks",
    "common_candidates",
    "confirm_email",
    "count_attempts",
    "count_unread",
    "delegate_task",
    "discard_draft",
    "draw_page",
    "drop_browser",
    "drop_form",
    "due",
    "end_absence",
    "end_delivery",
    "find_notification",
    "forget_notifications",
    "get_attachment",
    "get_calendar",
    "get_choice",
    "get_comment",
    "get_entry",
    "hand_over_task",
    "is_look_recorded",
    "keep_clocks",
    "keep_form",
    "keeps_calendar",
    "kept_calendar",
    "kept_form",
    "list_absences",
    "list_attachments",
    "list_browsers",
    "list_comments",
    "list_filters",
    "list_notifications",
    "list_own_drafts",
    "list_unread",
    "list_unsent",
    "mark_read",
    "parse_spans",
    "parse_week",
    "parts_of",
    "plan_digests",
    "possible_substitutes",
    "prepare_file",
    "push_key",
    "put_calendar_day",
    "put_email",
    "put_off_delivery",
    "put_office_hours",
    "read_clocks",
    "read_digest",
    "read_draft",
    "read_note",
    "remove_attachment",
    "remove_calendar_day",
    "remove_comment",
    "remove_filter",
    "remove_office_hours",
    "rename_filter",
    "replace_login",
    "reseal_totp_keys",
    "resolve_task",
    "returned_tasks",
    "save_draft",
    "save_filter",
    "save_note",
    "search_names",
    "seed_calendar",
    "set_absence",
    "spans_text",
    "start_attachments",
    "subscribe_browser",
    "substituting",
    "sweep_attachments",
    "take_deliveries",
    "unsubscribe_browser",
    "week_text",
]
