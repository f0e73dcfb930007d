"""Cells of decision tables, made by Hypothesis."""

from hypothesis import strategies as st

from tests.property.feel.expressions import texts
from tests.property.feel.parts import COMPARISONS, QUARTERS, Texts, chosen, fill


def unary_tests() -> st.SearchStrategy[tuple[str, str | float]]:
    """Cells of a decision table, each with an input of the kind that it tests."""
    number = st.one_of(QUARTERS, chosen("n", "m", "c.x"))
    numeric = st.one_of(
        number,
        fill("{} {}", chosen("<", "<=", ">", ">="), number),
        fill(
            "{}{}..{}{}", chosen("[", "(", "]"), chosen("0", "1.5"), chosen("4", "9"), chosen("]", ")", "[")
        ),
        fill("? {} {}", COMPARISONS, number),
        fill("? {} {} and ? < {}", COMPARISONS, number, number),
    )
    textual = st.one_of(
        texts(0), fill("{} {}", chosen("<", ">="), texts(0)), fill("contains(?, {})", texts(0))
    )
    inputs = st.one_of(st.integers(0, 40).map(lambda number: number / 4), st.just(7.0))
    return st.one_of(
        st.tuples(lists_of(numeric), inputs),
        st.tuples(lists_of(textual), st.sampled_from(["a", "abc", "x y"])),
    )


def lists_of(test: Texts) -> Texts:
    several = st.lists(test, min_size=1, max_size=3).map(", ".join)
    return st.one_of(chosen("-"), test, several, several.map("not({})".format))
