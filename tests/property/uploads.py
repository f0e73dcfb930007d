"""The agencies' own files, spoilt: as trees (elements, attributes, texts, components) and as bytes."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

from tests.support.service import ROOT

KINDS = {"bpmn": "processes", "dmn": "processes", "form": "forms"}
FILES = {kind: sorted((ROOT / top).rglob(f"*.{kind}")) for kind, top in KINDS.items()}
STRANGE = (
    *("", " ", "0", "-1", "x" * 40_000, "é\u202e", "＝1", "null", "NaN", "1e999", "../../etc/passwd", "a b"),
    *(
        "=" * 500,
        "=" + "(" * 300,
        "=a[" * 200,
        "=[1..1e9]",
        "=for i in 1..100000000 return i",
        "${x}",
        "#{x}",
    ),
    *(
        '=replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$", "")',
        "R/PT0S",
        "PT-1S",
        "2026-02-30",
        "P1000000Y",
    ),
    *(
        "<script>alert(1)</script>",
        "javascript:alert(1)",
        "{{7*7}}",
        "%s%n",
        "__proto__",
        "file:///etc/passwd",
    ),
)
_FOREIGN = "{http://camunda.org/schema/1.0/bpmn}"

Change = Callable[[Random, Any, list[Any]], None]


def spoilt(number: int, seed: int) -> tuple[Path, bytes]:
    """A file of an agency, and what has become of it; the same for the same number and seed."""
    random = Random(f"{seed}:{number}")
    path = random.choice(FILES[("bpmn", "dmn", "form")[number % 3]])
    content = path.read_bytes()
    if random.random() < 0.2:
        return path, _spoilt_bytes(random, content)
    change = _spoilt_form if path.suffix == ".form" else _spoilt_xml
    return path, change(random, content, random.choice((1, 1, 2, 4, 16)))


def _spoilt_bytes(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content))
    match random.randrange(5):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + random.randbytes(random.choice((1, 4, 300))) + content[at:]
        case 2:
            return content[:at] + content[at + random.choice((1, 9, 900)) :]
        case 3:
            other = random.choice(FILES[random.choice(list(FILES))]).read_bytes()
            return content[:at] + other[random.randrange(len(other)) :]
    return content[:at] + content[at : at + 200] * 500 + content[at:]


def _spoilt_xml(random: Random, content: bytes, times: int) -> bytes:
    root = etree.fromstring(content)
    for _ in range(times):
        elements = [found for found in root.iter() if isinstance(found.tag, str)]
        random.choice(_XML)(random, random.choice(elements[1:]), elements)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _remove(random: Random, element: Any, elements: list[Any]) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def _double(random: Random, element: Any, elements: list[Any]) -> None:
    for _ in range(random.choice((1, 1, 40))):
        element.addnext(copy.deepcopy(element))


def _move(random: Random, element: Any, elements: list[Any]) -> None:
    target = random.choice(elements)
    if element not in {target, *target.iterancestors()}:
        target.insert(random.randint(0, len(target)), element)


def _rename(random: Random, element: Any, elements: list[Any]) -> None:
    element.tag = random.choice(elements).tag


def _nest(random: Random, element: Any, elements: list[Any]) -> None:
    inner = element
    for _ in range(random.choice((2, 30, 120))):
        inner = etree.SubElement(inner, element.tag, dict(element.attrib))


def _set(random: Random, element: Any, elements: list[Any]) -> None:
    other = random.choice(elements)
    names = [*element.attrib, *other.attrib, f"{_FOREIGN}formRef", f"{_FOREIGN}dueDate", "isExecutable"]
    ids = [found.get("id") for found in elements if found.get("id")]
    value = random.choice((random.choice(STRANGE), random.choice(ids), *other.attrib.values()))
    element.set(random.choice(names), value)


def _unset(random: Random, element: Any, elements: list[Any]) -> None:
    if element.attrib:
        del element.attrib[random.choice(list(element.attrib))]


def _say(random: Random, element: Any, elements: list[Any]) -> None:
    said = [found for found in elements if found.text and found.text.strip()] or [element]
    random.choice(said).text = random.choice(STRANGE)


_XML: tuple[Change, ...] = (_remove, _double, _move, _rename, _nest, _set, _set, _set, _unset, _say, _say)


def _spoilt_form(random: Random, content: bytes, times: int) -> bytes:
    form = json.loads(content)
    for _ in range(min(times, 6)):  # deeper than this, Python cannot write it
        places = list(_places(form))
        if not places:
            break
        holder, key = random.choice(places)
        _, other = random.choice(places)
        match random.randrange(7):
            case 0:
                del holder[key]
            case 1:
                holder[key] = random.choice(STRANGE)
            case 2:
                holder[key] = random.choice((None, True, -1, 2**70, 1e308, [], {}, [[]] * 50, {"a": {}}))
            case 3:
                holder[key] = [holder[key]] * random.choice((1, 2, 300))
            case 4:
                holder[key] = _deep(holder[key], random.choice((3, 15, 60)))
            case 5:
                at, name = random.choice(places)
                holder[key] = copy.deepcopy(at[name])
            case _ if isinstance(holder, dict):
                holder[str(other)] = random.choice(STRANGE)
    return json.dumps(form).encode()


def _deep(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = {"type": "group", "components": [value]}
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    keys: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
