"""Collects the texts of the code for the catalogues: ``python -m webapp.translations.refresh``.

New texts come in, those that are gone go out, translations stay. English is its own translation.
"""

from copy import deepcopy
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_HEADER = "# Written by python -m webapp.translations.refresh; translations are kept."
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"**/templates/**.html": {"silent": "false"}}
_PASSED_OVER = frozenset({"frontend", "static", "__pycache__"})


def collect() -> Catalog:
    """Every text of ``engine`` and ``webapp`` that is marked for translation."""
    catalog = Catalog(project="Titian", charset="utf-8")
    for package in ("engine", "webapp"):
        found = extract_from_dir(ROOT / package, METHODS, OPTIONS, KEYWORDS, directory_filter=_is_ours)
        for _file, _line, text, _comments, context in found:
            catalog.add(text, context=context)
    return catalog


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in _PASSED_OVER


def read_catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with _file(language).open("rb") as file:
        return read_po(file, locale=language)


def refresh(language: str, texts: Catalog) -> list[str]:
    """Write the catalogue of ``language`` anew from ``texts``; returns what has no translation yet."""
    known = read_catalogue(language) if _file(language).exists() else Catalog(locale=language)
    catalog = Catalog(
        locale=language,
        project="Titian",
        version="1",
        header_comment=_HEADER,
        fuzzy=False,
        creation_date=known.creation_date,
        revision_date=known.creation_date,
        last_translator="Titian",
        language_team="Titian",
        msgid_bugs_address="-",
    )
    for message in known:
        if message.id:
            catalog[message.id] = message
    catalog.update(deepcopy(texts), no_fuzzy_matching=True)  # it would share the messages otherwise
    catalog.obsolete.clear()
    missing = []
    for message in catalog:
        if message.id and language == "en":
            message.string = message.id
        elif message.id and not is_translated(message.string):
            missing.append(str(message.id))
    _file(language).parent.mkdir(parents=True, exist_ok=True)
    with _file(language).open("wb") as file:
        write_po(file, catalog, width=110, no_location=True, sort_output=True)
    return missing


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a translation is there, in all its plural forms."""
    return bool(string) if string is None or isinstance(string, str) else bool(string) and all(string)


def _file(language: str) -> Path:
    return HERE / language / "LC_MESSAGES" / "messages.po"


if __name__ == "__main__":
    collected = collect()
    for each in ("en", "id"):
        for text in refresh(each, collected):
            print(f"{each}: not translated: {text}")  # noqa: T201 - a tool of developers
