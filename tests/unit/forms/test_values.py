"""What each kind of field takes, and what it makes of no answer."""

from typing import Any

import pytest

from tests.unit.forms.schemas import YES_NO, component, errors, form

OPTIONS = [{"label": "Laporan", "value": "laporan"}, {"label": "Undangan", "value": "undangan"}]
KINDS: dict[str, dict[str, Any]] = {
    "textfield": {},
    "textarea": {},
    "number": {},
    "radio": {"values": OPTIONS},
    "select": {"values": OPTIONS},
    "checklist": {"values": OPTIONS},
    "taglist": {"values": OPTIONS},
    "datetime": {"subtype": "date"},
    "filepicker": {},
}
GOOD = {
    "textfield": "teks",
    "textarea": "teks",
    "number": 5,
    "radio": "laporan",
    "select": "undangan",
    "checklist": ["laporan"],
    "taglist": ["undangan", "laporan"],
    "datetime": "2026-11-21",
    "filepicker": ["0123456789abcdef" * 2],
}


@pytest.mark.parametrize("type_", KINDS)
def test_a_field_takes_what_its_kind_holds(type_):
    assert form(component(type_, "k", required=True, **KINDS[type_])).check({"k": GOOD[type_]}, {}) == {
        "k": GOOD[type_]
    }


@pytest.mark.parametrize("type_", KINDS)
@pytest.mark.parametrize("nothing", ["", None, []])
def test_no_answer_to_an_optional_field_is_stored_as_form_js_submits_it(type_, nothing):
    empty = {"textfield": "", "textarea": "", "checklist": [], "taglist": [], "filepicker": []}.get(type_)
    assert form(component(type_, "k", **KINDS[type_])).check({"k": nothing}, {}) == {"k": empty}


@pytest.mark.parametrize("type_", ["textfield", "textarea"])
def test_blanks_are_no_text(type_):
    assert form(component(type_, "k")).check({"k": " \n "}, {}) == {"k": ""}


@pytest.mark.parametrize("type_", KINDS)
@pytest.mark.parametrize("data", [{}, {"k": ""}, {"k": None}, {"k": []}])
def test_no_answer_to_a_required_field_is_an_error(type_, data):
    assert errors(form(component(type_, "k", required=True, **KINDS[type_])), data).keys() == {"k"}


LISTS = ("checklist", "taglist", "filepicker")


@pytest.mark.parametrize("type_", LISTS)
def test_an_absent_list_counts_as_empty(type_):
    assert form(component(type_, "k", **KINDS[type_])).check({}, {}) == {"k": []}


@pytest.mark.parametrize("type_", [type_ for type_ in KINDS if type_ not in LISTS])
def test_an_absent_answer_to_another_field_leaves_the_variable_alone(type_):
    assert form(component(type_, "k", **KINDS[type_])).check({}, {}) == {}


@pytest.mark.parametrize("type_", KINDS)
@pytest.mark.parametrize("wrong", [True, 3.5, {"a": 1}, [{"a": 1}], "bukan ini", ["bukan ini"]])
def test_a_value_of_another_kind_is_refused(type_, wrong):
    fits = {
        "textfield": isinstance(wrong, str),
        "textarea": isinstance(wrong, str),
        "number": wrong == 3.5,
    }
    assert bool(errors(form(component(type_, "k", **KINDS[type_])), {"k": wrong})) is not fits.get(
        type_, False
    )


@pytest.mark.parametrize("answer", [True, False])
def test_a_required_question_with_boolean_answers_takes_both(answer):
    asked = form(component("radio", "setuju", required=True, values=YES_NO))
    assert asked.check({"setuju": answer}, {}) == {"setuju": answer}


@pytest.mark.parametrize("answer", [1, 0, "true", "false", "ya"])
def test_a_question_with_boolean_answers_takes_nothing_that_looks_like_them(answer):
    asked = form(component("radio", "setuju", required=True, values=YES_NO))
    assert errors(asked, {"setuju": answer}) == {"setuju": "Choose one of the answers offered for “Setuju”."}


def test_a_required_checkbox_must_be_ticked_as_in_the_browser():
    asked = form(component("checkbox", "paham", required=True))
    assert asked.check({"paham": True}, {}) == {"paham": True}
    assert errors(asked, {"paham": False}) == {"paham": "Tick “Paham” to go on."}
    assert errors(asked, {}) == {"paham": "Tick “Paham” to go on."}


def test_an_optional_checkbox_takes_true_false_and_nothing():
    asked = form(component("checkbox", "paham"))
    assert [asked.check({"paham": sent}, {})["paham"] for sent in (True, False, None)] == [True, False, False]
    assert errors(asked, {"paham": "true"}) == {"paham": "Answer “Paham” with true or false."}


def test_a_text_loses_the_space_around_it_and_a_line_its_breaks():
    asked = form(component("textfield", "nama"), component("textarea", "uraian"))
    assert asked.check({"nama": "  Budi\tSantoso\n", "uraian": " satu\ndua \n"}, {}) == {
        "nama": "Budi Santoso",
        "uraian": "satu\ndua",
    }


def test_blanks_are_no_answer_to_a_required_text():
    assert errors(form(component("textarea", "alasan", required=True)), {"alasan": " \n "}).keys() == {
        "alasan"
    }


@pytest.mark.parametrize(
    "nik", ["320101010101000", "32010101010100011", "320101010101000a", "٣٢٠١٠١٠١٠١٠١٠٠٠١"]
)
def test_a_pattern_is_the_one_of_the_browser_with_its_message(nik):
    rule = {"pattern": r"^\d{16}$", "patternErrorMessage": "NIK terdiri atas 16 angka (100% angka)."}
    asked = form(component("textfield", "nik", validate=rule))
    assert errors(asked, {"nik": nik}) == {"nik": "NIK terdiri atas 16 angka (100% angka)."}
    assert errors(asked, {"nik": "3201010101010001"}) == {}


def test_a_pattern_without_a_message_gets_a_plain_sentence():
    asked = form(component("textfield", "kode", validate={"pattern": "[A-Z]"}))
    assert errors(asked, {"kode": "a"}) == {"kode": "Write “Kode” in the form that is asked for."}
    assert errors(asked, {"kode": "aAa"}) == {}


def test_a_pattern_that_backtracks_without_end_is_a_no():
    asked = form(component("textfield", "kode", validate={"pattern": r"^(a+)+\1$"}))
    assert errors(asked, {"kode": "a" * 60 + "!"}).keys() == {"kode"}


def test_lengths_are_counted_without_the_space_around():
    asked = form(component("textfield", "kode", validate={"minLength": 3, "maxLength": 4}))
    assert errors(asked, {"kode": " ab "}) == {"kode": "Write at least 3 characters for “Kode”."}
    assert errors(asked, {"kode": "abcde"}) == {"kode": "Write at most 4 characters for “Kode”."}
    assert errors(asked, {"kode": "  abcd  "}) == {}


@pytest.mark.parametrize(
    ("address", "fits"), [("ani@contoh.id", True), ("ani@", False), ("ani contoh.id", False)]
)
def test_an_e_mail_address_has_its_form(address, fits):
    asked = form(component("textfield", "surel", validate={"validationType": "email"}))
    assert (errors(asked, {"surel": address}) == {}) is fits


@pytest.mark.parametrize(
    ("number", "fits"), [("+6281234567890", True), ("0062811234567", True), ("0812", False)]
)
def test_a_telephone_number_has_its_country_code(number, fits):
    asked = form(component("textfield", "telepon", validate={"validationType": "phone"}))
    assert (errors(asked, {"telepon": number}) == {}) is fits


@pytest.mark.parametrize("sent", ["5", "5.0", True, [5], float("nan"), float("inf"), 10**400, -(10**400)])
def test_a_number_is_a_number_and_nothing_that_looks_like_one(sent):
    assert errors(form(component("number", "n")), {"n": sent}).keys() == {"n"}


def test_a_whole_number_is_stored_as_one():
    stored = form(component("number", "n", decimalDigits=0)).check({"n": 14.0}, {})["n"]
    assert stored == 14
    assert isinstance(stored, int)


@pytest.mark.parametrize(
    ("rule", "sent", "sentence"),
    [
        ({"decimalDigits": 0}, 1.5, "Enter “N” as a whole number in digits, without other characters."),
        ({"decimalDigits": 2}, 1.234, "Enter “N” with at most 2 digits after the decimal point."),
        ({"increment": 0.5}, 1.3, "Enter a multiple of 0.5 for “N”."),
        ({"validate": {"min": 0}}, -1, "Enter 0 or more for “N”."),
        ({"validate": {"max": 120}}, 121, "Enter 120 or less for “N”."),
        ({"validate": {"max": "120"}}, 121, "Enter 120 or less for “N”."),
    ],
)
def test_a_number_keeps_within_its_rules(rule, sent, sentence):
    assert errors(form(component("number", "n", **rule)), {"n": sent}) == {"n": sentence}


@pytest.mark.parametrize("sent", [0.07, 1.15, 4.35, 1.1, 0.1])
def test_decimal_digits_are_counted_as_written_not_in_binary(sent):
    assert errors(form(component("number", "n", decimalDigits=2)), {"n": sent}) == {}


def test_zero_is_an_answer():
    assert form(component("number", "n", required=True)).check({"n": 0}, {}) == {"n": 0}


def test_a_number_that_form_js_writes_as_text_stays_text():
    asked = form(component("number", "n", serializeToString=True, validate={"max": 10}))
    assert asked.check({"n": "9.50"}, {}) == {"n": "9.50"}
    assert asked.check({"n": 9.5}, {}) == {"n": "9.5"}
    assert errors(asked, {"n": "11"}) == {"n": "Enter 10 or less for “N”."}
    assert errors(asked, {"n": "sebelas"}).keys() == {"n"}


@pytest.mark.parametrize("sent", ["lain", "", None, "Laporan", 1, ["laporan"]])
def test_a_choice_is_one_of_the_answers_offered(sent):
    asked = form(component("select", "jenis", required=True, values=OPTIONS))
    assert errors(asked, {"jenis": sent}).keys() == {"jenis"}


def test_a_list_holds_answers_offered_each_once():
    asked = form(component("checklist", "jenis", values=OPTIONS))
    assert errors(asked, {"jenis": ["laporan", "lain"]}) == {
        "jenis": "Choose only from the answers offered for “Jenis”."
    }
    assert errors(asked, {"jenis": ["laporan", "laporan"]}) == {
        "jenis": "Choose each answer for “Jenis” only once."
    }


def test_options_may_be_plain_values():
    asked = form(component("select", "jenis", values=["a", 1, {"value": 2}, {"label": "B", "value": "b"}]))
    assert [errors(asked, {"jenis": sent}) for sent in ("a", 1, 2, "b")] == [{}] * 4
    assert errors(asked, {"jenis": "c"}) != {}


@pytest.mark.parametrize("source", [{"valuesKey": "daftar"}, {"valuesExpression": "=daftar"}])
def test_answers_from_a_variable_are_taken_as_they_come(source):
    asked = form(component("select", "petugas", **source))
    assert [errors(asked, {"petugas": sent}) for sent in ("ani", 7, True)] == [{}] * 3
    assert errors(asked, {"petugas": ["ani"]}) != {}


def test_a_member_is_a_user_id():
    marks = {"valuesKey": "anggota_peksos", "properties": {"anggota": "peksos"}}
    asked = form(component("select", "petugas", **marks))
    assert dict(asked.members) == {"petugas": "peksos"}
    assert asked.check({"petugas": "ani@natuna"}, {}) == {"petugas": "ani@natuna"}
    assert asked.check({"petugas": ""}, {}) == {"petugas": None}
    assert errors(asked, {"petugas": 7}) != {}


@pytest.mark.parametrize("sent", ["berkas.pdf", "files::a", 5, ["files::a"], ["../" * 11], {"a": 1}])
def test_files_are_ids(sent):
    assert errors(form(component("filepicker", "lampiran")), {"lampiran": sent}) == {
        "lampiran": "Attach the file for “Lampiran” again."
    }


@pytest.mark.parametrize(
    "type_", ["text", "html", "button", "separator", "spacer", "image", "table", "iframe", "documentPreview"]
)
def test_a_component_that_only_shows_something_carries_no_data(type_):
    shown = {"type": type_, "id": "Papan", "key": "papan", "text": "Halo"}
    asked = form(shown, component("textfield", "nama"))
    assert asked.keys == {"nama"}
    assert errors(asked, {"papan": 1}) == {"papan": "Leave out “papan”: this form has no such field."}
