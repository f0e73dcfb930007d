"""The values of the kit's test cases: XML -> Python, and whether a result is the one that was expected."""

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from lxml import etree

from engine import evaluate_expression

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_TOLERANCE = Decimal("1e-8")
"""Relative; the kit gives irrational results in a few digits."""

_READERS = {
    "date": "date(t)",
    "time": "time(t)",
    "dateTime": "date and time(t)",
    "duration": "duration(t)",
    "dayTimeDuration": "duration(t)",
    "yearMonthDuration": "duration(t)",
}


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def value_of(node: etree._Element) -> Any:
    """The value inside an ``inputNode``, ``expected``, ``component`` or ``item``."""
    if node.get(_NIL) in ("true", "1"):
        return None
    parts = [part for part in node if local(part) != "extensionElements"]
    kinds = {local(part) for part in parts}
    if kinds == {"component"}:
        return {part.get("name", ""): value_of(part) for part in parts}
    if "list" in kinds:
        found = parts[0]
        return None if found.get(_NIL) in ("true", "1") else [value_of(item) for item in found]
    return _simple(parts[0]) if parts else None


def _simple(element: etree._Element) -> Any:
    if element.get(_NIL) in ("true", "1"):
        return None
    type_, text = element.get(_TYPE, "xsd:string").rpartition(":")[2], element.text or ""
    if type_ == "boolean":
        return text.strip() in ("true", "1")
    if type_ in ("decimal", "double", "float", "integer", "int", "long"):
        return Decimal(text.strip())
    if type_ in _READERS:
        return evaluate_expression(_READERS[type_], {"t": text.strip()})
    return text


def same(expected: Any, found: Any) -> bool:
    """Whether a result is the expected one; numbers within a tolerance."""
    if isinstance(expected, bool) or isinstance(found, bool) or expected is None or found is None:
        return expected is found
    if isinstance(expected, Decimal):
        return isinstance(found, (Decimal, int)) and _near(expected, Decimal(found))
    if isinstance(expected, list):
        return (
            isinstance(found, list)
            and len(expected) == len(found)
            and all(same(a, b) for a, b in zip(expected, found, strict=True))
        )
    if isinstance(expected, dict):
        return _same_entries(expected, found)
    if isinstance(expected, (date, time, datetime, timedelta, str)):
        return type(expected) is type(found) and str(expected) == str(found)
    return type(expected) is type(found) and str(expected) == str(found)


def _same_entries(expected: Mapping[str, Any], found: Any) -> bool:
    return (
        isinstance(found, dict)
        and expected.keys() == found.keys()
        and all(same(expected[name], found[name]) for name in expected)
    )


def _near(expected: Decimal, found: Decimal) -> bool:
    if not (expected.is_finite() and found.is_finite()):
        return False
    if expected == found:
        return True
    return math.isclose(expected, found, rel_tol=_TOLERANCE, abs_tol=_TOLERANCE)
