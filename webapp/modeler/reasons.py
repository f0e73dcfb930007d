"""Why a decision says nothing: the engine's English sentences in the reader's language."""

import re
from collections.abc import Sequence
from functools import lru_cache

from engine.errors import N_
from webapp.i18n import gettext
from webapp.retold import pattern_of

_PLACED = re.compile(
    r"(?:(?P<element>[\w.-]+): )?(?P<message>.+?)(?: \(position (?P<position>\d+)\))?", re.DOTALL
)

REASONS = (
    # Budgets and hit policies
    N_("it takes too many steps"),
    N_("it takes too long"),
    N_("it is nested too deeply"),
    N_("a value is nested deeper than %(limit)d levels"),
    N_("a string is longer than %(limit)d characters"),
    N_("what it got is not among the allowed values of the input"),
    N_("what the rule gives is not among the allowed values of the output"),
    # Names and types
    N_("the name '%(name)s' is not known"),
    N_("the type '%(name)s' is not known"),
    N_("the value is not of the type %(type)s, or not among those that it allows"),
    N_("the argument '%(name)s' is not a %(type)s"),
    N_("the function takes %(names)s"),
    N_("%(name)s(%(types)s): there is no such form of the function"),
    N_("%(element)s has no decision logic"),
    # Operators and texts
    N_("%(kind)s has no '%(name)s'"),
    N_("%(kind)s is not a function"),
    N_("the condition is a %(kind)s, neither true nor false"),
    N_("%(left)s %(operator)s %(right)s has no result"),
    N_("%(left)s %(operator)s %(right)s has no answer"),
    N_("the list of %(count)d has no element %(position)s"),
    N_("number(): the text is not a number"),
    N_("date(): the text is not a date"),
    N_("date(): there is no such day"),
    N_("time(): the text is not a time"),
    N_("date and time(): the text is not a date and time"),
    N_("duration(): the text is not a duration"),
    N_("sum() or mean() of something that is not all numbers or durations of one kind"),
    N_("min() or max() of values that have no common order"),
)
"""Those that analysts meet; the rarer ones stay in English."""


_CONFLICTS = {
    " match at once, ": N_(
        "Rules %(rules)s match at once, but this table takes only one that matches (UNIQUE)."
    ),
    " match and disagree, ": N_(
        "Rules %(rules)s match with different results, but here they must agree (ANY)."
    ),
}


def conflict_in_words(reason: str, rows: Sequence[int]) -> str:
    """Why a hit policy is violated, by the numbers of the rules; "" if the reason is another."""
    template = next((found for how, found in _CONFLICTS.items() if how in reason), "")
    if not template or not rows:
        return ""
    *first, last = map(str, rows)
    rules = gettext("%(first)s and %(last)s", first=", ".join(first), last=last) if first else last
    return gettext(template, rules=rules)


def in_words(sentence: str) -> tuple[str, str]:
    """The id of the element that a warning or reason is about, "" if it tells none, and what it says of it.

    A sentence without a translation stays as it is. A position counts from 1, as people do; the beginning of
    an expression is not worth telling.
    """
    found = _PLACED.fullmatch(sentence)
    if found is None:
        return "", sentence
    message = _translated(found["message"])
    if at := int(found["position"] or 0):
        message = gettext("%(message)s (character %(position)d)", message=message, position=at + 1)
    return found["element"] or "", message


def template_of(message: str) -> str | None:
    """The sentence of ``REASONS`` that a message was made of."""
    return next((template for template, pattern, _ in _patterns() if pattern.fullmatch(message)), None)


def _translated(message: str) -> str:
    for template, pattern, numbers in _patterns():
        if found := pattern.fullmatch(message):
            values = {name: int(v) if name in numbers else v for name, v in found.groupdict().items()}
            return gettext(template) % values if values else gettext(template)
    return message


@lru_cache(1)
def _patterns() -> list[tuple[str, re.Pattern[str], frozenset[str]]]:
    return [pattern_of(template) for template in sorted(REASONS, key=len, reverse=True)]
