"""Random tables: what the analysis says of them is what they do."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from engine.definitions.dmn.analysis import analyse, differences
from engine.errors import DecisionError
from tests.unit.dmn.random_tables import Made, lies_in, matching, tables

SINGLE = ["UNIQUE", "ANY", "FIRST", "PRIORITY"]


def answer(made: Made, inputs: dict[str, Any]) -> Any:
    """What a table says, or that it refuses to, whatever its words."""
    try:
        return made.decision.evaluate({"z": 2, **inputs}).value
    except DecisionError:
        return "error"


@given(made=tables(SINGLE, opaque=True), data=st.data())
def test_the_example_of_a_gap_matches_no_rule_and_no_input_in_it_does(made: Made, data: st.DataObject):
    inputs = data.draw(made.any_inputs)
    for gap in analyse(made.table).gaps:
        assert all(
            column.allowed is None or column.allowed.matches(gap.example[column.expression.text], {})
            for column in made.table.inputs
        )
        assert lies_in(gap.columns, gap.example)
        assert matching(made.table, gap.example, z=2) == []
        if lies_in(gap.columns, inputs) and None not in inputs.values():
            assert matching(made.table, inputs, z=2) == []


@given(made=tables(SINGLE, names="xy"))
def test_every_input_that_matches_no_rule_lies_in_exactly_one_gap(made: Made):
    found = analyse(made.table)
    if not found.more_gaps:
        for inputs in made.all_inputs[::3]:
            if None not in inputs.values():
                around = [gap for gap in found.gaps if lies_in(gap.columns, inputs)]
                assert len(around) == (0 if matching(made.table, inputs) else 1)


@given(made=tables(["UNIQUE", "ANY"], opaque=True), data=st.data())
def test_the_example_of_an_overlap_matches_both_rules_and_the_table_refuses_it(
    made: Made, data: st.DataObject
):
    inputs = data.draw(made.any_inputs)
    for overlap in analyse(made.table).overlaps:
        assert lies_in(overlap.columns, overlap.example)
        assert set(overlap.rules) <= set(matching(made.table, overlap.example, z=2))
        assert answer(made, overlap.example) == "error"
        if lies_in(overlap.columns, inputs):
            assert set(overlap.rules) <= set(matching(made.table, inputs, z=2))


@given(made=tables(["UNIQUE", "ANY"], names="xy"))
def test_a_table_without_overlaps_refuses_nothing(made: Made):
    found = analyse(made.table)
    if not found.overlaps:
        assert not any(answer(made, inputs) == "error" for inputs in made.all_inputs[::3])


@given(
    made=tables(["FIRST", "PRIORITY", "UNIQUE", "COLLECT"], opaque=True), z=st.sampled_from([1, 2, "a", None])
)
def test_an_unreachable_rule_never_speaks(made: Made, z: Any):
    dead = {found.rule for found in analyse(made.table).unreachable}
    if dead and made.table.hit_policy == "UNIQUE":
        assert not any(
            dead.intersection(matching(made.table, inputs, z=z)) for inputs in made.all_inputs[::3]
        )
    elif dead:
        for inputs in made.all_inputs[::3]:
            assert not dead.intersection(made.decision.evaluate({"z": z, **inputs}).rules)


@given(made=tables(["FIRST"], names="xy", most=4))
def test_a_rule_that_speaks_nowhere_is_found_unreachable(made: Made):
    """The values of the inputs lie in every piece that the cells make."""
    spoken = {rule for inputs in made.all_inputs for rule in matching(made.table, inputs)[:1]}
    dead = {found.rule for found in analyse(made.table).unreachable}
    assert dead == {rule.id for rule in made.table.rules} - spoken


@st.composite
def versions(draw: st.DrawFn, *, opaque: bool) -> tuple[Made, Made]:
    """Two tables: others, or the same with some rules of another one of its kind."""
    old = draw(tables(["UNIQUE", "FIRST", "COLLECT", "RULE ORDER"], opaque=opaque, names="xy"))
    new = draw(tables(["UNIQUE", "FIRST", "COLLECT", "RULE ORDER"], opaque=opaque, names="xy"))
    if draw(st.booleans()) and old.types == new.types:
        rows = draw(st.permutations([*old.rows, *new.rows]))[: len(old.rows) + 1]
        new = replace(old, rows=tuple(rows))
    return old, new


@given(pair=versions(opaque=True), data=st.data())
def test_an_input_changes_its_answer_only_in_a_region_that_is_told(
    pair: tuple[Made, Made], data: st.DataObject
):
    old, new = pair
    found = differences(
        old.table,
        new.table,
        lambda inputs: answer(old, inputs),
        lambda inputs: answer(new, inputs),
    )
    inputs = data.draw(new.any_inputs) | data.draw(old.any_inputs)
    around = [d for d in found if lies_in(d.columns, inputs)]
    assert len(around) <= 1
    change = (answer(old, inputs), answer(new, inputs))
    if not around:
        assert change[0] == change[1]
    elif around[0].certain:
        assert change == (around[0].before, around[0].after)
        assert change[0] != change[1]
    for difference in found:
        assert lies_in(difference.columns, difference.example)
        assert difference.before == answer(old, difference.example)
        assert difference.after == answer(new, difference.example)


@given(pair=versions(opaque=False))
def test_between_tables_without_computed_cells_every_change_is_certain(pair: tuple[Made, Made]):
    old, new = pair
    found = differences(
        old.table,
        new.table,
        lambda inputs: answer(old, inputs),
        lambda inputs: answer(new, inputs),
    )
    assert all(difference.certain for difference in found)


@given(made=tables(["UNIQUE", "FIRST", "COLLECT", "PRIORITY"], opaque=True))
def test_a_table_does_not_differ_from_itself(made: Made):
    assert differences(made.table, made.table, lambda _: "old", lambda _: "new") == []
