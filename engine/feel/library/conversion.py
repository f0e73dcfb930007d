"""Conversion (10.3.4.1), boolean (10.3.4.2) and context functions (10.3.4.10)."""

import re
from decimal import Decimal
from typing import Any

from engine.feel.runtime import Run
from engine.feel.values.compare import identical
from engine.feel.values.numbers import finite

from .registry import builtin
from .text import text

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")


@builtin("string", "from: any")
def string(run: Run, value: Any) -> Any:
    return None if value is None else run.text(text(value, run.step))


@builtin("number", "from: string, grouping separator?: string|null, decimal separator?: string|null")
def number(run: Run, source: str, grouping: str | None = None, decimal: str | None = None) -> Any:
    if grouping not in (None, " ", ",", ".") or decimal not in (None, ",", "."):
        return run.warn("number(): a separator is none of ' ', ',' and '.'")
    if grouping is not None and grouping == decimal:
        return run.warn("number(): both separators are the same")
    plain = source if grouping is None else source.replace(grouping, "")
    plain = plain if decimal is None else plain.replace(decimal, ".")
    if not _NUMBER.fullmatch(plain):
        return run.warn("number(): the text is not a number")
    return finite(Decimal(plain))


@builtin("not", "negand: boolean")
def negation(run: Run, value: bool) -> Any:
    return not value


@builtin("not", "negand: any")
def negation_of_another(run: Run, value: Any) -> None:
    """Null, as three-valued logic has it, and nothing to wonder at."""


@builtin("is", "value1: any, value2: any")
def is_identical(run: Run, first: Any, second: Any) -> Any:
    return identical(first, second, run.step)


@builtin("get value", "m: context, key: string")
def get_value(run: Run, context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@builtin("get value", "m: context, keys: list")
def get_value_at(run: Run, context: Any, keys: list[Any]) -> Any:
    for key in keys:
        if not isinstance(context, dict) or not isinstance(key, str):
            return None
        context = context.get(key)
    return context


@builtin("get entries", "m: context")
def get_entries(run: Run, context: dict[str, Any]) -> Any:
    return run.items([{"key": key, "value": value} for key, value in context.items()])


@builtin("context", "entries: list")
def make_context(run: Run, entries: list[Any]) -> Any:
    made: dict[str, Any] = {}
    for entry in run.items(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            return run.warn("context(): an entry has no text as 'key' or no 'value'")
        if entry["key"] in made:
            return run.warn(f"context(): the key '{entry['key']}' appears twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any")
def context_put(run: Run, context: dict[str, Any], key: str, value: Any) -> Any:
    run.step(len(context))
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any")
def context_put_at(run: Run, context: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or not all(isinstance(key, str) for key in keys):
        return run.warn("context put(): the keys are not texts")
    run.step(len(context) + len(keys))
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        return run.warn(f"context put(): '{keys[0]}' is not a context")
    changed = context_put_at(run, inner, keys[1:], value)
    return None if changed is None else {**context, keys[0]: changed}


@builtin("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Any]) -> Any:
    merged: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, dict):
            return run.warn("context merge(): an element is not a context")
        run.step(len(context) + 1)
        merged.update(context)
    return merged
