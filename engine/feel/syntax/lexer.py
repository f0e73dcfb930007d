"""Text to tokens, one at a time: what a word means depends on the names known at its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import ExpressionInvalid
from engine.feel import limits

KEYWORDS = frozenset(
    {
        *("and", "or", "between", "in", "if", "then", "else", "for", "return"),
        *("some", "every", "satisfies", "true", "false", "null", "function"),
    }
)
_SPOKEN = ("date and time", "years and months duration", "days and time duration")
"""Names of the language that contain a keyword."""

_ASTRAL = "\U00010000-\U000effff"
_PART = rf"\w\u00b7\u0300-\u036f\u203f\u2040{_ASTRAL}"
WORD = rf"(?:[^\W\d]|[?$_{_ASTRAL}])[{_PART}]*"

_SPACE = re.compile(r"(?:[\s\ufeff\u180e\u200b]|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_TOKEN = re.compile(
    rf"""(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<at>@\s*"(?:[^"\\]|\\.)*")
    |(?P<quoted>`[^`]+`)
    |(?P<word>{WORD})
    |(?P<op>\.\.|\*\*|->|!=|<=|>=|[-+*/=<>()\[\]{{}},:.])""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(rf"(?P<name>{WORD}(?:[{_PART}\s.\-+*/'\u2019]*[{_PART}'\u2019])?)\s*(?P<end>:)")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{6})|(.))", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: number, string, at, name (complete), word (may be part of a name), op, end."""

    kind: str
    text: str
    at: int
    end: int


class Lexer:
    """Reads tokens of ``text``. ``names`` are known names that words alone cannot spell."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        self.text = text
        self._names = {name for name in names if not _is_plain(name)}
        self._pattern = _names_pattern(self._names)

    def know(self, name: str) -> bool:
        """Add a name from here on; True if tokens that follow may read differently now."""
        if name in self._names or _is_plain(name):
            return False
        self._names.add(name)
        self._pattern = _names_pattern(self._names)
        return True

    def skip(self, position: int) -> int:
        """The next position that is neither white space nor a comment."""
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def token(self, position: int) -> Token:
        """The token at or after ``position``. Raises ExpressionInvalid."""
        at = self.skip(position)
        if at >= len(self.text):
            return Token("end", "", at, at)
        if known := self._pattern.match(self.text, at):
            return Token("name", " ".join(known.group().split()), at, known.end())
        match = _TOKEN.match(self.text, at)
        if match is None or match.lastgroup is None:
            raise ExpressionInvalid(self.text, at, self._complaint(at))
        kind, found = match.lastgroup, match.group()
        if kind == "string":
            return Token(kind, unescape(found[1:-1]), at, match.end())
        if kind == "at":
            return Token(kind, unescape(found[found.index('"') + 1 : -1]), at, match.end())
        if kind == "quoted":
            return Token("name", found[1:-1], at, match.end())
        return Token(kind, found, at, match.end())

    def label(self, position: int) -> Token | None:
        """A name before a colon (context key, named argument, parameter), or None.

        Here a name may hold ``. / - ' + *`` without being known (DMN 10.3.1.2, rule 29).
        """
        at = self.skip(position)
        if match := _LABEL.match(self.text, at):
            return Token("name", " ".join(match["name"].split()), at, match.start("end"))
        return None

    def _complaint(self, at: int) -> str:
        if self.text[at] in '"@':
            return "a string does not end"
        return f"'{self.text[at]}' is not part of FEEL"


def unescape(raw: str) -> str:
    r"""Resolve ``\n``, ``\"``, ``\u0041``, ``\U01F40E``; an unknown escape stays as it is."""
    if "\\" not in raw:
        return raw
    plain = _ESCAPE.sub(_resolve, raw)
    if any("\ud800" <= character <= "\udfff" for character in plain):
        return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return plain


def _resolve(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is None:
        return _PLAIN_ESCAPES.get(match[3], match[0])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def _is_plain(name: str) -> bool:
    words = name.split(" ")
    return all(re.fullmatch(WORD, word) and word not in KEYWORDS for word in words)


def _names_pattern(names: set[str]) -> re.Pattern[str]:
    longest_first = sorted({*names, *_SPOKEN}, key=len, reverse=True)
    alternatives = (r"\s+".join(re.escape(word) for word in name.split()) for name in longest_first)
    return re.compile(rf"(?:{'|'.join(alternatives)})(?![{_PART}])")


def check_length(text: str) -> None:
    """Raises ExpressionInvalid for a text beyond the cap."""
    if len(text) > limits.TEXT:
        raise ExpressionInvalid(text[:80], limits.TEXT, f"it is longer than {limits.TEXT} characters")
