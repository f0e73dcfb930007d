"""What the log and the registers are called in the reader's language."""

from engine.errors import N_
from engine.types import Channel, RecordAction
from engine.types.registers import Requester, RequestKind, RequestOutcome

ACTIONS = {
    RecordAction.OPEN_CASE: N_("opened the case"),
    RecordAction.OPEN_TASK: N_("opened a task of the case"),
    RecordAction.READ_VARIABLES: N_("read data of the case"),
    RecordAction.READ_HISTORY: N_("read the history of the case"),
    RecordAction.READ_ATTACHMENT: N_("opened a file of the case"),
    RecordAction.READ_DIAGRAM: N_("saw where the case stands"),
    RecordAction.READ_RECORD: N_("read the access log"),
    RecordAction.READ_REGISTER: N_("read a register"),
    RecordAction.REVEAL_IDENTITY: N_("opened a sealed identity"),
    RecordAction.EXPORT: N_("exported data"),
    RecordAction.CHANGE_CASE: N_("changed the case"),
    RecordAction.SHARE: N_("shared the case"),
    RecordAction.ERASE: N_("erased data"),
    RecordAction.CHANGE_REGISTER: N_("wrote in a register"),
    RecordAction.CHANGE_USER: N_("changed a user"),
    RecordAction.CHANGE_AGENCY: N_("changed the agency's profile"),
    RecordAction.CHANGE_CALENDAR: N_("changed the working calendar"),
    RecordAction.DEPLOY: N_("deployed procedures"),
    RecordAction.LOGIN: N_("signed in"),
    RecordAction.LOGIN_FAILED: N_("failed to sign in"),
    RecordAction.LOGOUT: N_("signed out"),
    RecordAction.BACKUP: N_("made a backup of everything"),
    RecordAction.RESTORE: N_("restored a backup"),
    RecordAction.RECORD_BEGUN: N_("began the access log"),
}
CHANNELS = {
    Channel.BROWSER: N_("in the browser"),
    Channel.BASIC: N_("over the API, with a password"),
    Channel.TOKEN: N_("over the API, with a token"),
    Channel.CLI: N_("at the command line of the server"),
    Channel.ENGINE: N_("by itself"),
}
KINDS = {
    RequestKind.INFORMATION: N_("Information on the processing"),
    RequestKind.CORRECTION: N_("Correction"),
    RequestKind.ACCESS: N_("Access and a copy"),
    RequestKind.ERASURE: N_("Erasure"),
    RequestKind.WITHDRAWAL: N_("Withdrawal of consent"),
    RequestKind.OBJECTION: N_("Objection to an automatic decision"),
    RequestKind.LIMITATION: N_("Limitation of the processing"),
}
REQUESTERS = {
    Requester.SUBJECT: N_("the person concerned"),
    Requester.PARENT: N_("a parent"),
    Requester.GUARDIAN: N_("a guardian"),
    Requester.COUNSEL: N_("a legal counsel"),
}
OUTCOMES = {
    RequestOutcome.GRANTED: N_("Granted"),
    RequestOutcome.PARTLY: N_("Granted in part"),
    RequestOutcome.REFUSED: N_("Refused"),
}
