"""Text to tokens, one at a time: what a word means depends on the names known at its place."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from engine.errors import ExpressionInvalid
from engine.feel import limits

from .names import PART, WORD, NameTree, is_plain, tree_of

_SPACE = re.compile(r"(?:[\s\ufeff\u180e\u200b]|//[^\r\n]*|/\*(?:[^*]|\*(?!/))*\*/)*")
_TOKEN = re.compile(
    rf"""(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{{1,9}})?)
    |(?P<string>"(?:[^"\\]|\\.)*")
    |(?P<at>@\s*"(?:[^"\\]|\\.)*")
    |(?P<quoted>`[^`]+`)
    |(?P<word>{WORD})
    |(?P<op>\.\.|\*\*|->|!=|<=|>=|[-+*/=<>()\[\]{{}},:.])""",
    re.VERBOSE | re.DOTALL,
)
_LABEL = re.compile(rf"(?P<name>(?>{WORD})[{PART}\s.\-+*/?'\u2019]*+)(?P<end>:)")
_PARAMETER = re.compile(rf"(?P<name>(?>{WORD})[{PART}\s.\-+*/?'\u2019]*+)(?P<end>[,)])")
_NAME_END = re.compile(rf"[{PART}?$'\u2019]")
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
        self._known = tree_of(frozenset(names))
        self._local: NameTree | None = None
        self._looked = 0
        """How many characters were looked at for names."""

    def know(self, name: str) -> bool:
        """Add a name from here on; True if tokens that follow may read differently now."""
        if not name.strip() or is_plain(name):
            return False
        self._local = self._local or NameTree()
        self._local.add(name)
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
        if known := self._find(at):
            return Token("name", known[0], at, known[1])
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

    def _find(self, at: int) -> tuple[str, int] | None:
        known, end = self._known.find(self.text, at)
        self._looked += end - at
        local = None
        if self._local:
            local, end = self._local.find(self.text, at)
            self._looked += end - at
        if self._looked > limits.NAMES:
            raise ExpressionInvalid(self.text, at, "its names are too long and too much alike")
        return local if local and (known is None or local[1] >= known[1]) else known

    def label(self, position: int) -> Token | None:
        """A name before a colon (context key, named argument, parameter), or None.

        Here a name may hold ``. / - ' + * ?`` without being known (DMN 10.3.1.2, rules 28 to 30).
        """
        return self._named(_LABEL, position)

    def parameter(self, position: int) -> Token | None:
        """The name of a parameter without a type, up to ``,`` or ``)``, or None."""
        return self._named(_PARAMETER, position)

    def _named(self, pattern: re.Pattern[str], position: int) -> Token | None:
        at = self.skip(position)
        if (match := pattern.match(self.text, at)) and _ends_as_name(match["name"]):
            return Token("name", " ".join(match["name"].split()), at, match.start("end"))
        return None

    def _complaint(self, at: int) -> str:
        if self.text[at] in '"@':
            return "a string does not end"
        return f"'{self.text[at]}' is not part of FEEL"


def _ends_as_name(name: str) -> bool:
    """Whether a sign is not the last of it."""
    return _NAME_END.fullmatch(name.rstrip()[-1:]) is not None


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


def check_length(text: str) -> None:
    """Raises ExpressionInvalid for a text beyond the cap."""
    if len(text) > limits.TEXT:
        raise ExpressionInvalid(text[:80], limits.TEXT, f"it is longer than {limits.TEXT} characters")
