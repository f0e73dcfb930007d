"""The auditor's part, the access log; and the registers of what an agency owes those whose data it keeps.

It shows no data of a case: registration numbers, who, when, from where and what for.
"""

from webapp.audit import breaches, cases, requests, search, subjects
from webapp.audit.part import blueprint

__all__ = ["blueprint", "breaches", "cases", "requests", "search", "subjects"]
