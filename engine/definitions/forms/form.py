"""A form-js form: checks what people send, and says what their answers mean."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jsonschema_rs import ValidationError

from engine import clock
from engine.definitions.forms.checking import Place, check_section, check_size
from engine.definitions.forms.compiling import compile_section
from engine.definitions.forms.components import Kind
from engine.definitions.forms.model import Field, Section
from engine.definitions.forms.reading import read_schema
from engine.definitions.forms.resolving import MISSING, value_at
from engine.definitions.forms.shape import in_shape
from engine.definitions.forms.structure import structure_problems
from engine.errors import FormInvalid, FormRefused


@dataclass(frozen=True)
class Files:
    """What is shown of a field for files: their names are sealed, and stand where they are listed."""

    count: int


class Fact(NamedTuple):
    """One answer as a page shows it.

    ``key``: the field's name with dots. ``display``: the label of the chosen option (a list of labels where
    several may be chosen), a tuple of rows of facts for a list, ``Files``, else the JSON value itself.
    """

    key: str
    label: str
    display: Any
    sealed: bool


@dataclass(frozen=True)
class Form:
    """A form. ``schema``: the form-js JSON as the analyst wrote it, never to be changed."""

    id: str
    schema: dict[str, Any]
    section: Section

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields in the order of the form; those of a list are in ``field.rows.fields``."""
        return self.section.fields

    @cached_property
    def keys(self) -> frozenset[str]:
        """Names of the process variables that the form may write."""
        return frozenset(f.path[0] for f in self.fields)

    @cached_property
    def fillable(self) -> frozenset[str]:
        """Names of the process variables that a person may fill in, wholly or in a part."""
        return frozenset(f.path[0] for f in self.fields if not f.locked and f.kind is not Kind.COMPUTED)

    @cached_property
    def sealed(self) -> frozenset[str]:
        """Names of the variables that hold personal data (marked ``rahasia``), wholly or in a part."""
        return frozenset(name.partition(".")[0] for name, item in _walk(self.section) if item.sealed)

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Field name -> group, for fields whose value must be the user id of a member of that group."""
        return {f.name: f.member_group for f in self.fields if f.member_group}

    @cached_property
    def files(self) -> frozenset[str]:
        """Names of the fields that hold ids of attached files."""
        return frozenset(f.name for f in self.fields if f.kind is Kind.FILE)

    @cached_property
    def fresh(self) -> frozenset[str]:
        """Names of the fields that start empty in every round (marked ``isian_baru``)."""
        return frozenset(f.name for f in self.fields if f.fresh)

    @cached_property
    def never_lowered(self) -> Mapping[str, tuple[str, ...]]:
        """Field name -> its values from low to high, for fields that only rise (marked ``tidak_turun``)."""
        return {f.name: f.rising for f in self.fields if f.rising}

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Field name -> label; a field of a list is named ``list.field``."""
        return {name: item.label for name, item in _walk(self.section)}

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """Field name -> kind, named as in ``labels``; tells a page how to write a value."""
        return {name: item.kind for name, item in _walk(self.section)}

    def option_labels(self, name: str) -> list[tuple[Any, str]]:
        """The (value, label) pairs that a field (named as in ``labels``) offers; none for other fields."""
        return [pair for known, item in _walk(self.section) if known == name for pair in item.options or ()]

    def check(
        self, data: Mapping[str, Any], variables: Mapping[str, Any], zone: str = "Asia/Jakarta"
    ) -> dict[str, Any]:
        """Check what somebody submitted.

        ``data``: JSON values by key, nested where the form nests. ``variables``: the process variables, which
        the form's conditions may use. ``zone``: where 'today' is.
        Returns the values to keep, by top level key: without what is hidden or readonly, empty ones as
        form-js has them ("" for text, [] for a list, null else), with the results of expression fields.
        Raises FormInvalid with every field's error in the order of the form, ExpressionFailed if a condition
        uses up its budget.
        """
        hostile = check_size(data)
        if hostile is not None:
            raise FormInvalid([hostile])
        with clock.in_zone(zone):
            outcome = check_section(self.section, data, variables, Place(ZoneInfo(zone)))
        if outcome.errors:
            raise FormInvalid(outcome.errors)
        return outcome.values

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values that may have been typed into this form: of variables that it lets people fill
        in, in the shape in which it draws them. Nothing else is asked of them."""
        own = {name: value for name, value in values.items() if name in self.fillable}
        return {name: value for name, value in own.items() if in_shape(self.section, {name: value})}

    def describe(self, values: Mapping[str, Any], hidden: Collection[str] = ()) -> list[Fact]:
        """The answers among ``values`` (variables by name) in the order of the form, empty ones left out.

        ``hidden``: names of variables that have a value which may not be seen: a sealed fact without one.
        """
        return list(_facts(self.section, values, "", hidden))


def parse_form(content: bytes, resource: str) -> Form:
    """The form in a ``.form`` file: form-js 1.23 JSON.

    ``resource``: the file's name, for messages. Returns a Form, shared between callers (cached).
    Raises FormRefused if it is no such form, or form-js would not open it, or a condition does not parse.
    """
    return _parse(content, resource)


@lru_cache(maxsize=512)
def _parse(content: bytes, resource: str) -> Form:
    schema = read_schema(content, resource)
    for problem in structure_problems(schema):
        raise FormRefused(resource, str(problem))
    try:
        return Form(schema["id"], schema, compile_section(schema["components"]))
    except ValidationError as error:
        raise FormRefused(resource, error.message) from None


def _walk(section: Section, prefix: str = "") -> Iterator[tuple[str, Field]]:
    for item in section.fields:
        yield prefix + item.name, item
        if item.rows is not None:
            yield from _walk(item.rows, f"{prefix}{item.name}.")


def _facts(
    section: Section, values: Mapping[str, Any], prefix: str, hidden: Collection[str] = ()
) -> Iterator[Fact]:
    for item in section.fields:
        if item.path[0] in hidden:
            yield Fact(prefix + item.name, item.label, None, sealed=True)
            continue
        value = value_at(values, item.path)
        if value is MISSING or value is None or value in ("", []):
            continue
        key = prefix + item.name
        if item.rows is not None and isinstance(value, list):
            rows = [row for row in value if isinstance(row, Mapping)]
            shown: Any = tuple(tuple(_facts(item.rows, row, f"{key}.{n}.")) for n, row in enumerate(rows))
        else:
            shown = _display(item, value)
        yield Fact(key, item.label, shown, _is_sealed(item))


def _is_sealed(item: Field) -> bool:
    return item.sealed or (item.rows is not None and any(_is_sealed(f) for f in item.rows.fields))


def _display(item: Field, value: Any) -> Any:
    """The words of the options that were chosen, how many files there are, or the value itself."""
    if item.kind is Kind.FILE and isinstance(value, list):
        return Files(len(value))
    if not item.options:
        return value
    if item.kind is Kind.CHOICES and isinstance(value, list):
        return [_option_label(item, entry) for entry in value]
    return _option_label(item, value)


def _option_label(item: Field, value: Any) -> Any:
    for known, label in item.options or ():
        if known == value and isinstance(known, bool) == isinstance(value, bool):
            return label
    return value
