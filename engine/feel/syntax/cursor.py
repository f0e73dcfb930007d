"""The parser's place in the text."""

from collections.abc import Iterable
from typing import NoReturn

from engine.errors import ExpressionInvalid
from engine.feel import limits

from .lexer import Lexer, Token
from .names import KEYWORDS


class Cursor:
    """The current token, and how to go on. Every failure is an ExpressionInvalid with a position."""

    def __init__(self, text: str, names: Iterable[str] = ()) -> None:
        self.text = text
        self.lexer = Lexer(text, names)
        self.token = self.lexer.token(0)
        self.depth = 0
        self.inputs = 0
        """How often ``?`` was read so far."""
        self.ranges = 0
        """How many range ends are being read: there ``[`` may close."""

    def fail(self, reason: str, at: int | None = None) -> NoReturn:
        raise ExpressionInvalid(self.text, self.token.at if at is None else at, reason)

    def advance(self) -> Token:
        """Go past the current token and return it."""
        token = self.token
        self.token = self.lexer.token(token.end)
        return token

    def jump(self, position: int) -> None:
        self.token = self.lexer.token(position)

    def after(self) -> Token:
        """The token after the current one."""
        return self.lexer.token(self.token.end)

    def is_op(self, *texts: str) -> bool:
        return self.token.kind == "op" and self.token.text in texts

    def is_word(self, text: str) -> bool:
        return self.token.kind == "word" and self.token.text == text

    def take(self, text: str) -> bool:
        """Go past an operator or keyword if it is the current token."""
        if self.token.text == text and self.token.kind in ("op", "word"):
            self.advance()
            return True
        return False

    def expect(self, text: str) -> Token:
        if self.token.text != text or self.token.kind not in ("op", "word"):
            self.fail(f"'{text}' was expected, not {self.describe()}")
        return self.advance()

    def describe(self) -> str:
        return "the end" if self.token.kind == "end" else f"'{self.token.text[:30]}'"

    def know(self, name: str) -> None:
        """From here on ``name`` is a name; the current token is read again."""
        if self.lexer.know(name):
            self.jump(self.token.at)

    def name(self) -> str:
        """Read a name: one that is known, or words up to a keyword or operator.

        Two words side by side mean nothing else in FEEL, so ``Monthly Salary`` is a name even if
        nobody told that it is.
        """
        if self.token.kind == "name":
            return self.advance().text
        if self.token.kind != "word":
            self.fail(f"a name was expected, not {self.describe()}")
        words = [self.advance().text]
        while self.token.kind == "word" and self.token.text not in KEYWORDS and not self.is_instance_of():
            words.append(self.advance().text)
        return " ".join(words)

    def is_instance_of(self) -> bool:
        if not self.is_word("instance"):
            return False
        following = self.after()
        return following.kind == "word" and following.text == "of"

    def enter(self) -> None:
        """One level of nesting more. Nobody leaves after a failure: it ends the parse."""
        self.depth += 1
        if self.depth > limits.NESTING:
            self.fail(f"it is nested deeper than {limits.NESTING} levels")
