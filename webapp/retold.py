"""Sentences that the engine keeps in English (an incident's, a job's), in the reader's language again."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from engine.errors import N_, TitianError
from webapp.i18n import gettext

NO_WORDS = N_("A fault in the program (%(name)s). Tell the administrator.")
"""What is said where the engine has kept nothing but the type of an error."""

_PARAMETER = re.compile(r"%\((\w+)\)([sd])")
_NAME = re.compile(r"[A-Za-z_]\w*")


def retold(message: str, names: Mapping[str, str]) -> str:
    """``message`` translated where it is one of the engine's own; ``names``: of elements, by their ids.

    What another program has written stays as it is.
    """
    for template, pattern, numbers in _patterns():
        if found := pattern.fullmatch(message):
            values = {name: _value(value, names) for name, value in found.groupdict().items()}
            return gettext(template) % {n: int(v) if n in numbers else v for n, v in values.items()}
    if _NAME.fullmatch(message):
        return gettext(NO_WORDS, name=message)
    return message


def _value(text: str, names: Mapping[str, str]) -> str:
    if text in names:
        return f"“{names[text]}”"
    return retold(text, names) if " " in text else text


@lru_cache(1)
def _patterns() -> list[tuple[str, re.Pattern[str], frozenset[str]]]:
    """Every template of the tree of errors, what it makes, and its whole numbers; the most telling first."""
    templates = {kind.template for kind in _kinds(TitianError)}
    return [pattern_of(template) for template in sorted(templates, key=len, reverse=True)]


def pattern_of(template: str) -> tuple[str, re.Pattern[str], frozenset[str]]:
    """A template, what matches the sentences that it makes, and the names of its whole numbers."""
    parts = _PARAMETER.split(template)  # text, name, type, text, name, type, ... text
    made = re.escape(parts[0])
    for name, kind, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        value = r"-?\d+" if kind == "d" else ".+?"
        made += f"(?P<{name}>{value}){re.escape(text)}"
    numbers = frozenset(name for name, kind in zip(parts[1::3], parts[2::3], strict=True) if kind == "d")
    return template, re.compile(made, re.DOTALL), numbers


def _kinds(kind: type[TitianError]) -> Iterator[type[TitianError]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _kinds(narrower)
