"""What a new version of a table changes, in the words of its cells."""

from engine.definitions.dmn import Decision, compare_tables
from tests.unit.dmn.models import literal, only, table

OLD = [["< 12", '"rj"'], ["[12..18)", '"diversi"']]


def version(rules, inputs=("umur",), **more) -> Decision:
    return only(table(list(inputs), ["jalur"], rules, types=["number"] * len(inputs), **more))


def changes(old: Decision, new: Decision):
    found = compare_tables(old, new)
    assert found is not None
    return found.changes


def test_a_moved_boundary_is_told_with_an_example_and_the_rows():
    [change] = changes(version(OLD), version([["< 14", '"rj"'], ["[14..18)", '"diversi"']]))
    assert (change.columns, change.example, change.certain) == ({"umur": "[12..14)"}, {"umur": "12"}, True)
    assert (change.before.text, change.before.rows) == ('"diversi"', (2,))
    assert (change.after.text, change.after.rows) == ('"rj"', (1,))


def test_the_same_answers_from_other_rows_are_no_change():
    assert changes(version(OLD), version(list(reversed(OLD)))) == ()


def test_no_answer_is_null_and_a_violation_an_error():
    [gone] = changes(version(OLD), version(OLD[:1]))
    assert (gone.after.text, gone.after.rows) == ("null", ())
    [broken] = changes(version(OLD), version([*OLD, ["[5..6]", '"rj"']]))
    assert broken.columns == {"umur": "[5..6]"}
    assert broken.after.text == ""
    assert "r1, r3 match at once" in broken.after.error
    assert (
        changes(version([*OLD, ["[5..6]", '"rj"']]), version([*OLD, ["[5..6]", '"rj"'], ["5", '"x"']])) == ()
    )


def test_a_column_may_be_computed_and_added():
    new = version([[*row[:1], "-", row[1]] for row in OLD] + [["< 3", "> 4", '"x"']], ("umur", "a + b"))
    found = compare_tables(version(OLD), new)
    assert found is not None
    assert found.inputs == ("umur", "a + b")
    assert [(c.columns, c.after.error != "") for c in found.changes] == [
        ({"umur": "< 3", "a + b": "> 4"}, True)
    ]


def test_several_results_are_a_list():
    old, new = (version(rules, policy="COLLECT") for rules in (OLD, [*OLD, ["10", '"dua"']]))
    [change] = changes(old, new)
    assert (change.before.text, change.after.text, change.after.rows) == ('["rj"]', '["rj", "dua"]', (1, 3))


def test_only_tables_are_compared():
    assert compare_tables(version(OLD), only(literal("1"))) is None


def test_tables_that_take_too_long_to_ask_are_not_compared():
    def heavy(more: int) -> Decision:
        cell = f"count(for a in 1..300, b in 1..300 return a) + {more}"
        return version([[str(n), str(n), cell] for n in range(30)], ("x", "y"))

    found = compare_tables(heavy(0), heavy(1))
    assert found is not None
    assert (found.inputs, found.changes, found.too_large) == (("x", "y"), (), True)
    small = compare_tables(version(OLD), version(OLD))
    assert small is not None
    assert not small.too_large
