"""How a no is said: every field, in the order of the form, and nothing that a stranger sends breaks it."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FormInvalid
from tests.unit.forms.schemas import YES_NO, component, errors, form

EVERYTHING = form(
    component("textfield", "nama", required=True),
    component("group", "anak", components=[component("number", "umur"), component("textfield", "nik")]),
    component("radio", "setuju", values=YES_NO),
    component("textarea", "alasan", required=True, hide="=setuju != false"),
    component("checklist", "jenis", values=["a", "b"]),
    component("datetime", "kapan", subtype="datetime", properties={"tanggal": "tidak_di_depan"}),
    component("select", "petugas", valuesKey="daftar"),
    component("dynamiclist", "baris", components=[component("textfield", "a", required=True)]),
    component("expression", "jumlah", expression="=count(baris)"),
)


def test_all_errors_come_at_once_in_the_order_of_the_form():
    sent = {
        "zzz": 1,
        "kapan": "x",
        "jenis": ["c"],
        "setuju": False,
        "baris": [{}],
        "anak": {"umur": "1", "x": 1},
    }
    assert list(errors(EVERYTHING, sent)) == [
        "nama",
        "anak.umur",
        "alasan",
        "jenis",
        "kapan",
        "baris.0.a",
        "zzz",
        "anak.x",
    ]


def test_an_error_is_a_template_and_its_parameters():
    with pytest.raises(FormInvalid) as refused:
        EVERYTHING.check({}, {})
    [error] = refused.value.fields
    assert (error.field, error.template, error.parameters) == (
        "nama",
        "Fill in “%(label)s”.",
        {"label": "Nama"},
    )


def test_a_label_with_a_percent_sign_is_only_a_label():
    asked = form({"type": "number", "id": "n", "key": "n", "label": "Tingkat (100%)", "validate": {"max": 5}})
    assert errors(asked, {"n": 6}) == {"n": "Enter 5 or less for “Tingkat (100%)”."}


def test_a_field_has_one_error_even_if_much_is_wrong_with_it():
    asked = form(component("textfield", "nik", validate={"pattern": "^[0-9]+$", "minLength": 16}))
    with pytest.raises(FormInvalid) as refused:
        asked.check({"nik": "x"}, {})
    assert len(refused.value.fields) == 1


def test_a_key_that_the_form_does_not_have_is_named():
    assert errors(EVERYTHING, {"nama": "Ani", "assignee": "saya"}) == {
        "assignee": "Leave out “assignee”: this form has no such field."
    }


def test_a_long_key_is_cut():
    [name] = errors(EVERYTHING, {"nama": "Ani", "x" * 5000: 1})
    assert len(name) == 100


@pytest.mark.parametrize("sent", ["teks", 5, True, [{"umur": 5}]])
def test_a_group_is_an_object(sent):
    assert errors(EVERYTHING, {"nama": "Ani", "anak": sent}) == {
        "anak": "Send “anak” as an object of fields."
    }


def test_an_absent_or_null_group_is_no_answers():
    assert "anak" not in EVERYTHING.check({"nama": "Ani", "anak": None}, {})
    assert "anak" not in EVERYTHING.check({"nama": "Ani"}, {})


@pytest.mark.parametrize("data", [None, [], "teks", 5, True])
def test_a_submission_is_an_object(data):
    assert errors(EVERYTHING, data) == {"": "Send the form as an object of fields."}


def test_values_nested_too_deeply_are_refused_in_a_sentence():
    deep: object = "x"
    for _ in range(5000):
        deep = [deep]
    assert errors(EVERYTHING, {"nama": deep}) == {
        "": "Send the form without values nested deeper than 32 levels."
    }


def test_too_many_values_are_refused_in_a_sentence():
    assert errors(EVERYTHING, {"jenis": ["a"] * 30_000}) == {"": "Send the form with at most 20000 values."}


def test_a_text_without_end_is_too_long():
    assert errors(EVERYTHING, {"nama": "x" * 1_000_000}) == {
        "nama": "Write at most 100000 characters for “Nama”."
    }


@pytest.mark.parametrize("sent", ["\ud800", "a\0b", b"bytes", {1, 2}, object()])
def test_what_no_database_keeps_is_refused(sent):
    assert errors(EVERYTHING, {"nama": sent}).keys() == {"nama"}


def test_one_unreadable_field_does_not_hide_the_errors_of_others():
    sent = {"nama": "\ud800", "kapan": "x"}
    assert errors(EVERYTHING, sent)["nama"].startswith("Enter “Nama” again")
    assert errors(EVERYTHING, sent).keys() == {"nama", "kapan"}


@pytest.mark.parametrize("sent", [{"\ud800": 1}, {"a": "\ud800"}, {"a": ["\0"]}, {1: "a"}])
def test_what_no_database_keeps_is_refused_inside_a_value_too(sent):
    assert errors(EVERYTHING, {"nama": "Ani", "petugas": sent}).keys() == {"petugas"}
    assert errors(EVERYTHING, {"nama": "Ani", "petugas": {"a": ["b"]}}) == {}


def test_a_key_with_half_a_character_is_named_in_whole_ones():
    assert list(errors(EVERYTHING, {"nama": "Ani", "a\ud800": 1})) == ["a?"]


def test_a_submission_is_not_changed():
    sent = {"nama": " Ani ", "baris": [{"a": " x "}], "anak": {"umur": 5.0}}
    before = json.dumps(sent)
    EVERYTHING.check(sent, {})
    assert json.dumps(sent) == before


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["2026-11-21", "a"]),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=4), below, max_size=4),
    max_leaves=12,
)
KEYS = [*sorted(EVERYTHING.keys), "lain"]


@given(st.dictionaries(st.sampled_from(KEYS), JSON), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_whatever_is_sent_is_accepted_or_refused_field_by_field(data, variables):
    said = errors(EVERYTHING, data, variables)
    assert all(said.keys())
    assert all(said.values())
    if not said:
        accepted = EVERYTHING.check(data, variables)
        assert accepted.keys() <= EVERYTHING.keys
        assert EVERYTHING.check(accepted, variables) == accepted


def test_a_decimal_is_a_number_but_not_json_and_is_kept_out_of_text():
    assert errors(EVERYTHING, {"nama": Decimal(5)}) == {"nama": "Enter “Nama” as text."}
