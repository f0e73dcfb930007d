"""Large numbers are counted only as far as somebody reads them."""

from webapp.counts import MOST, counted


def test_a_number_is_said_exactly_until_nobody_counts_any_more():
    assert [counted(number) for number in (0, 41, MOST - 1, MOST)] == ["0", "41", "999", "1000+"]
