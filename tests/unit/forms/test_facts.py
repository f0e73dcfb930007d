"""What a page shows of the answers."""

from engine.definitions.forms import Fact, Kind
from tests.unit.forms.schemas import YES_NO, component, form

SECRET = {"properties": {"rahasia": "ya"}}
CASE = form(
    component("radio", "jenis", values=[{"label": "Undangan RJ", "value": "undangan_rj"}]),
    component("radio", "setuju", values=YES_NO),
    component("checklist", "kebutuhan", values=[{"label": "Akta", "value": "akta"}, "sekolah"]),
    component(
        "group", "anak", **SECRET, components=[component("textfield", "nama"), component("number", "umur")]
    ),
    component(
        "dynamiclist",
        "pertemuan",
        components=[
            component("datetime", "tanggal", subtype="date"),
            component("textarea", "hasil", **SECRET),
        ],
    ),
    component("text"),
    component("textfield", "catatan"),
)


def test_answers_are_shown_in_words_and_in_the_order_of_the_form():
    values = {
        "catatan": "",
        "anak": {"umur": 14, "nama": "Budi"},
        "kebutuhan": ["akta", "sekolah", "lain"],
        "setuju": False,
        "jenis": "undangan_rj",
        "asing": 1,
    }
    assert CASE.describe(values) == [
        Fact("jenis", "Jenis", "Undangan RJ", False),
        Fact("setuju", "Setuju", "Tidak", False),
        Fact("kebutuhan", "Kebutuhan", ["Akta", "sekolah", "lain"], False),
        Fact("anak.nama", "Nama", "Budi", True),
        Fact("anak.umur", "Umur", 14, True),
    ]


def test_rows_are_shown_as_rows_and_sealed_if_a_part_is():
    [fact] = CASE.describe({"pertemuan": [{"tanggal": "2026-01-02", "hasil": "baik"}, {}, "bukan baris"]})
    assert fact == Fact(
        "pertemuan",
        "Pertemuan",
        (
            (
                Fact("pertemuan.0.tanggal", "Tanggal", "2026-01-02", False),
                Fact("pertemuan.0.hasil", "Hasil", "baik", True),
            ),
            (),
        ),
        True,
    )


def test_a_value_that_no_option_has_is_shown_as_it_is():
    assert [fact.display for fact in CASE.describe({"jenis": "lama", "setuju": 1, "kebutuhan": "akta"})] == [
        "lama",
        1,
        "Akta",
    ]


def test_labels_and_kinds_are_known_by_name_also_in_rows():
    assert CASE.labels["pertemuan.tanggal"] == "Tanggal"
    assert CASE.labels["anak.nama"] == "Nama"
    assert CASE.kinds["pertemuan"] is Kind.ROWS
    assert CASE.kinds["pertemuan.tanggal"] is Kind.DATE
    assert CASE.option_labels("setuju") == [(True, "Ya"), (False, "Tidak")]
    assert CASE.option_labels("catatan") == []


def test_a_field_without_a_label_goes_by_its_key():
    assert form({"type": "textfield", "id": "x", "key": "nama_anak"}).labels == {"nama_anak": "nama_anak"}


def test_keys_are_the_variables_that_the_form_writes():
    assert CASE.keys == {"jenis", "setuju", "kebutuhan", "anak", "pertemuan", "catatan"}


def test_a_variable_is_sealed_if_any_part_of_it_is():
    assert CASE.sealed == {"anak", "pertemuan"}


def test_a_mark_on_a_group_seals_all_that_is_in_it():
    inner = component("dynamiclist", "wali", components=[component("textfield", "nama")])
    group = {"type": "group", "id": "g", "properties": {"rahasia": "ya"}, "components": [inner]}
    assert form(group, component("textfield", "kanal")).sealed == {"wali"}
