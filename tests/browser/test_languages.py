"""Every page in Indonesian and in English: no text of the one language is left over in the other."""

import json
import re
from collections.abc import Iterable
from functools import cache

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.places import PERSONAS
from tests.browser.test_pages import visit
from tests.support.browser import ROOT
from tests.support.site import Site

pytestmark = pytest.mark.browser

PLACE = r"%\(\w+\)[sd]|\{\w+\}"
DATA = {"Manajer", "Analis proses", "Petugas data", "Auditor", "Administrator", "Powered by bpmn.io"}
"""Names of demo users and groups stay as the agency writes them, bpmn.io's mark as its licence wants it."""

# What diagrams and forms say is the agency's own.
READ_ALOUD = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest('script, style, svg, #form, .fjs-element')) found.push(data);
  }
  for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
    for (const each of document.querySelectorAll(`[${name}]`)) found.push(each.getAttribute(name));
  }
  return [document.title, ...found].map((text) => text.replace(/\\s+/g, ' ').trim()).filter(Boolean);
}"""


def translations() -> list[tuple[str, str]]:
    """Pairs (English, Indonesian) of everything that the server and the scripts say."""
    with (ROOT / "webapp/translations/id/LC_MESSAGES/messages.po").open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    pairs = [
        (english, str(entry.string[0] if isinstance(entry.string, tuple) else entry.string))
        for entry in entries
        for english in ([entry.id] if isinstance(entry.id, str) else entry.id)
    ]
    for dictionary in sorted((ROOT / "webapp/frontend/src/texts").glob("*.js")):
        pairs += re.findall(
            r"'((?:[^'\\\n])+)':\s+'((?:[^'\\\n])+)',", dictionary.read_text(encoding="utf-8")
        )
    return pairs


@cache
def texts_of(language: str) -> tuple[re.Pattern[str], ...]:
    """Patterns of the texts that are of this language only.

    Where an English text has a place for a value, anything may stand there. In Indonesian such a text could
    be the agency's own words, so only whole texts count.
    """
    english, indonesian = ({pair[side] for pair in translations()} for side in (0, 1))
    if language == "en":
        return tuple(
            re.compile(_pattern(text)) for text in english - indonesian - DATA if _says_something(text)
        )
    whole = {text for text in indonesian - english - DATA if not re.search(PLACE, text)}
    return tuple(re.compile(re.escape(text)) for text in whole if _says_something(text))


def _says_something(text: str) -> bool:
    return re.search(r"[A-Za-z]{3}", re.sub(PLACE, "", text)) is not None


def _pattern(text: str) -> str:
    return ".+".join(re.escape(part) for part in re.split(PLACE, " ".join(text.split())))


def leftovers(said: Iterable[str], language: str) -> list[str]:
    """The texts that are in this language, of those that a page says."""
    patterns = texts_of(language)
    return sorted({text for text in said if any(pattern.fullmatch(text) for pattern in patterns)})


def speak_english(page: Page) -> None:
    page.locator(".menu summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_page_speaks_one_language(persona: str, site: Site, sign_in: SignIn) -> None:
    found = {}
    for user_id, places in PERSONAS[persona](site).items():
        page = sign_in(user_id)
        for language, other in (("id", "en"), ("en", "id")):
            if language == "en":
                speak_english(page)
            for name, place in places.items():
                visit(page, site, place)
                if left := leftovers(page.evaluate(READ_ALOUD), other):
                    found[f"{name} in {language}"] = left
    assert found == {}, json.dumps(found, indent=1)


def test_a_text_in_the_wrong_language_is_noticed() -> None:
    assert leftovers(["Sign out", "Keluar"], "en") == ["Sign out"]
    assert leftovers(["Page 1 of 3", "Halaman 1 dari 3"], "en") == ["Page 1 of 3"]
    assert leftovers(["Sign out", "Keluar"], "id") == ["Keluar"]
