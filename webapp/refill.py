"""Filling the form of a page with what was filled in before; the rest of the page stays, to a letter.

Knows HTML as the templates write it, and nothing of Flask.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

Attributes = dict[str, str | None]
_CHOSEN = frozenset({"checkbox", "radio"})
_LEFT = frozenset({"submit", "button", "image", "reset", "file", "password"})
"""Kinds of inputs that are never filled."""


@dataclass
class _Tag:
    """A tag where it stands: ``start`` and ``end`` of it, ``inner``: where its content ends."""

    name: str
    attributes: Attributes
    start: int
    end: int
    inner: int = 0
    options: list["_Tag"] = field(default_factory=list)


@dataclass
class _Form:
    tag: _Tag
    actions: set[str]
    around: list[_Tag]
    """The ``details`` that it stands in."""

    controls: list[_Tag] = field(default_factory=list)


class _Page(HTMLParser):
    """The forms of a page at ``here``, where forms go that name no ``action``. A control that stands outside
    names its form by ``form``."""

    def __init__(self, text: str, here: str) -> None:
        super().__init__(convert_charrefs=False)
        self.forms: list[_Form] = []
        self._here = here
        self._lines = [0]
        for line in text.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._outside: list[tuple[str, _Tag]] = []
        self._details: list[_Tag] = []
        self._form: _Form | None = None
        self._open: _Tag | None = None
        self.feed(text)
        self.close()
        by_id = {form.tag.attributes.get("id"): form for form in self.forms}
        for name, control in self._outside:
            if (owner := by_id.get(name)) is not None:
                self._own(owner, control)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note forms, their controls, and what folds them away."""
        start = self._at()
        found = _Tag(tag, dict(attrs), start, start + len(self.get_starttag_text() or ""))
        if tag == "form":
            action = _path_of(found.attributes.get("action")) or self._here
            self._form = _Form(found, {action}, list(self._details))
            self.forms.append(self._form)
        elif tag == "details":
            self._details.append(found)
        elif tag == "option" and self._open is not None:
            self._open.options.append(found)
        elif tag in ("input", "textarea", "select", "button"):
            self._open = found
            if name := found.attributes.get("form"):
                self._outside.append((name, found))
            elif self._form is not None:
                self._own(self._form, found)

    def handle_endtag(self, tag: str) -> None:
        """Note where a form, a text or a fold ends."""
        if tag == "form":
            self._form = None
        elif tag == "details" and self._details:
            self._details.pop()
        elif tag == "textarea" and self._open is not None:
            self._open.inner = self._at()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _own(self, form: _Form, control: _Tag) -> None:
        form.controls.append(control)
        if other := control.attributes.get("formaction"):
            form.actions.add(_path_of(other))


def refilled(
    page: str,
    here: str,
    path: str,
    fields: Sequence[tuple[str, str]],
    *,
    note: str = "",
    token: tuple[str, str],
) -> str | None:
    """``page`` with the form that goes to ``path`` filled with ``fields``; None where it has none such.

    ``here``: the page's own path; ``note``: HTML that is put before it; ``token``: name and value of a hidden
    field more. Of several such forms it is the one whose hidden fields fit best. Hidden fields get what was
    sent, so that a page that has changed meanwhile is refused as it would have been; ``csrf_token`` stays the
    page's own.
    """
    forms = [form for form in _Page(page, here).forms if path in form.actions]
    if not forms:
        return None
    sent = set(fields)
    form = max(forms, key=lambda form: sum(_hidden(control) in sent for control in form.controls))
    hidden = _Tag("input", {"type": "hidden", "name": token[0], "value": token[1]}, 0, 0)
    edits = [(form.tag.start, form.tag.start, note), (form.tag.end, form.tag.end, _written(hidden))]
    edits += [(tag.start, tag.end, _written(tag, open="")) for tag in form.around]
    edits += _filled(form.controls, fields)
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return page


def _filled(controls: Sequence[_Tag], fields: Sequence[tuple[str, str]]) -> list[tuple[int, int, str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for name, value in fields:
        values[name].append(value)
    edits: list[tuple[int, int, str]] = []
    for control in controls:
        name, kind = control.attributes.get("name") or "", control.attributes.get("type") or "text"
        given = values.get(name, [])
        if name == "csrf_token" or kind in _LEFT or control.name == "button":
            continue
        if control.name == "select" and given:
            edits += [_marked(option, "selected", given) for option in control.options]
        elif control.name == "input" and kind in _CHOSEN:
            edits.append(_marked(control, "checked", given))
        elif control.name == "textarea" and given:  # the first line feed is no part of its text
            edits.append((control.end, control.inner, "\n" + escape(given.pop(0).replace("\r\n", "\n"))))
        elif control.name == "input" and given:
            edits.append((control.start, control.end, _written(control, value=given.pop(0))))
    return edits


def _marked(tag: _Tag, mark: str, given: Sequence[str]) -> tuple[int, int, str]:
    """The edit that chooses a box or an option, or not."""
    value = tag.attributes.get("value", "on") or ""
    return tag.start, tag.end, _written(tag, **{mark: "" if value in given else None})


def _hidden(control: _Tag) -> tuple[str, str] | None:
    """Name and value of a hidden field; None for any other."""
    known = control.attributes
    return (known.get("name") or "", known.get("value") or "") if known.get("type") == "hidden" else None


def _written(tag: _Tag, **changed: str | None) -> str:
    """The tag with attributes changed; None takes one away."""
    kept: Attributes = {name: value or "" for name, value in tag.attributes.items()}
    kept.update(changed)
    parts = [f'{name}="{escape(value)}"' for name, value in kept.items() if value is not None]
    return f"<{' '.join([tag.name, *parts])}>"


def _path_of(address: str | None) -> str:
    return urlsplit(address or "").path
