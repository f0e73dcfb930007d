"""An agency's colour is readable in light and in dark, whatever its profile says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accent import ENOUGH, accent_rules, contrast, readable

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(colours, st.sampled_from(["#ffffff", "#1b2127"]))
def test_every_colour_becomes_readable(colour: str, ground: str) -> None:
    assert contrast(readable(colour, ground), ground) >= ENOUGH


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#0b6e4f", "#ffffff") == "#0b6e4f"


def test_each_agency_gets_its_colour_twice() -> None:
    rules = accent_rules({"natuna": "#1d4f91"})
    assert rules.count('[data-agency="natuna"]') == 2
    assert "--accent: #1d4f91; --accent-ink: #ffffff;" in rules
    assert "prefers-color-scheme: dark" in rules


def test_a_profile_cannot_write_style_of_its_own() -> None:
    bad_id, bad_colour = 'x"] {} body {display:none} [y="', "red; } body { display: none"
    rules = accent_rules({bad_id: "#000000", "baik": bad_colour})
    assert "body" not in rules
    assert '[data-agency="baik"]' in rules
