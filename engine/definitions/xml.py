"""The one door through which XML comes in: bytes of a stranger in, an lxml root element out.

The bytes are decoded once, here, so that the two parsers behind the door cannot disagree about the text.
Expat reads it first and stops at a DOCTYPE (before any entity is declared), too many elements or too much
depth; only then does lxml build a tree, without comments and processing instructions.
"""

import codecs
import re
from typing import Final, cast
from xml.parsers import expat

from lxml import etree

from engine.errors import N_, XmlRefused

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 100
MAX_ELEMENTS: Final = 50_000
MAX_ATTRIBUTES: Final = 500
"""Of one element; reading them takes their square."""

MAX_EXPRESSIONS: Final = 200_000
"""Characters of all the expressions of one file; reading them takes about a second."""

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMN_DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
CAMUNDA: Final = "http://camunda.org/schema/1.0/bpmn"
XI: Final = "http://www.w3.org/2001/XInclude"

DMN_NAMESPACES: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
    "https://www.omg.org/spec/DMN/20240513/MODEL/": "1.6",
}
"""Model namespace -> version of DMN."""

_ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "cp1252"})
"""Encodings (by Python's name) that a declaration may name; UTF-16 is known by its byte order mark alone."""

_ENCODING_UNKNOWN: Final = N_("the encoding '%(encoding)s' is not supported, use UTF-8")

_DECLARATION: Final = re.compile(
    r"""<\?xml\s+version\s*=\s*(["'])(?P<version>[^"'<>]*)\1"""
    r"""(?:\s+encoding\s*=\s*(["'])(?P<encoding>[^"'<>]*)\3)?"""
    r"""(?:\s+standalone\s*=\s*(["'])(?:yes|no)\5)?\s*\?>"""
)


def parse_xml(content: bytes, resource: str) -> etree._Element:
    """Parse XML that somebody sent.

    ``content``: the file as it came, at most ``MAX_BYTES``; UTF-8, US-ASCII, ISO-8859-1 and windows-1252 as
    declared, UTF-16 with a byte order mark. ``resource``: its name, for messages.
    Returns the root element, without comments and processing instructions; ``sourceline`` is the file's own.
    Raises XmlRefused (parameters ``resource``, ``reason``, ``line`` or None); TypeError if not given bytes.
    """
    if not isinstance(content, bytes):
        raise TypeError(f"XML comes as bytes, not as {type(content).__name__}")
    if len(content) > MAX_BYTES:
        raise _refused(resource, N_("the file is larger than %(limit)d bytes"), limit=MAX_BYTES)
    if not content.strip():
        raise _refused(resource, N_("the file is empty"))
    text = _decode(content, resource).encode("utf-8")
    _inspect(text, resource)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        raise _refused(resource, "%(problem)s", line=cast(int, error.lineno), problem=error.msg) from None
    for include in root.iter(f"{{{XI}}}include"):
        raise _refused(resource, N_("XInclude is not supported"), line=line_of(include))
    return root


def text_of_file(content: bytes) -> str:
    """The text of a file that was let in, to be read on; one in UTF-8 to the letter."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "").lstrip()


def kind_of(root: etree._Element, resource: str = "") -> str:
    """What a document is by the namespace of its root: ``"bpmn"`` or ``"dmn"``.

    Raises XmlRefused for anything else.
    """
    name = etree.QName(root)
    if name.localname == "definitions":
        if name.namespace == BPMN:
            return "bpmn"
        if name.namespace in DMN_NAMESPACES:
            return "dmn"
    raise _refused(
        resource,
        N_("the root element <%(name)s> is neither BPMN 2.0 nor DMN 1.1 to 1.5 definitions"),
        line=line_of(root),
        name=name.localname,
    )


def line_of(element: etree._Element) -> int:
    """The line of the file on which an element begins, 0 for one that was not read from a file."""
    return cast(int | None, element.sourceline) or 0


def _refused(resource: str, template: str, line: int | None = None, **parameters: object) -> XmlRefused:
    reason = template % parameters
    if line:
        reason = f"line {line}: {reason}"
    return XmlRefused(resource=resource, reason=reason, line=line or None)


def _decode(content: bytes, resource: str) -> str:
    """The text without byte order mark; its declaration blanked out (lines and columns stay)."""
    encoding, marked = _encoding_by_mark(content, resource)
    head = content[:200].decode("latin-1") if encoding is None else marked[:400].decode(encoding, "ignore")
    declared = _declared_encoding(head, resource)
    if encoding is None:
        encoding = declared or "utf-8"
        if encoding.startswith("utf-16"):
            raise _refused(resource, N_("UTF-16 is read only with a byte order mark"))
    elif declared and not encoding.startswith(declared):
        raise _refused(resource, N_("the declared encoding contradicts the byte order mark"))
    if encoding not in _ENCODINGS and not encoding.startswith("utf-16"):
        raise _refused(resource, _ENCODING_UNKNOWN, encoding=encoding)
    try:
        text = marked.decode(encoding)
    except UnicodeDecodeError as error:
        line = marked[: error.start].count(b"\n") + 1
        raise _refused(resource, N_("the bytes are not %(encoding)s"), line=line, encoding=encoding) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise _refused(resource, N_("the text holds a null character"), line=line)
    return _DECLARATION.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text, count=1)


def _encoding_by_mark(content: bytes, resource: str) -> tuple[str | None, bytes]:
    """The encoding that a byte order mark names (None without one) and the bytes after the mark."""
    for mark in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        if content.startswith(mark):
            raise _refused(resource, N_("UTF-32 is not supported, use UTF-8"))
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if content.startswith(mark):
            return encoding, content[len(mark) :]
    if b"\0" in content[:4]:
        raise _refused(resource, N_("UTF-16 is read only with a byte order mark"))
    return None, content


def _declared_encoding(head: str, resource: str) -> str | None:
    """The declared encoding by Python's name, None if nothing is declared."""
    if not re.match(r"<\?xml\s", head):
        return None
    match = _DECLARATION.match(head)
    if match is None:
        raise _refused(resource, N_("the XML declaration cannot be read"), line=1)
    if match["version"] != "1.0":
        raise _refused(resource, N_("only XML 1.0 is read"), line=1)
    if not match["encoding"]:
        return None
    try:
        return codecs.lookup(match["encoding"]).name
    except (LookupError, ValueError):
        raise _refused(resource, _ENCODING_UNKNOWN, line=1, encoding=match["encoding"]) from None


def _inspect(text: bytes, resource: str) -> None:
    """Read the text once without building anything, and stop at what a diagram never needs."""
    parser = expat.ParserCreate("utf-8")
    depth = count = 0

    def doctype(*_: object) -> None:
        line = parser.CurrentLineNumber
        raise _refused(resource, N_("a DOCTYPE is not allowed"), line=line)

    def start(_: object, attributes: object) -> None:
        nonlocal depth, count
        depth, count = depth + 1, count + 1
        if depth > MAX_DEPTH:
            line = parser.CurrentLineNumber
            raise _refused(resource, N_("more than %(limit)d levels deep"), line=line, limit=MAX_DEPTH)
        if len(cast(list[str], attributes)) > 2 * MAX_ATTRIBUTES:  # names and values
            line, limit = parser.CurrentLineNumber, MAX_ATTRIBUTES
            raise _refused(resource, N_("more than %(limit)d attributes"), line=line, limit=limit)
        if count > MAX_ELEMENTS:
            line = parser.CurrentLineNumber
            raise _refused(resource, N_("more than %(limit)d elements"), line=line, limit=MAX_ELEMENTS)

    def end(_: object) -> None:
        nonlocal depth
        depth -= 1

    parser.ordered_attributes = True
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise _refused(resource, "%(problem)s", line=error.lineno, problem=problem) from None
