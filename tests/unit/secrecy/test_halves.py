"""A master key in two halves: both give it back, one alone gives nothing, and a slip of the hand is found."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import KeysUnavailable
from engine.secrecy import MasterKey, join_halves, split_key
from engine.secrecy.master import master_of, read_masters, write_masters


@given(st.binary(min_size=32, max_size=32))
def test_two_halves_give_the_key_in_either_order_and_in_small_letters(secret: bytes) -> None:
    key = MasterKey(secret)
    first, second = split_key(key)
    assert join_halves(first, second) == join_halves(second.lower(), first.replace(" ", "  ")) == key


def test_a_half_alone_tells_nothing() -> None:
    key = MasterKey(bytes(32))
    firsts = {split_key(key)[0] for _ in range(50)}
    seconds = {split_key(key)[1] for _ in range(50)}
    assert len(firsts) == len(seconds) == 50


@given(st.integers(0, 56), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_letter_typed_wrongly_is_found(at: int, letter: str) -> None:
    first, second = split_key(MasterKey(b"k" * 32))
    number, key_id, *groups = first.split()
    letters = "".join(groups)
    if letters[at] == letter:
        return
    wrong = f"{number} {key_id} {letters[:at]}{letter}{letters[at + 1 :]}"
    with pytest.raises(KeysUnavailable, match="half 1 is damaged"):
        join_halves(wrong, second)


def test_halves_that_do_not_belong_together_are_refused() -> None:
    key = MasterKey(b"k" * 32)
    (first, second), (other, _), (foreign, _) = (
        split_key(key),
        split_key(key),
        split_key(MasterKey(b"m" * 32)),
    )
    for one, two, why in (
        (first, first, "both halves have the number 1"),
        (other, second, "do not belong together"),
        (foreign, second, "do not belong together"),
        ("", second, "no half"),
        ("TITIAN-1", second, "no half"),
    ):
        with pytest.raises(KeysUnavailable, match=why):
            join_halves(one, two)


def test_a_key_file_is_its_owners_and_keeps_the_order(tmp_path: Path) -> None:
    file, keys = tmp_path / "keys" / "master.key", [MasterKey(b"a" * 32), MasterKey(b"b" * 32)]
    write_masters(file, keys)
    assert read_masters(file) == keys
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [each.name for each in file.parent.iterdir()] == ["master.key"]


def test_a_damaged_key_file_says_which_line(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    write_masters(file, [MasterKey(b"a" * 32)])
    file.write_text(file.read_text().replace("YWFh", "YWFi", 1))
    with pytest.raises(KeysUnavailable, match="line 2"):
        read_masters(file)
    file.write_text("x y\n")
    with pytest.raises(KeysUnavailable, match="line 1"):
        read_masters(file)
    with pytest.raises(KeysUnavailable, match="32 bytes"):
        master_of("YWJj", "it")
