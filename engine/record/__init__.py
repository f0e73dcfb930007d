"""The access log: entries with a code that only the holder of a key can make, chained in signed blocks.

Law: an entry is written in the transaction of what it tells of, and never changed. Nothing is chained there:
a chain would let one writer wait for the other. A linker does so seconds later (``linking``), and keeps the
head of the chain outside the database (``heads``). ``verifying`` compares all three.
"""

from engine.record.beginning import begin_record
from engine.record.blocks import Head
from engine.record.entries import record, record_change, record_changes, record_each
from engine.record.heads import current_head, keep_heads, note_restored
from engine.record.kept import as_head
from engine.record.linking import link_entries
from engine.record.place import RecordPlace, is_kept, with_record
from engine.record.verifying import Finding, FindingKind, RecordState, verify_record

__all__ = [
    "Finding",
    "FindingKind",
    "Head",
    "RecordPlace",
    "RecordState",
    "as_head",
    "begin_record",
    "current_head",
    "is_kept",
    "keep_heads",
    "link_entries",
    "note_restored",
    "record",
    "record_change",
    "record_changes",
    "record_each",
    "verify_record",
    "with_record",
]
