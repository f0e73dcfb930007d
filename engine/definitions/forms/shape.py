"""Whether values have the shape in which a form draws them: form-js breaks off at an object that is none."""

from collections.abc import Mapping
from typing import Any

from engine.definitions.forms.model import Section
from engine.definitions.forms.resolving import MISSING, value_at


def in_shape(section: Section, values: Any) -> bool:
    """Whether ``values`` is an object with an object wherever fields lie below it, and a list of such objects
    for every repeated list. What a field itself holds is not looked at; null is no answer and fits."""
    if not _nested(section.tree, values):
        return False
    for item in section.fields:
        rows = value_at(values, item.path) if item.rows is not None else None
        if item.rows is not None and rows is not MISSING and rows is not None and not _rows(item.rows, rows):
            return False
    return True


def _rows(section: Section, rows: Any) -> bool:
    return isinstance(rows, list) and all(in_shape(section, row) for row in rows)


def _nested(tree: Mapping[str, Any], values: Any) -> bool:
    if not isinstance(values, Mapping):
        return False
    below = [(tree[key], value) for key, value in values.items() if tree.get(key) is not None]
    return all(value is None or _nested(part, value) for part, value in below)
