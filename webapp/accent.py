"""One accent colour per agency, from its profile, made readable in light and in dark."""

import re

_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT = "#1d5a84"
_LIGHT_GROUND, _DARK_GROUND = "#ffffff", "#1b2127"
"""The surfaces that ``app.css`` puts text on."""

ENOUGH = 4.5
"""WCAG 2.2, 1.4.3: the least contrast between text and its ground."""

Rgb = tuple[float, float, float]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (``#rrggbb``), 1 to 21, as WCAG defines it."""
    first, second = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))))
    return (second + 0.05) / (first + 0.05)


def readable(colour: str, ground: str) -> str:
    """``colour``, moved towards black or white as little as needed to be read on ``ground``."""
    goal = 255.0 if _luminance(_rgb(ground)) < 0.5 else 0.0
    start = _rgb(colour)
    for step in range(21):
        share = step / 20
        red, green, blue = (round(part + (goal - part) * share) for part in start)
        mixed = f"#{red:02x}{green:02x}{blue:02x}"
        if contrast(mixed, ground) >= ENOUGH:
            return mixed
    raise AssertionError("black and white are readable on every ground")


def accent_rules(colours: dict[str, str]) -> str:
    """A stylesheet: the variables ``--accent`` and ``--accent-ink`` (text upon it) for each agency id.

    ``colours``: agency id -> ``#rrggbb``. What is no colour or no plain id is left out or replaced, since
    profiles are data and a stylesheet is code.
    """
    light = [_rule(agency, colour, _LIGHT_GROUND) for agency, colour in colours.items() if _plain(agency)]
    dark = [_rule(agency, colour, _DARK_GROUND) for agency, colour in colours.items() if _plain(agency)]
    return "\n".join([*light, "@media screen and (prefers-color-scheme: dark) {", *dark, "}", ""])


def _rule(agency: str, colour: str, ground: str) -> str:
    accent = readable(colour if _HEX.fullmatch(colour) else _DEFAULT, ground)
    ink = max(("#ffffff", "#10151a"), key=lambda ink: contrast(ink, accent))
    return f'[data-agency="{agency}"] {{ --accent: {accent}; --accent-ink: {ink}; }}'


def _plain(agency: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]+", agency) is not None


def _rgb(colour: str) -> Rgb:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def _luminance(colour: Rgb) -> float:
    linear = (_linear(part / 255) for part in colour)
    red, green, blue = linear
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
