"""Regular expressions as XPath has them (F&O 3.1, 5.6.1), read into a tree.

The tree: ``Set`` (one character), ``Sequence``, ``Choice``, ``Repeat``, ``Group``, ``Back``, ``Edge``.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel import limits

from .charsets import (
    CHARACTER_ESCAPES,
    CLASS_ESCAPES,
    CharacterSet,
    any_character,
    any_in_line,
    negated,
    property_set,
    single,
    span,
    union,
    without,
)

FLAGS = frozenset("smixq")


class PatternInvalid(Exception):
    """The text is no regular expression, or the flags are none."""


@dataclass(frozen=True, slots=True)
class Set:
    accepts: CharacterSet


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    body: Tree
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True, slots=True)
class Group:
    """``number`` is None for a group that captures nothing."""

    body: Tree
    number: int | None


@dataclass(frozen=True, slots=True)
class Back:
    """What a group has matched, again."""

    number: int


@dataclass(frozen=True, slots=True)
class Edge:
    """``^`` or ``$``."""

    sign: str


Tree = Set | Sequence | Choice | Repeat | Group | Back | Edge


@dataclass(frozen=True, slots=True)
class Pattern:
    tree: Tree
    groups: int
    has_back: bool
    multiline: bool
    ignore_case: bool


def read_pattern(text: str, flags: str) -> Pattern:
    """The tree of a pattern. Raises PatternInvalid."""
    if not FLAGS.issuperset(flags):
        raise PatternInvalid("a flag is none of s, m, i, x and q")
    reader = _Reader(text, flags)
    tree = reader.literal() if "q" in flags else reader.whole()
    return Pattern(tree, reader.groups, reader.has_back, "m" in flags, "i" in flags)


def _without_space(text: str) -> str:
    """Flag ``x``: white space goes, except inside square brackets."""
    kept, depth, escaped = [], 0, False
    for character in text:
        if not escaped:
            depth += (character == "[") - (character == "]" and depth > 0)
        escaped = character == "\\" and not escaped
        if depth or character not in " \t\n\r":
            kept.append(character)
    return "".join(kept)


class _Reader:
    """Recursive descent over the pattern."""

    def __init__(self, text: str, flags: str) -> None:
        self.text = _without_space(text) if "x" in flags and "q" not in flags else text
        self.at = 0
        self.depth = 0
        self.groups = 0
        self.closed: set[int] = set()
        self.has_back = False
        self.members = 0
        """Of the set of characters that is read, and of the sets taken away from it."""
        self.ignore_case = "i" in flags
        self.dot = any_character if "s" in flags else any_in_line

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise PatternInvalid("the pattern ends too early")
        self.at += 1
        return character

    def took(self, text: str) -> bool:
        if self.text.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def literal(self) -> Tree:
        return Sequence(tuple(Set(single(character, self.ignore_case)) for character in self.text))

    def whole(self) -> Tree:
        tree = self.choice()
        if self.peek():
            raise PatternInvalid("a ')' closes nothing")
        return tree

    def choice(self) -> Tree:
        self.depth += 1
        if self.depth > limits.NESTING:
            raise PatternInvalid("it is nested too deeply")
        branches = [self.branch()]
        while self.took("|"):
            branches.append(self.branch())
        self.depth -= 1
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def branch(self) -> Tree:
        parts: list[Tree] = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.quantified(self.atom()))
        return Sequence(tuple(parts))

    def atom(self) -> Tree:
        character = self.take()
        if character == "(":
            return self.group()
        if character in "^$":
            return Edge(character)
        if character == ".":
            return Set(self.dot)
        if character == "[":
            self.members = 0
            return Set(self.bracket())
        if character == "\\":
            return self.escape()
        if character in "?*+{}]":
            raise PatternInvalid(f"'{character}' stands where a character should")
        return Set(single(character, self.ignore_case))

    def group(self) -> Tree:
        number = None
        if not self.took("?:"):
            self.groups += 1
            number = self.groups
        body = self.choice()
        if not self.took(")"):
            raise PatternInvalid("a '(' is not closed")
        if number is not None:
            self.closed.add(number)
        return Group(body, number)

    def escape(self) -> Tree:
        if not (self.peek().isdigit() and self.peek().isascii()):
            return Set(self.escaped_set(self.take()))
        number = int(self.take())
        if number == 0 or number not in self.closed:
            raise PatternInvalid(f"there is no closed group {number}")
        while self.peek() in tuple("0123456789") and number * 10 + int(self.peek()) in self.closed:
            number = number * 10 + int(self.take())
        self.has_back = True
        return Back(number)

    def escaped_set(self, letter: str) -> CharacterSet:
        if letter in CLASS_ESCAPES:
            return CLASS_ESCAPES[letter]
        if letter in CHARACTER_ESCAPES:
            return single(CHARACTER_ESCAPES[letter], self.ignore_case)
        if letter in "pP" and self.took("{") and (end := self.text.find("}", self.at)) >= 0:
            found = property_set(self.text[self.at : end])
            if found is not None:
                self.at = end + 1
                return negated(found) if letter == "P" else found
        raise PatternInvalid(f"'\\{letter}' is no escape")

    def quantified(self, atom: Tree) -> Tree:
        sign = self.peek()
        if sign == "{":
            self.at += 1
            least, most = self.counts()
        elif sign and sign in "?*+":
            self.at += 1
            least, most = int(sign == "+"), 1 if sign == "?" else None
        else:
            return atom
        return Repeat(atom, least, most, not self.took("?"))

    def counts(self) -> tuple[int, int | None]:
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at : max(end, self.at)].partition(",")
        numbers = [least, most] if most else [least]
        if end < 0 or not all(part.isdecimal() and part.isascii() and len(part) < 6 for part in numbers):
            raise PatternInvalid("'{' begins no quantity")
        self.at = end + 1
        upper = int(most) if most else None if comma else int(least)
        if upper is not None and upper < int(least):
            raise PatternInvalid("a quantity ends before it begins")
        return int(least), upper

    def bracket(self) -> CharacterSet:
        """``[...]`` past its first bracket, with subtraction: ``[a-z-[aeiou]]``."""
        self.depth += 1
        if self.depth > limits.NESTING:
            raise PatternInvalid("it is nested too deeply")
        negative, members, removed = self.took("^"), list[CharacterSet](), None
        while not self.took("]"):
            if members and self.took("-["):
                removed = self.bracket()
                if not self.took("]"):
                    raise PatternInvalid("a subtraction is not the end of its set")
                break
            members.append(self.member(first=not members))
            self.members += 1
            if self.members > limits.SET:
                raise PatternInvalid("a set of characters is too large")
        if not members:
            raise PatternInvalid("a set of characters is empty")
        self.depth -= 1
        found = negated(union(members)) if negative else union(members)
        return found if removed is None else without(found, removed)

    def member(self, first: bool) -> CharacterSet:
        start = self.take()
        if start == "[" or (start == "-" and not first and self.peek() not in ("]", "")):
            raise PatternInvalid(f"'{start}' stands inside a set of characters")
        if start == "\\":
            letter = self.take()
            if letter not in CHARACTER_ESCAPES:
                return self.escaped_set(letter)
            start = CHARACTER_ESCAPES[letter]
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("[", "]", ""):
            return single(start, self.ignore_case)
        self.at += 1
        end = self.take()
        if end == "\\":
            end = CHARACTER_ESCAPES.get(self.take(), "")
        if end == "" or end < start:
            raise PatternInvalid("a span of characters ends before it begins")
        return span(start, end, self.ignore_case)
