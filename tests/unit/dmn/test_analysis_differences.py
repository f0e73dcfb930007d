"""Which inputs two versions of a table answer differently."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from engine.definitions.dmn import Decision
from engine.definitions.dmn.analysis import Difference, differences
from engine.definitions.dmn.analysis.differences import MAX_REGIONS
from engine.errors import DecisionError
from tests.unit.dmn.models import only, table


def version(inputs: Sequence[str], rules: Sequence[Sequence[str]], **more: Any) -> Decision:
    types = more.pop("types", ["number"] * len(inputs))
    return only(table(inputs, ["o"], rules, types=types, **more))


def asking(asked: Decision) -> Callable[[dict[str, Any]], Any]:
    def answer(inputs: dict[str, Any]) -> Any:
        try:
            return asked.evaluate({"batas": 5, **inputs}).value
        except DecisionError:
            return "refused"

    return answer


def changes(old: Decision, new: Decision) -> list[Difference]:
    tables = [decision.table for decision in (old, new)]
    return differences(*tables, asking(old), asking(new))


def test_an_age_that_moves_changes_the_answer_of_those_between():
    old = version(["umur"], [["< 12", '"rj"'], [">= 12", '"diversi"']])
    new = version(["umur"], [["< 14", '"rj"'], [">= 14", '"diversi"']])
    (found,) = changes(old, new)
    assert found == Difference({"umur": "[12..14)"}, {"umur": Decimal(12)}, "diversi", "rj", certain=True)


def test_the_same_rules_in_another_shape_change_nothing():
    old = version(["umur"], [["< 12", '"rj"'], [">= 12", '"diversi"']])
    new = version(["umur"], [["[12..20]", '"diversi"'], ["> 20", '"diversi"'], ["not(>= 12)", '"rj"']])
    assert changes(old, new) == []


def test_a_new_column_matters_where_it_says_something():
    old = version(["umur"], [["< 12", '"rj"'], [">= 12", '"diversi"']])
    rules = [["< 12", "-", '"rj"'], [">= 12", "false", '"diversi"'], [">= 12", "true", '"penjara"']]
    new = version(["umur", "ulang"], rules, types=["number", "boolean"])
    found = {(d.columns["ulang"], d.before, d.after) for d in changes(old, new)}
    assert found == {("true", "diversi", "penjara"), ("null", "diversi", None)}
    assert {(d.columns["ulang"], d.before, d.after) for d in changes(new, old)} == {
        ("true", "penjara", "diversi"),
        ("null", None, "diversi"),
    }


def test_regions_with_the_same_change_are_one():
    old = version(["x", "y"], [[str(n), "< 5", '"a"'] for n in range(6)])
    new = version(["x", "y"], [[str(n), "< 5", '"b"'] for n in range(6)])
    (found,) = changes(old, new)
    assert found.columns == {"x": "0, 1, 2, 3, 4, 5", "y": "< 5"}


def test_another_hit_policy_changes_what_overlaps():
    rules = [["< 12", '"a"'], ["< 20", '"b"']]
    (found,) = changes(version(["x"], rules), version(["x"], rules, policy="FIRST"))
    assert (found.columns, found.before, found.after) == ({"x": "< 12"}, "refused", "a")


def test_values_that_are_no_longer_allowed_change_their_answer():
    rules = [["-", '"a"']]
    old, new = version(["x"], rules), version(["x"], rules, allowed=["[0..9]"])
    (found,) = changes(old, new)
    assert (found.columns, found.before, found.after) == ({"x": "< 0, > 9"}, "a", "refused")


def test_a_computed_answer_that_stays_is_no_change_and_another_may_be_one():
    old = version(["x"], [["< 5", "x + 1"], [">= 5", "x + 2"]])
    new = version(["x"], [["< 5", "x + 1"], [">= 5", "x + batas"]])
    (found,) = changes(old, new)
    assert (found.columns, found.certain) == ({"x": ">= 5"}, False)


def test_a_computed_cell_that_changes_may_change_any_answer():
    old = version(["x"], [["< batas", '"a"']])
    new = version(["x"], [["<= batas", '"a"']])
    assert [(found.columns, found.certain) for found in changes(old, new)] == [({"x": "-"}, False)]
    assert changes(old, old) == []


def test_an_answer_of_another_type_is_another_answer():
    assert changes(version(["x"], [["-", "1"]]), version(["x"], [["-", "true"]])) != []
    assert changes(version(["x"], [["-", "[1, 2]"]]), version(["x"], [["-", "[1, 2.0]"]])) == []


def test_a_small_change_of_a_large_table_is_found():
    rules = [[str(n % 40), str(n // 40), f'"{n}"'] for n in range(1_600)]
    other = [*rules[:700], [*rules[700][:2], '"lain"'], *rules[701:]]
    (found,) = changes(version(["x", "y"], rules), version(["x", "y"], other))
    assert found.example == {"x": Decimal(20), "y": Decimal(17)}
    assert (found.before, found.after, found.certain) == ("700", "lain", True)


def test_where_the_regions_are_too_many_the_last_is_everything():
    rules = [[str(n), f'"{n}"'] for n in range(MAX_REGIONS + 50)]
    found = changes(version(["x"], rules), version(["x"], []))
    assert len(found) == MAX_REGIONS + 1
    assert (found[-1].columns, found[-1].certain) == ({"x": "-"}, False)
    assert all(difference.certain for difference in found[:-1])


def test_tables_beyond_all_bounds_may_differ_anywhere():
    old = version(["x"], [["1", '"a"']] * 3_001)
    (found,) = changes(old, old)
    assert (found.columns, found.certain) == ({"x": "-"}, False)
