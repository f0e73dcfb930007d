"""``camunda:in`` and ``camunda:out``: what one process hands to another."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.definitions import CallMapping
from engine.interpreter.expressions import evaluate_in, failure


def mapped(
    mappings: Iterable[CallMapping], direction: str, source: Mapping[str, Any], element_id: str
) -> dict[str, Any]:
    """What the mappings of a direction (``in`` or ``out``) take from ``source``; later ones win."""
    values: dict[str, Any] = {}
    for mapping in mappings:
        if mapping.direction != direction:
            continue
        if mapping.variables == "all":
            values.update(source)
        elif mapping.target and mapping.source:
            values[mapping.target] = source.get(mapping.source)
        elif mapping.target and mapping.source_expression:
            values[mapping.target] = evaluate_in(source, mapping.source_expression, element_id)
    return values


def business_key_in(
    mappings: Iterable[CallMapping], source: Mapping[str, Any], element_id: str
) -> str | None:
    """The business key that the mappings name, literal or FEEL after ``=``; None where they name none.

    Raises ExecutionFailed where FEEL gives no text.
    """
    text = next((m.business_key for m in mappings if m.business_key is not None), None)
    return None if text is None else text_in(source, text, element_id)


def text_in(source: Mapping[str, Any], text: str, element_id: str) -> str:
    """A text that is literal, or FEEL after ``=``. Raises ExecutionFailed where FEEL gives no text."""
    value = evaluate_in(source, text, element_id) if text.strip().startswith("=") else text.strip()
    if isinstance(value, str) and value:
        return value
    raise failure(element_id, f"'{text}' is no text")
