"""What a browser calls itself, in words that its user knows."""

from webapp.i18n import gettext

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
"""In this order: each browser also names those that it wants to be taken for."""


def described(agent: str) -> str:
    """``Chrome, Android`` for what a browser says of itself; it may lie, and then so does this."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or gettext("Unknown browser")
