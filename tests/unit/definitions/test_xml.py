"""What comes through the door for XML, and what does not."""

import codecs
from pathlib import Path

import pytest
from lxml import etree

from engine.definitions import xml
from engine.definitions.xml import kind_of, line_of, parse_xml
from engine.errors import XmlRefused


def refusal(content: bytes) -> XmlRefused:
    with pytest.raises(XmlRefused) as caught:
        parse_xml(content, "a.bpmn")
    return caught.value


def reason(content: bytes) -> str:
    error = refusal(content)
    assert error.parameters["resource"] == "a.bpmn"
    return str(error.parameters["reason"])


def test_a_document_becomes_an_element_with_lines():
    root = parse_xml(b"<a>\n  <b/>\n</a>", "a.bpmn")
    assert root.tag == "a"
    assert line_of(root[0]) == 2


def test_the_lines_stay_where_a_declaration_takes_some():
    root = parse_xml(b'<?xml version="1.0"\n  encoding="UTF-8"?>\n<a><b/></a>', "a.bpmn")
    assert line_of(root) == 3


def test_text_that_comes_as_str_is_a_mistake_of_the_caller():
    with pytest.raises(TypeError):
        parse_xml("<a/>", "a.bpmn")  # type: ignore[arg-type]


def test_a_doctype_is_refused_with_its_line():
    error = refusal(b'<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "file:///etc/passwd">\n<a/>')
    assert error.parameters["line"] == 2
    assert "DOCTYPE" in str(error)


def test_a_billion_laughs_end_at_the_doctype():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]><a>&l29;</a>'
    assert "DOCTYPE" in reason(bomb.encode())


def test_an_entity_in_an_attribute_is_no_way_around_the_doctype():
    assert "DOCTYPE" in reason(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a b="&e;"/>')


def test_an_entity_that_nobody_declared_is_refused():
    assert "undefined entity" in reason(b"<a>&nbsp;</a>")


def test_a_file_over_the_limit_is_refused_unread():
    assert "larger" in reason(b"<a>" + b" " * xml.MAX_BYTES + b"</a>")


def test_a_file_of_exactly_the_limit_is_read():
    content = b"<a>" + b" " * (xml.MAX_BYTES - 7) + b"</a>"
    assert parse_xml(content, "a.bpmn").tag == "a"


def test_depth_is_limited():
    def nested(levels: int) -> bytes:
        return b"<a>" * levels + b"</a>" * levels

    assert parse_xml(nested(xml.MAX_DEPTH), "a.bpmn").tag == "a"
    assert "levels deep" in reason(nested(xml.MAX_DEPTH + 1))


def test_the_number_of_elements_is_limited():
    def wide(elements: int) -> bytes:
        return b"<a>" + b"<b/>" * (elements - 1) + b"</a>"

    assert len(parse_xml(wide(xml.MAX_ELEMENTS), "a.bpmn")) == xml.MAX_ELEMENTS - 1
    assert "elements" in reason(wide(xml.MAX_ELEMENTS + 1))


def test_an_element_has_a_few_hundred_attributes_at_most():
    many = [f'a{n}="1"' for n in range(501)]
    assert len(parse_xml(f"<a {' '.join(many[:500])}/>".encode(), "a.bpmn").attrib) == 500
    assert "more than 500 attributes" in str(refusal(f"<a {' '.join(many)}/>".encode()))


def test_broken_xml_is_refused_with_its_line():
    error = refusal(b"<a>\n<b>\n</a>")
    assert error.parameters["line"] == 3
    assert "mismatched tag" in str(error)


@pytest.mark.parametrize(
    "content", [b"", b"   \n ", codecs.BOM_UTF8, b"plain text", b"\x00\x01\x02\x03", b"{}"]
)
def test_what_is_not_xml_is_refused(content: bytes):
    assert reason(content)


@pytest.mark.parametrize("name", ["UTF-8", "utf8", "US-ASCII", "ISO-8859-1", "windows-1252"])
def test_usual_encodings_are_read(name: str):
    content = f'<?xml version="1.0" encoding="{name}"?><a>x</a>'.encode()
    assert parse_xml(content, "a.bpmn").text == "x"


def test_a_declared_latin_1_letter_is_read_as_such():
    content = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    assert parse_xml(content, "a.bpmn").text == "é"


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_utf_16_is_read_by_its_byte_order_mark(mark: bytes):
    codec = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-16-be"
    content = mark + '<?xml version="1.0" encoding="UTF-16"?><a>Kabupatèn</a>'.encode(codec)
    assert parse_xml(content, "a.bpmn").text == "Kabupatèn"


def test_a_doctype_hides_in_no_encoding():
    content = codecs.BOM_UTF16_LE + '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'.encode("utf-16-le")
    assert "DOCTYPE" in reason(content)


@pytest.mark.parametrize(
    "content",
    [
        "<a/>".encode("utf-16-le"),
        "<a/>".encode("utf-16-be"),
        "<a/>".encode("utf-32"),
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        b'<?xml version="1.0" encoding="EBCDIC-CP-US"?><a/>',
        b'<?xml version="1.0" encoding="rot13"?><a/>',
        b'<?xml version="1.0" encoding="no-such-thing"?><a/>',
        b'<?xml version="1.0" encoding="x\0y"?><a/>',
        codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
        codecs.BOM_UTF16_LE + '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16-le"),
        codecs.BOM_UTF16_LE + b"<a",
        b'<?xml version="1.1"?><a/>',
        b'<?xml encoding="UTF-8"?><a/>',
        b"<a>\xff\xfe</a>",
        b"<a>x\0y</a>",
        b"<a>&#0;</a>",
    ],
)
def test_encodings_that_could_hide_something_are_refused(content: bytes):
    assert reason(content)


def test_xinclude_is_refused_and_reads_nothing(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("rahasia")
    content = f'<a xmlns:xi="{xml.XI}"><xi:include href="{secret.as_uri()}" parse="text"/></a>'
    assert "XInclude" in reason(content.encode())


def test_comments_and_processing_instructions_are_left_out():
    root = parse_xml(b'<?xml-stylesheet href="x.xsl"?><a><!-- c --><b/><?php system("id") ?></a>', "a.bpmn")
    assert [child.tag for child in root.iter()] == ["a", "b"]


def test_a_comment_does_not_cut_a_text_in_two():
    assert parse_xml(b"<a>x &gt; <!-- c -->1</a>", "a.bpmn").text == "x > 1"


def test_a_prefix_that_nobody_declared_is_refused():
    assert "prefix" in reason(b"<bpmn:definitions/>").lower()


def test_bpmn_is_known_by_its_namespace():
    assert kind_of(parse_xml(f'<x:definitions xmlns:x="{xml.BPMN}"/>'.encode(), "a.bpmn")) == "bpmn"


@pytest.mark.parametrize("namespace", list(xml.DMN_NAMESPACES))
def test_dmn_is_known_by_each_of_its_namespaces(namespace: str):
    assert kind_of(parse_xml(f'<definitions xmlns="{namespace}"/>'.encode(), "a.dmn")) == "dmn"


@pytest.mark.parametrize("text", ["<definitions/>", f'<process xmlns="{xml.BPMN}"/>', '<html xmlns="x"/>'])
def test_another_root_is_neither(text: str):
    root: etree._Element = parse_xml(text.encode(), "a.bpmn")
    with pytest.raises(XmlRefused, match="neither BPMN"):
        kind_of(root, "a.bpmn")
