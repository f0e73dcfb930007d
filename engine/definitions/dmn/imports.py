"""Which of several DMN files one needs: those that it imports, directly or not (DMN 1.5, 6.3.3)."""

from collections.abc import Mapping
from functools import lru_cache

from engine.definitions.dmn.elements import children
from engine.definitions.xml import kind_of, parse_xml
from engine.errors import XmlRefused


def with_imports(content: bytes, resource: str, others: Mapping[str, bytes]) -> dict[str, bytes]:
    """The file itself, and after it those of the others that it imports.

    ``others``: files of any kind by name; what is no DMN is passed over.
    """
    found = {resource: content}
    if not imports_of(content):
        return found
    by_namespace: dict[str, str] = {}
    for name, other in sorted(others.items()):
        namespace = _namespace(other)
        if name != resource and namespace is not None:
            by_namespace.setdefault(namespace, name)
    waiting = [content]
    while waiting:
        for namespace in imports_of(waiting.pop()):
            name = by_namespace.get(namespace, resource)
            if name not in found:
                found[name] = others[name]
                waiting.append(others[name])
    return found


@lru_cache(maxsize=512)
def imports_of(content: bytes) -> tuple[str, ...]:
    """The namespaces of the models that a DMN file imports; nothing for a file that is none."""
    if b"import" not in content:
        return ()
    try:
        root = parse_xml(content, "")
        kind = kind_of(root)
    except XmlRefused:
        return ()
    if kind != "dmn":
        return ()
    return tuple(found.get("namespace", "") for found in children(root, "import"))


@lru_cache(maxsize=512)
def _namespace(content: bytes) -> str | None:
    try:
        root = parse_xml(content, "")
        return root.get("namespace", "") if kind_of(root) == "dmn" else None
    except XmlRefused:
        return None
