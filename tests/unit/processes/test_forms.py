"""What every form of every agency keeps to: personal data marked, nobody stuck, nothing false accepted."""

import re
from collections import defaultdict

import pytest

from engine.definitions.forms import Field, Form, Kind, check_schema
from engine.errors import FormInvalid
from tests.unit.processes.catalogue import AGENCIES, agency, form_files
from tests.unit.processes.contract import GROUPS

ALL_FORMS = [(name, path) for name in AGENCIES for path in sorted(form_files(name))]
BY_FORM = pytest.mark.parametrize(("name", "path"), ALL_FORMS, ids=[path.stem for _, path in ALL_FORMS])
BY_AGENCY = pytest.mark.parametrize("name", AGENCIES)
NAMES_A_PERSON = re.compile(r"^(nama|nik|kontak|alamat)(_|$)|^(keluarga|penerima)$")
CHILD = {key for keys in GROUPS["ANAK"] for key in keys.split()}


def every_field(form: Form) -> list[tuple[Field, bool]]:
    """Each field with whether its variable is sealed, the fields of lists included."""
    return [
        (field, top.name in form.sealed)
        for top in form.fields
        for field in (top, *(top.rows.fields if top.rows else ()))
    ]


@BY_FORM
def test_a_form_is_named_after_its_agency_and_its_file(name: str, path):
    form = agency(name).forms[path.stem]
    assert form.id == path.stem
    assert form.id.startswith(f"{name}_")


@BY_FORM
def test_a_form_has_no_fault_that_would_stop_a_deployment(name: str, path):
    assert check_schema(path.read_bytes(), path.name) == []


@BY_FORM
def test_no_required_field_waits_for_options_from_a_variable(name: str, path):
    fields = [field for field, _ in every_field(agency(name).forms[path.stem])]
    assert [f.name for f in fields if f.required and f.schema.get("valuesKey")] == []
    chosen = [f for f in fields if f.member_group]
    assert [f.name for f in chosen if f.required or f.options is not None] == []


@BY_FORM
def test_what_names_a_person_is_sealed(name: str, path):
    fields = every_field(agency(name).forms[path.stem])
    personal = [(f, sealed) for f, sealed in fields if f.name in CHILD or NAMES_A_PERSON.match(f.name)]
    assert [f.name for f, sealed in personal if not sealed] == []


@BY_FORM
def test_free_text_is_sealed_because_it_may_name_a_child(name: str, path):
    fields = every_field(agency(name).forms[path.stem])
    long = [(f, sealed) for f, sealed in fields if f.kind is Kind.TEXT and not f.one_line]
    assert [f.name for f, sealed in long if not sealed] == []


@BY_AGENCY
def test_a_variable_is_sealed_in_all_forms_of_an_agency_or_in_none(name: str):
    seals = defaultdict(set)
    for form in agency(name).forms.values():
        for key in form.keys:
            seals[key].add(key in form.sealed)
    assert {key for key, found in seals.items() if len(found) > 1} == set()


@BY_AGENCY
def test_a_nik_is_sixteen_digits(name: str):
    for form in asking(name, "nik_anak"):
        for wrong in ("123", "12345678901234567", "123456789012345a"):
            assert "nik_anak" in refused(form, {"nik_anak": wrong})
        assert "nik_anak" not in refused(form, {"nik_anak": "2103054509120001"})


@BY_AGENCY
def test_an_age_is_a_whole_number_from_0_to_120(name: str):
    for form in asking(name, "umur_saat_kejadian"):
        for wrong in (-1, 121, 12.5, "12", None):
            assert "umur_saat_kejadian" in refused(form, {"umur_saat_kejadian": wrong})
        for right in (0, 12, 120):
            assert "umur_saat_kejadian" not in refused(form, {"umur_saat_kejadian": right})


@BY_AGENCY
@pytest.mark.parametrize("key", ["tanggal_kejadian", "tanggal_lahir", "tanggal_asesmen"])
def test_what_has_happened_does_not_lie_in_the_future(name: str, key: str):
    for form in asking(name, key):
        assert key in refused(form, {key: "2999-01-01"})
        assert key not in refused(form, {key: "2020-01-01"})


@BY_AGENCY
def test_a_yes_or_no_is_asked_with_boolean_values(name: str):
    for form in agency(name).forms.values():
        for field, _ in every_field(form):
            labels = [label.split(",")[0] for _, label in field.options or ()]
            if labels and labels[0] == "Ya":
                assert [value for value, _ in field.options or ()] == [True, False], field.name


def refused(form: Form, data: dict) -> set[str]:
    """Names of the fields that a form finds wrong."""
    try:
        form.check(data, {})
    except FormInvalid as error:
        return {item.field for item in error.fields}
    return set()


def asking(name: str, key: str) -> list[Form]:
    """The forms of an agency in which a field can be filled in."""
    forms = agency(name).forms.values()
    return [form for form in forms if any(f.name == key and not f.locked for f in form.fields)]
