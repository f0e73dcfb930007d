"""Small questions to the elements of a DMN file, whichever version's namespace they stand in."""

from collections.abc import Iterator

from lxml import etree


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The child elements with one of these names."""
    return (child for child in element if etree.QName(child).localname in names)


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """The first child element with one of these names."""
    return next(children(element, *names), None)


def kind_in(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def name_in(element: etree._Element | None, attribute: str = "name") -> str:
    """A FEEL name in an attribute, with single spaces between its words; "" for none."""
    return "" if element is None else " ".join((element.get(attribute) or "").split())


def flag(element: etree._Element, attribute: str) -> bool:
    """Whether an attribute says true."""
    return element.get(attribute, "false").strip().lower() in ("true", "1")
