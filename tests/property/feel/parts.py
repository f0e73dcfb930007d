"""What made expressions begin with: variables, literals, and how texts are put together."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from hypothesis import strategies as st

Texts = st.SearchStrategy[str]

SCOPE = {
    "n": 7,
    "m": 2.5,
    "teks": "abc",
    "kosong": None,
    "ya": True,
    "xs": [1, 2, 3],
    "ts": ["a", "b", "c"],
    "c": {"x": 1, "y": "b", "z": {"w": 2.5}},
    "Nama Lengkap": "Siti Aminah",
    "rows": [{"nama": "Ani", "umur": 9}, {"nama": "Budi", "umur": 12}, {"nama": "Cici", "umur": 17}],
}

INTEGERS = st.integers(0, 20).map(str)
SMALL = st.integers(1, 3).map(str)
QUARTERS = st.integers(0, 40).map(lambda number: f"{number / 4:g}")
DAYS = st.dates(date(1930, 1, 1), date(2100, 12, 31)).map('@"{}"'.format)
CLOCKS = st.times().map(lambda time: f'@"{time.replace(microsecond=0)}"')
MOMENTS = st.datetimes(datetime(1930, 1, 1), datetime(2100, 12, 31)).map(
    lambda moment: f'@"{moment.replace(microsecond=0).isoformat()}"'
)
ZONES = st.sampled_from(("Z", "+07:00", "-03:30"))
ZONED_CLOCKS = st.tuples(CLOCKS, ZONES).map(lambda made: f'{made[0][:-1]}{made[1]}"')
ZONED_MOMENTS = st.tuples(MOMENTS, ZONES).map(lambda made: f'{made[0][:-4]}:01{made[1]}"')
LENGTHS = st.tuples(st.integers(0, 5), st.integers(0, 23), st.integers(0, 59)).map(
    lambda parts: '@"P{}DT{}H{}M"'.format(*parts)
)
MONTHS = st.tuples(st.integers(0, 3), st.integers(0, 11)).map(lambda parts: '@"P{}Y{}M"'.format(*parts))


def fill(template: str, *parts: Texts) -> Texts:
    """The template with every ``{}`` filled from the strategies, in order."""
    return st.tuples(*parts).map(lambda texts: template.format(*texts))


def kind(make: Callable[[int], Texts]) -> Callable[[int], Texts]:
    """Make the strategy of a depth once, and show it by its name: written out it is a book."""
    made = cache(make)

    def drawn(draw: st.DrawFn, depth: int) -> str:
        return draw(made(depth))

    drawn.__name__ = make.__name__
    return st.composite(drawn)


def chosen(*texts: str) -> Texts:
    return st.sampled_from(texts)


def bracketed(inner: Texts) -> Texts:
    return inner.map("({})".format)


COMPARISONS = chosen("=", "!=", "<", "<=", ">", ">=")


def number_ranges() -> Texts:
    return fill(
        "{}{}..{}{}", chosen("[", "("), chosen("1", "2.5", "n"), chosen("7", "n + 1", "12"), chosen("]", ")")
    )


def point_or_range() -> Texts:
    return st.one_of(number_ranges(), chosen("1", "2.5", "7", "8", "12"))
