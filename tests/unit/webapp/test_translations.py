"""Both catalogues hold every text of the code, and no translation asks for what its text does not have."""

import re

import pytest

from webapp.i18n import LANGUAGES
from webapp.translations.refresh import ROOT, collect, is_translated, read_catalogue

PARAMETER = re.compile(r"%\((\w+)\)([ds])")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str) -> None:
    known = read_catalogue(language)
    missing = [message.id for message in collect() if message.id and not _translated(known, message.id)]
    assert missing == [], "run `python -m webapp.translations.refresh` and translate"


def _translated(known: object, text: object) -> bool:
    message = known.get(text)  # type: ignore[attr-defined]
    return message is not None and not message.fuzzy and is_translated(message.string)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_uses_no_parameter_that_its_text_does_not_have(language: str) -> None:
    wrong = []
    for message in read_catalogue(language):
        texts = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
        there = {parameter for text in texts for parameter in PARAMETER.findall(text)}
        wrong += [string for string in strings if set(PARAMETER.findall(string)) - there]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_catalogue_keeps_a_text_that_is_gone(language: str) -> None:
    texts = collect()
    kept = [message.id for message in read_catalogue(language) if message.id]
    assert [text for text in kept if not texts.get(text)] == []


def test_a_deadline_has_one_name_for_its_readers() -> None:
    """*Tenggat*, which falls due (*jatuh tempo*); never *batas waktu*, unless a standard said so."""
    told = [str(message.string) for message in read_catalogue("id")]
    shown = [*ROOT.glob("forms/*/*.form"), *ROOT.glob("webapp/frontend/src/texts/*.js")]
    texts = [*told, *(file.read_text(encoding="utf-8") for file in shown)]
    assert len(shown) > 40
    assert [text for text in texts if re.search(r"batas waktu|tenggat waktu", text, re.IGNORECASE)] == []
