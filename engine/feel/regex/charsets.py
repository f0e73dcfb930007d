"""Sets of characters that a regular expression names (XML Schema Part 2, appendix G; XPath F&O 5.6.1)."""

import unicodedata
from collections.abc import Callable

from .blocks import BLOCKS

CharacterSet = Callable[[str], bool]

_CATEGORIES = frozenset(
    {
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"),
        *("P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"),
        *("S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"),
    }
)
_LOOKALIKES = {"k": "\u212a", "å": "\u212b", "s": "\u017f", "μ": "\u00b5", "ω": "\u2126"}
"""Lower-case letters and the further characters that have them as lower case or case folding."""


def single(character: str, ignore_case: bool) -> CharacterSet:
    """One character."""
    wanted = variants(character) if ignore_case else {character}
    return wanted.__contains__


def span(first: str, last: str, ignore_case: bool) -> CharacterSet:
    """``first-last``; ignoring case, what has an upper or lower case in it."""
    if not ignore_case:
        return lambda character: first <= character <= last
    return lambda character: any(first <= variant <= last for variant in variants(character))


def variants(character: str) -> set[str]:
    """The character in upper and lower case, as far as these are one character."""
    forms = {character, character.lower(), character.upper(), character.casefold()}
    forms |= {form.lower() for form in forms}
    forms |= {_LOOKALIKES[form] for form in forms if form in _LOOKALIKES}
    return {form for form in forms if len(form) == 1}


def negated(set_: CharacterSet) -> CharacterSet:
    return lambda character: not set_(character)


def union(sets: list[CharacterSet]) -> CharacterSet:
    return sets[0] if len(sets) == 1 else lambda character: any(set_(character) for set_ in sets)


def without(set_: CharacterSet, removed: CharacterSet) -> CharacterSet:
    return lambda character: set_(character) and not removed(character)


def property_set(name: str) -> CharacterSet | None:
    r"""What ``\p{name}`` names: a general category or ``Is`` and a block; None if there is none."""
    if name in _CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    if name.startswith("Is") and name[2:] in BLOCKS:
        first, last = BLOCKS[name[2:]]
        return lambda character: first <= ord(character) <= last
    return None


def _is_name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character) in ("Lu", "Ll", "Lt", "Lo", "Nl")


def _is_name_part(character: str) -> bool:
    return character in "_:-.\u00b7" or unicodedata.category(character)[0] in "LM" or character.isdecimal()


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


_LETTERS: dict[str, CharacterSet] = {
    "s": " \t\n\r".__contains__,
    "d": str.isdecimal,
    "w": _is_word,
    "i": _is_name_start,
    "c": _is_name_part,
}
CLASS_ESCAPES: dict[str, CharacterSet] = {
    **_LETTERS,
    **{letter.upper(): negated(set_) for letter, set_ in _LETTERS.items()},
}
CHARACTER_ESCAPES = {
    **dict(zip("nrt", "\n\r\t", strict=True)),
    **{character: character for character in "\\|.-^?*+{}()[]$"},
}


def any_character(character: str) -> bool:
    return True


def any_in_line(character: str) -> bool:
    return character not in "\n\r"
