"""Regular expressions as XPath has them (F&O 3.1, 5.6.1)."""

import pytest

from engine.feel.regex import PatternInvalid, compile_pattern, search


def find(pattern, text, flags=""):
    found = search(compile_pattern(pattern, flags), text, 0, lambda cost: None)
    return None if found is None else text[found[0] : found[1]]


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("b+", "abbc", "bb"),
        ("b+?", "abbc", "b"),
        ("a|ab", "ab", "a"),
        ("(a|ab)c", "abc", "abc"),
        ("a{2,3}", "aaaa", "aaa"),
        ("a{2}", "a", None),
        ("a{2,}", "aaaa", "aaaa"),
        ("^b", "ab", None),
        ("a$", "ba", "a"),
        (".", "\n", None),
        ("[a-c-[b]]+", "bacb", "ac"),
        ("[^a-c]", "abcd", "d"),
        ("[\\]]", "]", "]"),
        ("[a-]", "-", "-"),
        ("\\d{16}", "NIK 3575011234567890", "3575011234567890"),
        ("\\p{Lu}\\p{Ll}+", "pak Budi", "Budi"),
        ("\\P{L}", "ab1", "1"),
        ("\\p{IsCyrillic}", "aж", "ж"),
        ("\\w+", "-ab_c", "ab"),
        ("\\i\\c*", "1a-b", "a-b"),
        ("(a)(b)?\\1", "aa", "aa"),
        ("(ab)\\1", "abab", "abab"),
        ("(?:ab)+", "ababa", "abab"),
        ("(a*)*", "aab", "aa"),
        ("x*", "y", ""),
    ],
)
def test_a_pattern_finds_the_leftmost_match(pattern, text, found):
    assert find(pattern, text) == found


@pytest.mark.parametrize(
    ("pattern", "text", "flags", "found"),
    [
        ("AB", "xab", "i", "ab"),
        ("[A-C]+", "xabc", "i", "abc"),
        ("[^q]", "Q", "i", None),
        ("(a)\\1", "aA", "i", "aA"),
        ("k", "\u212a", "i", "\u212a"),
        ("^b$", "a\nb\nc", "m", "b"),
        ("a.b", "a\nb", "s", "a\nb"),
        ("a b [ ]c", "ab c", "x", "ab c"),
        ("a.b", "aXb a.b", "q", "a.b"),
        ("A(", "xa(", "iq", "a("),
    ],
)
def test_a_flag_changes_the_search(pattern, text, flags, found):
    assert find(pattern, text, "".join(sorted(flags))) == found


@pytest.mark.parametrize(
    "pattern",
    [
        *("(", ")", "[", "]", "{", "}", "a**", "*a", "a{2", "a{3,2}", "(?=a)"),
        *("[]", "[]]", "[b-a]", "[a-\\d]", "[0-9-.]*", "[a[b]]", "[a-[b]c]"),
        *("\\", "\\k", "\\1", "(\\1)", "[\\1]", "\\p{Zz}", "\\p{IsNowhere}"),
    ],
)
def test_what_xpath_does_not_have_is_refused(pattern):
    with pytest.raises(PatternInvalid):
        compile_pattern(pattern, "")


def test_an_unknown_flag_is_refused():
    with pytest.raises(PatternInvalid, match="flag"):
        compile_pattern("a", "g")


def steps_of(pattern, text):
    taken = []
    search(compile_pattern(pattern, ""), text, 0, taken.append)
    return sum(taken)


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]([a-z])+$"]
)
def test_patterns_that_explode_elsewhere_stay_proportional_to_the_text(pattern):
    short, long = steps_of(pattern, "a" * 50 + "!"), steps_of(pattern, "a" * 100 + "!")
    assert long < 3 * short + 200
