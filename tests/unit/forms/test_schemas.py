"""Which schemas are read, and what the linter is told about the others."""

import json

import pytest

from engine.definitions.forms import check_schema, parse_form
from engine.errors import FormRefused
from tests.unit.forms.schemas import YES_NO, component, content


def problems(*components, **more):
    return [
        (p.component_id, p.severity, str(p)) for p in check_schema(content(*components, **more), "x.form")
    ]


def found(*components):
    """The sentences about some components, without the names in front."""
    return [sentence for _, _, sentence in problems(*components)]


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"\xff\xfe", "it is not UTF-8 text"),
        (b"[]", "it is not a form-js form"),
        (b'{"type": "default", "id": "a"}', "it is not a form-js form"),
        (b'{"type": "group", "id": "a", "components": []}', "it is not a form-js form"),
        (b'{"type": "default", "components": []}', "the form has no id"),
        (b'{"type": "default", "id": 5, "components": []}', "the form has no id"),
        (b'{"type": "default", "id": "a", "id": "b", "components": []}', "the name 'id' stands twice"),
        (b'{"type": "default", "id": "a", "components": {}}', "'components' is not a list"),
        (b'{"type": "default", "id": "a", "components": [5]}', "a component is not an object"),
        (b'{"type": "default", "id": "a", "components": [{"key": "a"}]}', "a component is not an object"),
        (b'{"type": "default", "id": "a", "x": NaN, "components": []}', "NaN is not a JSON number"),
        (b"[" * 100_000, "it is nested too deeply"),
        (b" " * 1_000_001, "it is larger than 1 MB"),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(file, reason):
    with pytest.raises(FormRefused, match=r"x\.form") as refused:
        parse_form(file, "x.form")
    assert reason in str(refused.value)
    [problem] = check_schema(file, "x.form")
    assert (problem.component_id, str(problem)) == ("", str(refused.value))


@pytest.mark.parametrize("name", ["validate", "conditional", "properties"])
def test_the_parts_of_a_component_have_their_shape(name):
    with pytest.raises(FormRefused, match=f"'{name}' of a component is not an object"):
        parse_form(content(component("textfield", "a", **{name: []})), "x.form")


@pytest.mark.parametrize("odd", [[], {}, [["date"]], 5])
def test_a_property_that_names_a_kind_is_text(odd):
    for name, given in (
        ("subtype", {"subtype": odd}),
        ("validationType", {"validate": {"validationType": odd}}),
        ("anggota", {"properties": {"anggota": odd}}),
    ):
        with pytest.raises(FormRefused, match=f"'{name}' of a component is not text"):
            parse_form(content(component("datetime", "a", **given)), "x.form")


def test_groups_within_groups_have_an_end():
    inner = component("textfield", "a")
    for n in range(30):
        inner = {"type": "group", "id": f"g{n}", "components": [inner]}
    with pytest.raises(FormRefused, match="nested too deeply"):
        parse_form(content(inner), "x.form")


def test_a_form_has_not_more_than_a_thousand_components():
    with pytest.raises(FormRefused, match="more than 1000 components"):
        parse_form(content(*({"type": "separator", "id": f"s{n}"} for n in range(1001))), "x.form")


def test_a_byte_order_mark_does_not_matter():
    assert parse_form(b"\xef\xbb\xbf" + content(component("textfield", "a")), "x.form").keys == {"a"}


def test_the_same_file_is_read_once():
    file = content(component("textfield", "a"))
    assert parse_form(file, "x.form") is parse_form(bytes(file), "x.form")


def test_the_schema_is_kept_as_it_was_written():
    file = content(component("textfield", "a", layout={"row": "Row_1"}))
    assert parse_form(file, "x.form").schema == json.loads(file)


UNUSABLE = {
    "type": component("captcha", "a"),
    "key": component("textfield"),
    "empty part": component("textfield", "a..b"),
    "path": {"type": "dynamiclist", "id": "id_list", "label": "L", "components": []},
    "pattern": component("textfield", "a", validate={"pattern": "("}),
    "length": component("textfield", "a", validate={"minLength": -1}),
    "limit": component("number", "a", validate={"min": "banyak"}),
    "subtype": component("datetime", "a", subtype="week"),
    "options": component("select", "a"),
    "no options": component("radio", "a", values=[]),
    "empty option": component(
        "radio", "a", values=[{"label": "A", "value": "a"}, {"label": "B", "value": ""}]
    ),
    "condition": component("textfield", "a", hide="=1 +"),
    "condition in not": component("textfield", "a", hide="=not(1 +)"),
    "readonly": component("textfield", "a", readonly="=1 +"),
    "expression": component("expression", "a", expression="=1 +"),
    "bound": component("number", "a", validate={"max": "=1 +"}),
    "options expression": component("select", "a", valuesExpression="=1 +"),
}


@pytest.mark.parametrize("flaw", UNUSABLE)
def test_a_form_that_cannot_work_is_an_error_at_its_component(flaw):
    wrong = UNUSABLE[flaw]
    [(component_id, severity, sentence)] = problems(component("textfield", "baik"), wrong)
    assert (component_id, severity) == (wrong["id"], "error")
    with pytest.raises(FormRefused) as refused:
        parse_form(content(wrong), "x.form")
    assert sentence in str(refused.value)


def test_the_position_in_an_expression_is_told():
    [sentence] = found(component("textfield", "a", hide="=umur >"))
    assert "'=umur >'" in sentence
    assert "position" not in sentence or "7" in sentence


@pytest.mark.parametrize(
    "others",
    [
        [component("textfield", "a")],
        [component("number", "a.b")],
        [component("group", "a", components=[component("textfield", "b")])],
        [component("dynamiclist", "a", components=[])],
        [{"type": "group", "id": "g", "components": [component("textfield", "a")]}],
    ],
)
def test_two_components_do_not_write_to_the_same_place(others):
    others[0] = {**others[0], "id": "kedua"}
    [*_, (_, severity, sentence)] = problems(component("textfield", "a"), *others)
    assert severity == "error"
    assert "which another component already uses" in sentence or "used twice" in sentence


def test_groups_may_share_a_path_and_rows_have_keys_of_their_own():
    first = {**component("group", "anak", components=[component("textfield", "nama")]), "id": "g1"}
    second = {**component("group", "anak", components=[component("textfield", "nik")]), "id": "g2"}
    row = component("dynamiclist", "baris", components=[component("textfield", "a")])
    assert problems(first, second, component("textfield", "b"), row) == []
    parsed = parse_form(content(first, second), "x.form")
    assert parsed.check({"anak": {"nama": "A", "nik": "1"}}, {}) == {"anak": {"nama": "A", "nik": "1"}}


def test_an_id_is_used_once():
    twice = [{**component("textfield", key), "id": "sama"} for key in ("a", "b")]
    assert found(*twice) == ["The id sama is used twice; give every component its own."]


@pytest.mark.parametrize("source", [{"valuesKey": "x"}, {"valuesExpression": "=x"}])
def test_nobody_is_stuck_at_a_required_field_without_options(source):
    [sentence] = found(component("select", "a", required=True, **source))
    assert "takes its options from a variable" in sentence
    assert found(component("select", "a", **source)) == []


def test_a_field_without_a_label_is_a_warning():
    assert problems({"type": "textfield", "id": "x", "key": "a"}) == [
        ("x", "warning", "x has no label; say in words what is asked.")
    ]
    assert found({"type": "datetime", "id": "x", "key": "a", "subtype": "date", "dateLabel": "Tanggal"}) == []
    assert found({"type": "separator", "id": "x"}, {"type": "group", "id": "g", "components": []}) == []


def test_errors_come_before_warnings():
    silent = {"type": "textfield", "id": "x", "key": "a"}
    assert [
        severity
        for _, severity, _ in problems(silent, component("select", "b", required=True, valuesKey="v"))
    ] == [
        "error",
        "warning",
    ]


def test_a_condition_that_form_js_would_ignore_is_found():
    [sentence] = found(component("textfield", "a", hide="umur > 5"))
    assert "does not begin with '='" in sentence


def test_an_option_is_offered_once():
    assert "offers the same value twice" in found(component("select", "a", values=["x", "y", "x"]))[0]
    assert found(component("select", "a", values=[True, 1, "1"])) == []


def test_a_range_is_not_upside_down():
    assert "lower limit above" in found(component("number", "a", validate={"min": 5, "max": 4}))[0]
    assert (
        "lower limit above"
        in found(component("textfield", "a", validate={"minLength": 5, "maxLength": 4}))[0]
    )
    assert found(component("number", "a", validate={"min": 5, "max": 5})) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            component("textfield", "a", properties={"rahasia": "iya"}),
            component("textfield", "a", properties={"rahasia": "ya"}),
        ),
        (
            component("radio", "a", values=YES_NO, properties={"isian_baru": "true"}),
            component("radio", "a", values=YES_NO, properties={"isian_baru": "ya"}),
        ),
        (
            component("select", "a", values=["rendah", "tinggi"], properties={"tidak_turun": "rendah,tingi"}),
            component(
                "select", "a", values=["rendah", "tinggi"], properties={"tidak_turun": "rendah, tinggi"}
            ),
        ),
        (
            component("datetime", "a", subtype="date", properties={"tanggal": "lampau"}),
            component("datetime", "a", subtype="date", properties={"tanggal": "tidak_di_depan"}),
        ),
        (
            component("datetime", "a", subtype="time", properties={"tanggal": "tidak_di_depan"}),
            component("datetime", "a", subtype="datetime", properties={"tanggal": "tidak_di_depan"}),
        ),
        (
            component("select", "a", valuesKey="lain", properties={"anggota": "peksos"}),
            component("select", "a", valuesKey="anggota_peksos", properties={"anggota": "peksos"}),
        ),
        (
            component("textfield", "a", properties={"anggota": "peksos"}),
            component("textfield", "a", properties={"catatan": "bebas"}),
        ),
    ],
)
def test_a_mark_is_written_as_the_engine_reads_it(wrong, right):
    assert [severity for _, severity, _ in problems(wrong)] == ["error"]
    assert problems(right) == []


def test_a_member_is_not_asked_for_in_a_row():
    marks = {"valuesKey": "anggota_peksos", "properties": {"anggota": "peksos"}}
    row = component("dynamiclist", "baris", components=[component("select", "a", **marks)])
    assert "'anggota' needs a select outside of lists" in found(row)[0]


def test_a_schema_of_a_newer_form_js_is_a_warning():
    assert problems(component("textfield", "a"), schemaVersion=99) == [
        ("", "warning", "The form was written for a newer form-js (schema version 99).")
    ]


def test_a_form_has_one_field_for_files_and_outside_of_lists():
    file, other = component("filepicker", "foto"), component("filepicker", "surat")
    rows = {"type": "dynamiclist", "id": "Baris", "path": "baris", "components": [dict(other)]}
    said = "a form has one field for files"
    assert said not in str(problems(file))
    assert said in str(problems(file, other))
    assert said in str(problems(rows))
