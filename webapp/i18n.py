"""Languages: Indonesian first, English by choice. Texts in code and templates are English and translated."""

from flask import Flask, g, has_request_context, session
from flask_babel import Babel, get_locale, refresh
from flask_babel import gettext as _gettext
from flask_babel import ngettext as _ngettext

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
DEFAULT = "id"
_KEY = "language"


def gettext(text: str, **values: object) -> str:
    """``text`` (English, the catalogues' key) in the reader's language; ``%(name)s`` is replaced."""
    return str(_gettext(text, **values))


def ngettext(one: str, many: str, num: int) -> str:
    """``one`` or ``many`` of something in the reader's language; ``%(num)d`` is replaced."""
    return str(_ngettext(one, many, num))


def init_languages(app: Flask) -> None:
    """Translate the pages of ``app``."""
    Babel(app, default_locale=DEFAULT, locale_selector=_select)
    app.jinja_env.globals.update(current_language=current_language, LANGUAGES=LANGUAGES)


def _select() -> str:
    # Not by Accept-Language: most browsers in the offices were installed in English.
    if not has_request_context():
        return DEFAULT
    chosen = session.get(_KEY) or (g.user.language if g.get("user") else DEFAULT)
    return chosen if chosen in LANGUAGES else DEFAULT


def current_language() -> str:
    """``id`` or ``en``."""
    locale = get_locale()
    return locale.language if locale is not None else DEFAULT


def choose_language(language: str) -> None:
    """Use ``language`` from this request on. Raises ``ValueError`` for one that we don't have."""
    if language not in LANGUAGES:
        raise ValueError(f"no such language: {language}")
    session[_KEY] = language
    refresh()
