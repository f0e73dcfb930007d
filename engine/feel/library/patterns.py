"""``matches``, ``replace`` and ``split`` (DMN 1.5, 10.3.4.3): XPath's regular expressions and flags."""

import re
from collections.abc import Iterator
from typing import Any

from engine.feel import limits
from engine.feel.limits import Exhausted
from engine.feel.regex import PatternInvalid, Program, Span, compile_pattern, search
from engine.feel.runtime import Run

from .registry import builtin

_PARTS = re.compile(r"\\[\\$]|\$[0-9]{1,9}|[\\$]|[^\\$]+")


def _compiled(run: Run, name: str, pattern: str, flags: str | None) -> Program | None:
    run.step(len(pattern))
    try:
        program = compile_pattern(pattern, "".join(sorted(flags or "")))
    except PatternInvalid as reason:
        run.warn(f"{name}(): {reason}")
        return None
    run.step(len(program.code))
    return program


@builtin("matches", "input: string, pattern: string, flags?: string|null")
def matches(run: Run, source: str, pattern: str, flags: str | None = None) -> Any:
    program = _compiled(run, "matches", pattern, flags)
    return None if program is None else search(program, source, 0, run.step) is not None


@builtin("split", "string: string, delimiter: string")
def split(run: Run, source: str, delimiter: str) -> Any:
    program = _compiled(run, "split", delimiter, None)
    if program is None or search(program, "", 0, run.step):
        return run.warn("split(): the delimiter is invalid or matches the empty text")
    parts, at = [], 0
    for found in _all(run, program, source):
        parts.append(source[at : found[0]])
        at = found[1]
    return run.items([*parts, source[at:]])


@builtin("replace", "input: string, pattern: string, replacement: string, flags?: string|null")
def replace(run: Run, source: str, pattern: str, replacement: str, flags: str | None = None) -> Any:
    program = _compiled(run, "replace", pattern, flags)
    if program is None or search(program, "", 0, run.step):
        return run.warn("replace(): the pattern is invalid or matches the empty text")
    run.step(len(replacement))
    literal: list[str | int] = [replacement]
    template = literal if "q" in (flags or "") else _template(replacement, program.groups)
    if template is None:
        return run.warn("replace(): '$' or '\\' stands alone in the replacement")
    parts, at = [], 0
    for found in _all(run, program, source):
        run.step(len(template))
        _check_size(template, found)
        parts.append(run.text(source[at : found[0]] + _fill(template, found, source)))
        at = found[1]
    return run.text("".join([*parts, source[at:]]))


def _all(run: Run, program: Program, source: str) -> Iterator[Span]:
    at = 0
    while found := search(program, source, at, run.step):
        yield found
        at = found[1]


def _template(text: str, groups: int) -> list[str | int] | None:
    """Literal texts and group numbers; None if ``$`` or a backslash is used wrongly (F&O 5.6.4)."""
    parts: list[str | int] = []
    for part in _PARTS.findall(text):
        if part in ("\\", "$"):
            return None
        if part[0] == "$":
            parts += _group_number(part[1:], groups)
        else:
            parts.append(part[1] if part[0] == "\\" else part)
    return parts


def _group_number(digits: str, groups: int) -> list[str | int]:
    """The longest number of a group that the digits begin with, at least one digit, and the digits left."""
    taken = 1
    while taken < len(digits) and int(digits[: taken + 1]) <= groups:
        taken += 1
    return [int(digits[:taken]), digits[taken:]]


def _check_size(template: list[str | int], found: Span) -> None:
    """Raises Exhausted for the replacement of a match that is too long to be made."""
    size = sum(
        len(part) if isinstance(part, str) else found[2 * part + 1] - found[2 * part]
        for part in template
        if isinstance(part, str) or 2 * part < len(found)
    )
    if size > limits.STRING:
        raise Exhausted(f"a string is longer than {limits.STRING} characters")


def _fill(template: list[str | int], found: Span, source: str) -> str:
    """The replacement of one match; a group that does not exist or took no part is empty."""
    return "".join(
        part
        if isinstance(part, str)
        else source[found[2 * part] : found[2 * part + 1]]
        if 2 * part < len(found) and found[2 * part] >= 0
        else ""
        for part in template
    )
