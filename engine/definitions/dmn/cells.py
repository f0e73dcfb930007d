"""Reads the texts of a DMN file as FEEL, and keeps every fault with the place where it stands."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final, TypeVar

from lxml import etree

from engine.definitions.dmn.model import DecisionProblem
from engine.definitions.xml import MAX_EXPRESSIONS, line_of
from engine.errors import N_, ExpressionInvalid
from engine.feel import Expression, UnaryTests, parse_expression, parse_unary_tests

T = TypeVar("T")

_NOTHING: Final = ("", "-")
_LONGEST_NAME: Final = 200


class Reader:
    """Collects the problems of the files of one model while their parts are read."""

    def __init__(self) -> None:
        self.resource = ""
        """The file that is being read."""
        self.problems: list[DecisionProblem] = []
        self.characters = 0

    def problem(
        self,
        element: etree._Element,
        template: str,
        *,
        local: bool = False,
        stops: bool = True,
        **parameters: object,
    ) -> DecisionProblem:
        """Note what is wrong with an element.

        ``local``: the rest of the file is none the worse for it; not ``stops``: nor is the element itself,
        when it is evaluated by the letter of the standard.
        """
        who = owner_of(element)
        name = who.get("name") or who.get("label") or ""
        found = {"element": who.get("id") or etree.QName(who).localname, **parameters}
        where = str(parameters.get("text", "")), int(str(parameters.get("position", 0)))
        made = DecisionProblem(
            str(found["element"]),
            name,
            line_of(element),
            template,
            found,
            local,
            *where,
            stops,
            self.resource,
        )
        self.problems.append(made)
        return made

    def expression(self, element: etree._Element | None, known: frozenset[str]) -> Expression | None:
        """The expression in an element's ``text``; None if there is none, or it does not parse (noted).

        ``known``: names in scope that FEEL must be told (``special``).
        """
        return self._parse(element, lambda text: parse_expression(text, _mentioned(known, text)))

    def tests(self, element: etree._Element | None, known: frozenset[str]) -> UnaryTests | None:
        """The unary tests in an element's ``text``; None for ``-``, for nothing, or if they do not parse."""
        return self._parse(element, lambda text: parse_unary_tests(text, _mentioned(known, text)))

    def listing(self, element: etree._Element | None, known: frozenset[str]) -> Expression | None:
        """The allowed values as a list, in their order; None if they are more than values side by side."""
        text = text_of(element)
        try:
            return parse_expression(f"[{text}]", _mentioned(known, text)) if text else None
        except ExpressionInvalid:
            return None

    def _parse(self, element: etree._Element | None, parse: Callable[[str], T]) -> T | None:
        text = text_of(element)
        if element is None or text in _NOTHING:
            return None
        language = element.get("expressionLanguage", "feel")
        if "feel" not in language.lower():
            template = N_("%(element)s is written in '%(language)s'; only FEEL is evaluated.")
            self.problem(element, template, language=language)
            return None
        before, self.characters = self.characters, self.characters + len(text)
        if self.characters > MAX_EXPRESSIONS:
            if before <= MAX_EXPRESSIONS:
                template = N_("%(element)s: the expressions of the file have more than %(limit)d characters.")
                self.problem(element, template, limit=MAX_EXPRESSIONS)
            return None
        try:
            return parse(text)
        except ExpressionInvalid as error:
            template = N_("%(element)s: '%(text)s' is not valid at position %(position)d: %(reason)s")
            self.problem(element, template, text=text, position=error.position, reason=error.reason)
            return None


def special(names: Iterable[str]) -> frozenset[str]:
    """Those of the names that FEEL takes for names only when it is told: with signs or keywords in them."""
    return frozenset(name for name in names if not _is_plain(name))


def _mentioned(names: frozenset[str], text: str) -> frozenset[str]:
    """The names that may stand in a text; few, because each makes parsing slower.

    White space between the parts of a name means nothing (DMN 1.5, 10.3.1.4).
    """
    if not names:
        return names
    dense = "".join(text.split())
    return frozenset(name for name in names if "".join(name.split()) in dense)


@lru_cache(4096)
def _is_plain(name: str) -> bool:
    """Whether FEEL takes the name for one without being told: words without signs and keywords.

    What is longer than a name is taken for none.
    """
    if len(name) > _LONGEST_NAME:
        return True
    try:
        return parse_expression(name).names == {name}
    except ExpressionInvalid:
        return False


def text_of(element: etree._Element | None) -> str:
    """The content of the ``text`` child, without space around it."""
    if element is None:
        return ""
    found = (child for child in element if etree.QName(child).localname == "text")
    return "".join(str(part) for child in found for part in child.itertext()).strip()


def owner_of(element: etree._Element) -> etree._Element:
    """The nearest element with an id: itself, or one around it."""
    found: etree._Element | None = element
    while found is not None and not found.get("id"):
        found = found.getparent()
    return element if found is None else found
