"""Diagrams, tables and forms as an analyst wrote them: read, checked, never executed here.

Law: knows XML and FEEL, no token, no database, no agency. XML enters through ``parse_xml`` alone.
"""

from engine.definitions.model import CallMapping, Element, EventDefinition, Flow, Lane, Loop, Process
from engine.definitions.reading import read_processes
from engine.definitions.xml import kind_of, parse_xml, text_of_file

__all__ = [
    "CallMapping",
    "Element",
    "EventDefinition",
    "Flow",
    "Lane",
    "Loop",
    "Process",
    "kind_of",
    "parse_xml",
    "read_processes",
    "text_of_file",
]
