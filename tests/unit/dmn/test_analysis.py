"""What a decision table leaves out, says twice or never says."""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.definitions.dmn.analysis import Analysis, analyse
from engine.definitions.dmn.model import Table
from tests.support.effort import effort
from tests.unit.dmn.models import only, table


def logic(
    inputs: Sequence[str], rules: Sequence[Sequence[str]], types: Sequence[str] = (), **more: Any
) -> Table:
    """A table of one output, numbers where nothing else is declared."""
    types = types or ["number"] * len(inputs)
    found = only(
        table(
            inputs,
            ["o"],
            [[*rule, '"ya"'] if len(rule) == len(inputs) else rule for rule in rules],
            types=types,
            **more,
        )
    ).table
    assert isinstance(found, Table)
    return found


def found(*arguments: Any, **more: Any) -> Analysis:
    return analyse(logic(*arguments, **more))


def gaps(*cells: str, of: str = "number", **more: Any) -> list[str]:
    """The gaps of one column."""
    return [gap.columns["x"] for gap in found(["x"], [[cell] for cell in cells], [of], **more).gaps]


def test_between_17_and_18_there_is_17_and_a_half():
    (gap,) = found(["umur"], [["< 12"], ["[12..17]"], [">= 18"]]).gaps
    assert (gap.columns, gap.example) == ({"umur": "(17..18)"}, {"umur": Decimal("17.5")})


@pytest.mark.parametrize("of", ["integer", "long"])
def test_whole_numbers_are_counted_in_ones(of: str):
    assert gaps("< 12", "[12..17]", ">= 18", of=of) == []
    assert gaps("< 12", "[12..17]", ">= 19", of=of) == ["(17..19)"]
    assert gaps("< 12", "[12..17.5]", ">= 18", of=of) == ["(17.5..18)"]


@pytest.mark.parametrize(
    ("of", "cells", "left"),
    [
        ("number", ["> 5"], "<= 5"),
        ("number", ["<= -5"], "> -5"),
        ("number", ["[0..5)", "> 5"], "< 0, 5"),
        ("number", ["not([1..2])"], "[1..2]"),
        ("number", ["(1..2)", "2 * 2"], "<= 1, [2..4), > 4"),
        ("string", ['"a","b"'], 'not("a", "b")'),
        ("string", ['not("a","b")'], '"a", "b"'),
        ("boolean", ["true"], "false"),
        ("date", ['< date("2026-01-01")', '> @"2026-01-01"'], '@"2026-01-01"'),
        ("date", ['<= date("2026-01-01")', '>= @"2026-01-03"'], '(@"2026-01-01"..@"2026-01-03")'),
        ("dateTime", ['< @"2026-01-01T10:00:00"'], '>= @"2026-01-01T10:00:00"'),
        ("time", ['>= @"08:00:00"'], '< @"08:00:00"'),
        ("dayTimeDuration", ['<= duration("P3D")'], '> @"P3D"'),
        ("yearMonthDuration", ['not(> @"P1Y")'], '> @"P1Y"'),
    ],
)  # fmt: skip
def test_a_gap_is_told_as_a_cell_would_have_it(of: str, cells: list[str], left: str):
    assert gaps(*cells, of=of) == [left]


@pytest.mark.parametrize(
    ("of", "cells"),
    [
        ("date", ['<= @"2026-01-01"', '>= @"2026-01-02"']),
        ("yearMonthDuration", ['<= @"P1Y"', '>= @"P1Y1M"']),
        ("time", ['>= @"00:00:00"']),
        ("boolean", ["true", "false"]),
        ("boolean", ["not(true)", "true"]),
        ("string", ['"a"', 'not("a")']),
        ("number", ["-"]),
        ("number", ["not(null)"]),
        ("number", ["< 5", "!= 4"]),
    ],
)  # fmt: skip
def test_what_has_nothing_between_it_has_no_gap(of: str, cells: list[str]):
    assert gaps(*cells, of=of) == []


def test_null_is_no_gap():
    assert gaps("< 5", ">= 5") == []
    assert gaps("null") == ["-"]


def test_allowed_values_bound_the_gaps():
    assert gaps('"a"', of="string", allowed=['"a","b"']) == ['"b"']
    assert gaps("< 12", "[12..17]", allowed=["[0..17]"]) == []
    assert gaps("< 12", allowed=["[0..17]"]) == ["[12..17]"]


def test_a_default_output_leaves_no_gap():
    assert gaps("< 5", defaults=['"lain"']) == []


@pytest.mark.parametrize("policy", ["COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_rules_that_add_up_to_a_list_leave_no_gap(policy: str):
    assert gaps("< 5", policy=policy, values=['"ya"']) == []


@pytest.mark.parametrize("cell", ["? < 5", "< batas", "even(?)", "[1..batas]", '["a","b"]'])
def test_a_cell_that_cannot_be_told_may_cover_anything(cell: str):
    assert gaps("> 100", cell) == []


def test_inputs_are_not_looked_at_one_by_one():
    rules = [["< 12", "-"], [">= 12", '"ringan"'], [">= 12", '"berat"']]
    (gap,) = found(["umur", "tingkat"], rules, ["number", "string"]).gaps
    assert gap.columns == {"umur": ">= 12", "tingkat": 'not("ringan", "berat")'}
    assert gap.example == {"umur": Decimal(12), "tingkat": "lain"}


def test_gaps_that_touch_are_one():
    rules = [[str(n), "< 5"] for n in range(10)]
    regions = [tuple(gap.columns.values()) for gap in found(["x", "y"], rules, ["integer", "number"]).gaps]
    assert regions == [("< 0, > 9", "< 5"), ("-", ">= 5")]


def test_five_gaps_are_named_and_the_others_counted():
    analysis = found(["x", "y"], [[str(n), f"< {n}"] for n in range(10)])
    assert (len(analysis.gaps), analysis.more_gaps) == (5, 6)


def test_two_columns_of_one_input_are_one():
    (gap,) = found(["x", "x"], [[">= 1", "< 5"], [">= 5", "-"]]).gaps
    assert (gap.columns, gap.example) == ({"x": "< 1"}, {"x": Decimal(0)})


@pytest.mark.parametrize("text", ["string length(nama)", "umur + 1", "tanggal.month", "null"])
def test_what_is_computed_may_not_have_every_value(text: str):
    assert not found([text], [["< 5"], [">= 6"]]).gaps
    assert not found([text], [["< 5"], ["< 6"]]).overlaps


def test_a_computed_input_does_not_hide_the_gap_of_another():
    (gap,) = found(["count(anak)", "umur"], [["-", "< 5"], ["3", ">= 6"]]).gaps
    assert gap.columns == {"count(anak)": "-", "umur": "[5..6)"}


def test_the_result_of_another_decision_may_not_have_every_value():
    one = logic(["risiko"], [['"tinggi"'], ['not("rendah")']], ["string"])
    assert analyse(one).gaps
    assert analyse(one).overlaps
    other = analyse(one, frozenset({"risiko"}))
    assert not other.gaps
    assert not other.overlaps


def test_an_entry_and_the_context_around_it_are_not_free_of_each_other():
    assert not found(["anak", "anak.umur"], [["-", "< 5"], ["-", "< 6"]]).gaps
    assert found(["anak.nama", "anak.umur"], [["-", "< 5"]]).gaps


def test_an_undeclared_input_has_the_kinds_of_its_cells():
    assert gaps("< 5", of="Any") == [">= 5"]
    assert gaps("< 5", '"a"', of="Any") == ['>= 5, ? instance of string and not(? in ("a"))']


def test_a_type_that_no_cell_agrees_with_is_taken_for_a_slip():
    analysis = found(["x"], [["< 5"], ["> 5"]], ["string"])
    assert not analysis.unreachable
    assert [gap.columns["x"] for gap in analysis.gaps] == ["5"]


def test_two_rules_of_a_unique_table_may_not_match_at_once():
    rules = [["[0..17]", "-"], ["> 12", '"berat"'], ["< 0", "-"]]
    (overlap,) = found(["umur", "tingkat"], rules, ["number", "string"]).overlaps
    assert overlap.rules == ("r1", "r2")
    assert overlap.columns == {"umur": "(12..17]", "tingkat": '"berat"'}
    assert overlap.example == {"umur": Decimal(14), "tingkat": "berat"}


def test_two_rules_that_take_null_overlap():
    (overlap,) = found(["x"], [['not("a")'], ["null"]], ["string"]).overlaps
    assert (overlap.columns, overlap.example) == ({"x": "null"}, {"x": None})


def test_rules_that_touch_do_not_overlap():
    assert not found(["x"], [["[1..5)"], ["[5..9]"]]).overlaps
    assert found(["x"], [["[1..5]"], ["[5..9]"]]).overlaps


def test_under_any_only_different_answers_overlap():
    rules = [["< 5", '"ya"'], ["< 6", '"ya"'], ["< 7", '"tidak"'], ["< 8", "string(batas)"]]
    analysis = found(["x"], rules, policy="ANY")
    assert [overlap.rules for overlap in analysis.overlaps] == [("r1", "r3"), ("r2", "r3")]


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY", "COLLECT", "RULE ORDER"])
def test_other_policies_let_rules_overlap(policy: str):
    assert not found(["x"], [["< 5"], ["< 6"]], policy=policy, values=['"ya"']).overlaps


def test_a_cell_that_cannot_be_told_overlaps_with_nothing():
    assert not found(["x"], [["-"], ["? > batas"]]).overlaps


def test_five_overlaps_are_named_and_the_others_counted():
    analysis = found(["x"], [["-"]] * 5)
    assert (len(analysis.overlaps), analysis.more_overlaps) == (5, 5)


def test_a_rule_behind_those_that_answer_everything_never_speaks():
    (dead,) = found(["x"], [["< 5"], [">= 5"], ["[3..7]"], ["-"]], policy="FIRST").unreachable
    assert (dead.rule, dead.by, dead.columns) == ("r3", ("r1", "r2"), {"x": "[3..7]"})


def test_a_rule_for_null_alone_is_not_dead():
    assert not found(["x"], [["true"], ["false"], ["-"]], ["boolean"], policy="FIRST").unreachable


def test_a_rule_of_low_priority_behind_others_never_speaks():
    rules = [["< 5", '"rendah"'], ["< 7", '"tinggi"'], ["> 3", '"sedang"']]
    analysis = found(["x"], rules, policy="PRIORITY", values=['"tinggi","sedang","rendah"'])
    assert [(dead.rule, dead.by) for dead in analysis.unreachable] == [("r1", ("r2", "r3"))]


def test_a_computed_answer_has_no_known_priority():
    rules = [["< 5", "x"], ["< 7", '"tinggi"']]
    assert not found(["x"], rules, policy="PRIORITY", values=['"tinggi","rendah"']).unreachable


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "COLLECT"])
@pytest.mark.parametrize(("of", "cell"), [("number", "[5..1]"), ("boolean", '"ya"'), ("number", "< null")])
def test_a_cell_that_holds_for_nothing_makes_a_dead_rule(policy: str, of: str, cell: str):
    (dead,) = found(
        ["x"], [["null"], ["true" if of == "boolean" else "1"], [cell]], [of], policy=policy
    ).unreachable
    assert (dead.rule, dead.empty, dead.by) == ("r3", "x", ())


def test_a_value_that_is_not_allowed_makes_a_dead_rule():
    (dead,) = found(["x"], [['"a"'], ['"c"']], ["string"], allowed=['"a","b"']).unreachable
    assert (dead.rule, dead.empty) == ("r2", "x")


def test_what_cannot_be_told_is_covered_by_the_same_text_alone():
    rules = [["? > batas", "< 5"], ["? > batas", ">= 5"], ["? > batas", "[4..6]"], ["? > lain", "[4..6]"]]
    assert [dead.rule for dead in found(["x", "y"], rules, policy="FIRST").unreachable] == ["r3"]
    assert [dead.rule for dead in found(["x"], [["-"], ["f(?)"]], policy="FIRST").unreachable] == ["r2"]


def test_dates_and_durations_come_as_python_has_them():
    (gap,) = found(["d", "p"], [['< @"2026-03-01"', "-"]], ["date", "dayTimeDuration"]).gaps
    assert gap.example == {"d": date(2026, 3, 1), "p": timedelta()}


def test_zones_that_differ_are_not_compared():
    """Clocks without a zone are compared as they stand, so that no order holds for all of them."""
    cells = ['< @"2026-01-01T10:00:00Z"', '>= @"2026-01-01T10:00:00+07:00"']
    assert gaps(*cells, of="dateTime") == []
    assert gaps('< @"2026-01-01T10:00:00@Asia/Jakarta"', of="dateTime") == []


def test_numbers_without_room_between_them_make_no_example():
    smallest = "1." + "0" * 32 + "1"
    assert gaps("<= 1", f">= {smallest}") == []


RANDOM = random.Random(20261129)


def _range() -> str:
    start = RANDOM.randrange(90_000) / 100
    return f"[{start}..{start + RANDOM.randrange(1, 50_000) / 100}]"


LARGE = {
    "points": [[str(RANDOM.randrange(200)) for _ in "abcde"] for _ in range(1_000)],
    "ranges": [[_range() for _ in "abcde"] for _ in range(1_000)],
    "texts": [[f'"{RANDOM.choice("abcdefgh")}"' for _ in "abcde"] for _ in range(1_000)],
    "computed": [[f"{letter} + {n}" for letter in "abcde"] for n in range(1_000)],
}


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
@pytest.mark.parametrize("kind", LARGE)
def test_a_thousand_rules_of_five_columns_take_about_a_second(kind: str, policy: str):
    of = "string" if kind == "texts" else "number"
    large = logic(list("abcde"), LARGE[kind], [of] * 5, policy=policy)
    found: list[Analysis] = []
    assert effort(lambda: found.append(analyse(large))) < 2_000
    [analysis] = found
    assert analysis.too_large == (kind == "ranges")
    assert bool(analysis.gaps) == (kind != "computed")


def test_a_table_beyond_all_bounds_is_too_large():
    assert found(["x"], [["1"]] * 3_001) == Analysis(too_large=True)
    assert found([f"x{n}" for n in range(101)], [["1"] * 101]) == Analysis(too_large=True)
