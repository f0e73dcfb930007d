"""Texts that would be HTML and script if a page took them as such, in every place that holds a text.

Each says where it stands (``«bpmn userTask.name»``), so that a test can tell which places a page has shown.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from engine.definitions.forms.components import CHOOSING, CONTAINERS, KEYED, KNOWN
from engine.definitions.lint.deployment import NAMED

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ELEMENT = "titian-hit"
"""Of this name there is no element in a page, unless a text has become one."""

SHORT = f"<{ELEMENT}>"


def poison(place: str) -> str:
    """A text that would break out of an attribute, an element or a script, and run."""
    run = "window.titianHit=1"
    return (
        f"\"'><{ELEMENT} title='{place}'></{ELEMENT}><script>{run}</script>"
        f"<img src=/{ELEMENT}.png onerror={run}>"
        f"<svg onload={run}></svg><a href='javascript:{run}'>x</a></script></textarea></title>«{place}»"
    )


_MATCHED = frozenset({"message", "signal", "error", "escalation"})
"""Elements whose name is what an event is found by."""


def poison_diagram(content: bytes) -> bytes:
    """A diagram with poison in every name and documentation, and in its annotations."""
    root = etree.fromstring(content)
    for element in list(root.iter(f"{{{BPMN}}}*")):
        kind = etree.QName(element).localname
        if kind in NAMED or (element.get("name") and kind not in _MATCHED):
            element.set("name", poison(f"bpmn {kind}.name"))
        if kind in NAMED - {"sequenceFlow"}:
            said = etree.Element(f"{{{BPMN}}}documentation")
            said.text = poison(f"bpmn {kind}.documentation")
            for old in element.findall(f"{{{BPMN}}}documentation"):
                element.remove(old)
            element.insert(0, said)
        if kind == "text":
            element.text = poison("bpmn textAnnotation.text")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def poison_table(content: bytes) -> bytes:
    """Decisions with poison in every label, name of a decision and description."""
    root = etree.fromstring(content)
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or "MODEL" not in etree.QName(element).namespace:
            continue
        kind = etree.QName(element).localname
        if kind in ("decision", "definitions", "inputData"):
            element.set("name", poison(f"dmn {kind}.name"))
        if kind in ("input", "output"):
            element.set("label", poison(f"dmn {kind}.label"))
        if kind in ("decision", "rule"):
            for old in element.findall("{*}description"):
                element.remove(old)
            said = etree.Element(f"{{{etree.QName(element).namespace}}}description")
            said.text = poison(f"dmn {kind}.description")
            element.insert(0, said)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


_TEXTS = ("label", "description", "dateLabel", "timeLabel", "text", "content", "alt", "title")


def poison_form(content: bytes) -> bytes:
    """A form with poison in every text that is shown, and below it a component of each kind that there is."""
    form = json.loads(content)
    for component in _components(form):
        kind = component["type"]
        for name in _TEXTS:
            if name in component or (name in ("label", "description") and kind in KEYED):
                component[name] = poison(f"form {kind}.{name}")
        for option in component.get("values", ()):
            option["label"] = poison(f"form {kind}.values.label")
    form["components"] += [_example(kind) for kind in sorted(KNOWN)]
    return json.dumps(form).encode()


def _components(form: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for component in form.get("components", ()):
        yield component
        yield from _components(component)


def _example(kind: str) -> dict[str, Any]:
    """A component with every text that its kind can have."""
    made: dict[str, Any] = {"type": kind, "id": f"racun_{kind}".lower()}
    made |= {name: poison(f"form {kind}.{name}") for name in _TEXTS}
    made["appearance"] = {
        "prefixAdorner": poison(f"form {kind}.prefix"),
        "suffixAdorner": poison(f"form {kind}.suffix"),
    }
    if kind in KEYED:
        made["key"] = f"racun_{kind}"
    if kind in CHOOSING:
        made["values"] = [{"label": poison(f"form {kind}.values.label"), "value": "a"}]
    if kind in CONTAINERS:
        made["components"] = []
        made["path"] = f"racun_{kind}"
    match kind:
        case "datetime":
            made["subtype"] = "datetime"
        case "expression":
            made["expression"] = '="' + poison("form expression.value").replace('"', "") + '"'
        case "table":
            made["columns"] = [{"label": poison("form table.columns.label"), "key": "a"}]
            made["dataSource"] = "=[{a: 1}]"
        case "iframe":
            made["url"] = "javascript:window.titianHit=1"
        case "image":
            made["source"] = "javascript:window.titianHit=1"
        case "documentPreview":
            made["dataSource"] = "=[]"
    return made


_MEANT = frozenset({"id", "zona", "warna", "standar_berkas"})


def poison_profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    """An agency's profile with poison in every text that is no setting."""
    found = dict(profile)
    for name, value in profile.items():
        if isinstance(value, str) and name not in _MEANT:
            found[name] = poison(f"agency {name}")
        elif name in ("kelompok", "standar"):
            found[name] = {key: poison(f"agency {name}") for key in value}
        elif name == "layanan":
            found[name] = {key: _service(texts) for key, texts in value.items()}
    return found


def _service(texts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [poison(f"agency layanan.{name}")]
        if isinstance(value, list)
        else poison(f"agency layanan.{name}")
        for name, value in texts.items()
    }
