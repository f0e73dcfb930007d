"""``matches``, ``replace`` and ``split`` (DMN 1.5, 10.3.4.3): XPath's regular expressions and flags."""

from collections.abc import Iterator
from typing import Any

from engine.feel.regex import PatternInvalid, Program, Span, compile_pattern, search
from engine.feel.runtime import Run

from .registry import builtin


def _compiled(run: Run, name: str, pattern: str, flags: str | None) -> Program | None:
    try:
        return compile_pattern(pattern, "".join(sorted(flags or "")))
    except PatternInvalid as reason:
        run.warn(f"{name}(): {reason}")
        return None


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
    literal: list[str | int] = [replacement]
    template = literal if "q" in (flags or "") else _template(replacement, program.groups)
    if template is None:
        return run.warn("replace(): '$' or '\\' stands alone in the replacement")
    parts, at = [], 0
    for found in _all(run, program, source):
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
    at = 0
    while at < len(text):
        character, following = text[at], text[at + 1 : at + 2]
        if character == "\\" and following and following in "\\$":
            parts.append(following)
            at += 2
        elif character == "$" and following.isdigit() and following.isascii():
            number, at = int(following), at + 2
            while text[at : at + 1] in tuple("0123456789") and number * 10 + int(text[at]) <= groups:
                number, at = number * 10 + int(text[at]), at + 1
            parts.append(number)
        elif character in "\\$":
            return None
        else:
            parts.append(character)
            at += 1
    return parts


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
