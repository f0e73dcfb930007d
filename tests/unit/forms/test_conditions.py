"""Conditions come first; what they hide is dropped."""

import pytest

from engine.definitions.forms import check_schema
from tests.unit.forms.schemas import YES_NO, component, content, errors, form

REASON = component("textarea", "alasan", required=True, hide="=setuju != false")
DECISION = component("radio", "setuju", required=True, values=YES_NO)


def test_the_value_of_a_hidden_field_is_dropped_without_complaint():
    assert form(DECISION, REASON).check({"setuju": True, "alasan": "basa-basi"}, {}) == {"setuju": True}


def test_a_hidden_field_may_be_wrong_in_every_way():
    assert form(DECISION, REASON).check({"setuju": True, "alasan": {"bukan": ["teks"]}}, {}) == {
        "setuju": True
    }


def test_a_hidden_required_field_is_not_missed():
    assert errors(form(DECISION, REASON), {"setuju": True}) == {}


def test_a_shown_required_field_is_missed():
    assert errors(form(DECISION, REASON), {"setuju": False}) == {"alasan": "Fill in “Alasan”."}


def test_a_condition_sees_process_variables():
    asked = form(component("textfield", "wali", required=True, hide="=umur >= 18"))
    assert errors(asked, {}, {"umur": 17}).keys() == {"wali"}
    assert errors(asked, {}, {"umur": 18}) == {}


def test_what_is_submitted_wins_over_a_variable():
    assert errors(form(DECISION, REASON), {"setuju": True}, {"setuju": False}) == {}


def test_a_condition_that_is_null_hides_as_form_js_has_it():
    asked = form(component("textfield", "wali", required=True, hide="=umur >= 18"))
    assert asked.check({}, {}) == {}


def test_a_null_condition_within_not_shows():
    asked = form(component("textfield", "wali", required=True, hide="=not(umur < 18)"))
    assert errors(asked, {}).keys() == {"wali"}


def test_brackets_and_quotes_do_not_end_a_not_too_early():
    asked = form(component("textfield", "wali", required=True, hide='=not(")" = kode)'))
    assert errors(asked, {}, {"kode": ")"}).keys() == {"wali"}
    assert errors(asked, {}, {"kode": "x"}) == {}


def test_a_not_that_is_only_the_beginning_is_part_of_the_expression():
    asked = form(component("textfield", "wali", required=True, hide="=not(dewasa) and terdaftar"))
    assert errors(asked, {}, {"dewasa": True, "terdaftar": True}).keys() == {"wali"}
    assert errors(asked, {}, {"dewasa": False, "terdaftar": True}) == {}


def test_an_untouched_field_counts_as_form_js_would_show_it():
    asked = form(component("textfield", "catatan"), component("textfield", "x", hide='=catatan = ""'))
    assert asked.check({"x": "tersembunyi"}, {}) == {}
    ticked = form(component("checkbox", "cek"), component("textfield", "x", hide="=cek = false"))
    assert ticked.check({"x": "tersembunyi"}, {}) == {}


def test_a_default_value_counts_until_somebody_answers():
    asked = form(
        component("number", "n", defaultValue=3), component("textfield", "x", required=True, hide="=n = 3")
    )
    assert errors(asked, {}) == {}
    assert errors(asked, {"n": 4}).keys() == {"x"}


def test_what_a_hidden_field_says_does_not_hide_others():
    asked = form(
        component("radio", "a", values=YES_NO),
        component("radio", "b", values=YES_NO, hide="=a != true"),
        component("textfield", "c", required=True, hide="=b = true"),
    )
    assert errors(asked, {"a": False, "b": True}).keys() == {"c"}
    assert errors(asked, {"a": True, "b": True}) == {}


def test_a_chain_of_conditions_settles_whatever_its_length():
    chain = [component("radio", "k0", values=YES_NO)]
    for n in range(1, 7):
        chain.append(component("radio", f"k{n}", values=YES_NO, hide=f"=k{n - 1} != true"))
    sent = {f"k{n}": True for n in range(7)} | {"k0": False}
    assert form(*chain).check(sent, {}) == {"k0": False}


def test_conditions_that_hide_each_other_come_to_an_end():
    asked = form(
        component("radio", "a", values=YES_NO, hide="=b = true"),
        component("radio", "b", values=YES_NO, hide="=a = true"),
    )
    assert asked.check({"a": True, "b": True}, {}) == {"a": True, "b": True}


def test_a_hidden_group_hides_what_is_in_it():
    asked = form(
        component("radio", "ada", values=YES_NO),
        component(
            "group", "anak", hide="=ada != true", components=[component("textfield", "nama", required=True)]
        ),
    )
    assert asked.check({"ada": False, "anak": {"nama": "Budi"}}, {}) == {"ada": False}
    assert errors(asked, {"ada": True}) == {"anak.nama": "Fill in “Nama”."}


def test_a_condition_reads_fields_in_a_group_by_their_path():
    asked = form(
        component("group", "anak", components=[component("number", "umur")]),
        component("textfield", "wali", required=True, hide="=anak.umur >= 18"),
    )
    assert errors(asked, {"anak": {"umur": 17}}).keys() == {"wali"}
    assert errors(asked, {"anak": {"umur": 18}}) == {}


def test_a_group_of_the_case_is_completed_by_what_is_submitted():
    asked = form(
        component("group", "anak", components=[component("textfield", "nama")]),
        component("textfield", "wali", required=True, hide="=anak.umur >= 18"),
    )
    variables = {"anak": {"umur": 20, "nama": "Budi"}}
    assert errors(asked, {"anak": {"nama": "Siti"}}, variables) == {}
    assert variables == {"anak": {"umur": 20, "nama": "Budi"}}


def test_a_hidden_field_shows_conditions_the_value_of_the_case():
    asked = form(
        component("radio", "ubah", values=YES_NO),
        component("select", "jalur", values=["rj", "diversi"], hide="=ubah != true"),
        component("textfield", "mediator", required=True, hide='=jalur != "rj"'),
    )
    assert errors(asked, {"ubah": False, "jalur": "diversi"}, {"jalur": "rj"}).keys() == {"mediator"}


def test_a_fresh_field_begins_empty_for_conditions_too():
    asked = form(
        component("radio", "rujuk", values=YES_NO, properties={"isian_baru": "ya"}),
        component("textfield", "tujuan", required=True, hide="=rujuk != true"),
    )
    assert errors(asked, {}, {"rujuk": True}) == {}


@pytest.mark.parametrize("lock", [{"readonly": True}, {"disabled": True}, {"readonly": "=terkunci"}])
def test_a_locked_field_keeps_the_value_of_the_case_and_asks_for_nothing(lock):
    asked = form(
        component("number", "umur", required=True, **lock),
        component("textfield", "wali", required=True, hide="=umur >= 18"),
    )
    variables = {"umur": 17, "terkunci": True}
    assert asked.check({"umur": 40, "wali": "Ani"}, variables) == {"wali": "Ani"}
    assert errors(asked, {"umur": 40}, variables).keys() == {"wali"}


def test_a_field_that_is_readonly_by_a_condition_that_fails_is_a_field():
    asked = form(component("number", "umur", required=True, readonly="=terkunci = true"))
    assert errors(asked, {}, {"terkunci": False}).keys() == {"umur"}


def test_an_expression_field_is_computed_here_whatever_was_sent():
    asked = form(
        component("number", "a"),
        component("expression", "dua_kali", expression="=a * 2"),
        component("expression", "empat_kali", expression="=dua_kali * 2"),
        component("textfield", "sebab", required=True, hide="=empat_kali < 10"),
    )
    assert asked.check({"a": 2, "dua_kali": 99, "empat_kali": 99}, {}) == {
        "a": 2,
        "dua_kali": 4,
        "empat_kali": 8,
    }
    assert errors(asked, {"a": 3}).keys() == {"sebab"}


def test_a_hidden_expression_field_is_not_computed():
    asked = form(component("number", "a"), component("expression", "b", expression="=a", hide="=a > 5"))
    assert asked.check({"a": 6}, {}) == {"a": 6}


def test_a_limit_may_be_an_expression():
    asked = form(
        component("number", "dari"),
        component("number", "sampai", validate={"min": "=dari", "max": "=dari + 10"}),
    )
    assert errors(asked, {"dari": 5, "sampai": 4}) == {"sampai": "Enter 5 or more for “Sampai”."}
    assert errors(asked, {"dari": 5, "sampai": 16}) == {"sampai": "Enter 15 or less for “Sampai”."}
    assert errors(asked, {"dari": 5, "sampai": 15}) == {}
    assert errors(asked, {"sampai": 4}) == {}


def test_a_length_may_be_an_expression():
    asked = form(component("textfield", "kode", validate={"minLength": "=panjang", "maxLength": "=panjang"}))
    assert errors(asked, {"kode": "ab"}, {"panjang": 3}) == {
        "kode": "Write at least 3 characters for “Kode”."
    }
    assert errors(asked, {"kode": "abcd"}, {"panjang": 3}) == {
        "kode": "Write at most 3 characters for “Kode”."
    }


@pytest.mark.parametrize("hide", ["=(", "=a = ", "=1 +", '="'])
def test_a_condition_that_does_not_parse_is_found_before_anybody_meets_it(hide):
    problems = check_schema(content(component("textfield", "a", hide=hide)), "x.form")
    assert [problem.component_id for problem in problems] == ["id_a"]
