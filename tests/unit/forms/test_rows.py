"""Dynamic lists: every row is a small form of its own."""

from tests.unit.forms.schemas import YES_NO, component, errors, form

MEETINGS = form(
    component("textfield", "jenis"),
    component(
        "dynamiclist",
        "pertemuan",
        components=[
            component("datetime", "tanggal", required=True, subtype="date"),
            component("radio", "hadir", values=YES_NO),
            component("textarea", "sebab", required=True, hide="=this.hadir != false"),
        ],
    ),
)


def test_rows_are_checked_one_by_one():
    sent = {"pertemuan": [{"tanggal": "2026-01-02"}, {"tanggal": "kemarin"}, {}]}
    assert errors(MEETINGS, sent) == {
        "pertemuan.1.tanggal": (
            "Enter a date that exists for “Pertemuan 2: Tanggal”, written like 2026-11-21."
        ),
        "pertemuan.2.tanggal": "Enter the date for “Pertemuan 3: Tanggal”.",
    }


def test_a_condition_in_a_row_sees_its_row():
    rows = [{"tanggal": "2026-01-02", "hadir": True}, {"tanggal": "2026-01-02", "hadir": False}]
    assert errors(MEETINGS, {"pertemuan": rows}).keys() == {"pertemuan.1.sebab"}


def test_a_hidden_value_in_a_row_is_dropped():
    row = {"tanggal": "2026-01-02", "hadir": True, "sebab": "basi"}
    assert MEETINGS.check({"pertemuan": [row]}, {}) == {
        "pertemuan": [{"tanggal": "2026-01-02", "hadir": True}]
    }


def test_a_bare_name_in_a_row_is_the_form_not_the_row():
    asked = form(
        component("textfield", "jenis"),
        component(
            "dynamiclist",
            "baris",
            components=[
                {**component("textfield", "jenis"), "id": "jenis_baris"},
                component("textfield", "lain", required=True, hide='=jenis != "lain"'),
            ],
        ),
    )
    assert errors(asked, {"jenis": "lain", "baris": [{}]}).keys() == {"baris.0.lain"}
    assert errors(asked, {"jenis": "x", "baris": [{"jenis": "lain"}]}) == {}


def test_parent_and_number_of_the_row_are_known():
    asked = form(
        component("textfield", "kota"),
        component(
            "dynamiclist",
            "luar",
            components=[
                component("textfield", "desa"),
                component(
                    "dynamiclist",
                    "dalam",
                    components=[
                        component("textfield", "a", required=True, hide='=parent.desa != "x"'),
                        component("textfield", "b", required=True, hide="=not(i[1] = 2 and i[2] = 1)"),
                        component("textfield", "c", required=True, hide='=parent.parent.kota != "y"'),
                        component("textfield", "d", required=True, hide='=_parent_.desa != "x"'),
                    ],
                ),
            ],
        ),
    )
    rows = [{"desa": "x", "dalam": [{}]}, {"desa": "z", "dalam": [{}, {}]}]
    assert errors(asked, {"kota": "k", "luar": rows}).keys() == {
        "luar.0.dalam.0.a",
        "luar.0.dalam.0.d",
        "luar.1.dalam.0.b",
    }
    assert len(errors(asked, {"kota": "y", "luar": rows})) == 6


def test_an_absent_list_is_no_rows():
    assert MEETINGS.check({}, {}) == {"pertemuan": []}
    assert MEETINGS.check({"pertemuan": None}, {}) == {"pertemuan": []}


def test_a_row_of_which_nothing_is_visible_arrives_as_null():
    asked = form(
        component(
            "dynamiclist", "baris", components=[component("textfield", "a", required=True, hide="=i[1] = 1")]
        )
    )
    assert asked.check({"baris": [None, {"a": "x"}]}, {}) == {"baris": [{}, {"a": "x"}]}


def test_a_list_is_a_list_of_objects():
    for wrong in ({"tanggal": "2026-01-02"}, "baris", [1], ["baris"], [[{}]], 5):
        assert errors(MEETINGS, {"pertemuan": wrong}) == {
            "pertemuan": "Send “Pertemuan” as a list of at most 200 rows."
        }


def test_a_list_has_an_end():
    asked = form(component("dynamiclist", "baris", components=[component("textfield", "a")]))
    assert errors(asked, {"baris": [{"a": "x"}] * 200}) == {}
    assert errors(asked, {"baris": [{"a": "x"}] * 201}).keys() == {"baris"}


def test_a_row_has_no_other_keys():
    assert errors(MEETINGS, {"pertemuan": [{"tanggal": "2026-01-02", "jahat": 1}]}) == {
        "pertemuan.0.jahat": "Leave out “pertemuan.0.jahat”: this form has no such field."
    }


def test_a_hidden_list_is_dropped_whatever_it_holds():
    asked = form(
        component("radio", "ada", values=YES_NO),
        component(
            "dynamiclist",
            "baris",
            hide="=ada != true",
            components=[component("textfield", "a", required=True)],
        ),
    )
    assert asked.check({"ada": False, "baris": [{"jahat": [1]}]}, {}) == {"ada": False}
    assert errors(asked, {"ada": True, "baris": [{}]}).keys() == {"baris.0.a"}


def test_a_condition_outside_counts_the_rows():
    asked = form(
        component("dynamiclist", "baris", components=[component("textfield", "a")]),
        component("textfield", "sebab", required=True, hide="=count(baris) > 0"),
    )
    assert errors(asked, {"baris": [{"a": "x"}]}) == {}
    assert errors(asked, {"baris": []}).keys() == {"sebab"}


def test_a_list_that_does_not_repeat_is_a_group():
    asked = form(
        component("dynamiclist", "alamat", isRepeating=False, components=[component("textfield", "desa")])
    )
    assert asked.check({"alamat": {"desa": "x"}}, {}) == {"alamat": {"desa": "x"}}


def test_a_list_may_lie_in_a_group_and_a_group_in_a_row():
    asked = form(
        component(
            "group",
            "kasus",
            components=[
                component(
                    "dynamiclist",
                    "saksi",
                    components=[component("group", "orang", components=[component("textfield", "nama")])],
                )
            ],
        )
    )
    sent = {"kasus": {"saksi": [{"orang": {"nama": "Ani"}}]}}
    assert asked.check(sent, {}) == sent
    assert errors(asked, {"kasus": {"saksi": [{"orang": "Ani"}]}}) == {
        "kasus.saksi.0.orang": "Send “kasus.saksi.0.orang” as an object of fields."
    }


def test_an_expression_in_a_row_is_computed_for_each():
    asked = form(
        component(
            "dynamiclist",
            "baris",
            components=[component("number", "a"), component("expression", "b", expression="=this.a + 1")],
        )
    )
    assert asked.check({"baris": [{"a": 1}, {"a": 2, "b": 99}]}, {}) == {
        "baris": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]
    }
