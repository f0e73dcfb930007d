"""What a key seals only that key opens, for that purpose, and unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SealBroken
from engine.secrecy import CaseKey, open_text, seal_text

KEY = CaseKey("a", bytes(range(32)))


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_is_opened(content: bytes, purpose: str) -> None:
    assert KEY.open(purpose, KEY.seal(purpose, content)) == content


@given(st.binary(max_size=60), st.data())
def test_one_bit_changed_anywhere_is_noticed(content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(KEY.seal("x", content))
    at = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[at // 8] ^= 1 << at % 8
    with pytest.raises(SealBroken):
        KEY.open("x", bytes(sealed))


def test_another_key_another_purpose_and_a_part_open_nothing() -> None:
    sealed = KEY.seal("variables", b"Ani")
    for key, purpose, content in (
        (CaseKey("b", bytes(32)), "variables", sealed),
        (KEY, "submitted", sealed),
        (KEY, "variables", sealed[:-1]),
        (KEY, "variables", b""),
    ):
        with pytest.raises(SealBroken):
            key.open(purpose, content)


def test_the_same_content_is_never_sealed_alike() -> None:
    assert len({KEY.seal("x", b"Ani") for _ in range(100)}) == 100


def test_a_key_says_nothing_of_itself() -> None:
    assert repr(KEY) == "CaseKey('a')"


def test_a_text_stays_a_text_and_an_open_one_is_left_alone() -> None:
    sealed = seal_text(KEY, "reason", "Ani pindah")
    assert sealed.startswith("sealed:")
    assert "Ani" not in sealed
    assert open_text(KEY, "reason", sealed) == "Ani pindah"
    assert open_text(None, "reason", sealed) is None
    assert open_text(KEY, "reason", "ditulis sebelum ada kunci") == "ditulis sebelum ada kunci"
    with pytest.raises(SealBroken):
        open_text(KEY, "reason", "sealed:***")
