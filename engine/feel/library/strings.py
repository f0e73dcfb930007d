"""String functions (DMN 1.5, 10.3.4.3)."""

from decimal import Decimal
from typing import Any

from engine.feel import limits
from engine.feel.limits import Exhausted
from engine.feel.runtime import Run
from engine.feel.values.numbers import index

from .registry import builtin


@builtin("substring", "string: string, start position: number, length?: number|null")
def substring(run: Run, source: str, start: Decimal, length: Decimal | None = None) -> Any:
    first, count = index(start), None if length is None else index(length)
    if first == 0 or abs(first) > len(source) or (count is not None and count < 1):
        return run.warn("substring(): the position or the length is out of range")
    begin = first - 1 if first > 0 else len(source) + first
    return source[begin:] if count is None else source[begin : begin + count]


@builtin("string length", "string: string")
def string_length(run: Run, source: str) -> Any:
    return Decimal(len(source))


@builtin("upper case", "string: string")
def upper_case(run: Run, source: str) -> Any:
    return run.text(source.upper())


@builtin("lower case", "string: string")
def lower_case(run: Run, source: str) -> Any:
    return run.text(source.lower())


@builtin("trim", "string: string")
def trim(run: Run, source: str) -> Any:
    return source.strip()


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, source: str, match: str) -> Any:
    return source.partition(match)[0] if match and match in source else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, source: str, match: str) -> Any:
    return source.partition(match)[2] if match else source


@builtin("contains", "string: string, match: string")
def contains(run: Run, source: str, match: str) -> Any:
    return match in source


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, source: str, match: str) -> Any:
    return source.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, source: str, match: str) -> Any:
    return source.endswith(match)


@builtin("string join", "list: list, delimiter?: string|null")
def string_join(run: Run, items: list[Any], delimiter: str | None = None) -> Any:
    if not all(item is None or isinstance(item, str) for item in items):
        return run.warn("string join(): an element is not a string")
    separator = delimiter or ""
    parts = [item for item in items if item is not None]
    run.step(len(items))
    if sum(map(len, parts)) + len(separator) * len(parts) > limits.STRING:
        raise Exhausted(f"a string is longer than {limits.STRING} characters")
    return run.text(separator.join(parts))
