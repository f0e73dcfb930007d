"""The types of a model: item definitions (DMN 1.5, 7.3.3), and FEEL's own by the names that files use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from lxml import etree

from engine.definitions.dmn.cells import Reader, special, text_of
from engine.definitions.dmn.elements import children, flag, name_in
from engine.errors import N_, ExpressionInvalid
from engine.feel import Expression, parse_expression
from engine.feel.inside import (
    NAMES,
    TYPES,
    Closure,
    Date,
    DateTime,
    DaysTime,
    Env,
    Run,
    TestClosure,
    Time,
    TypeRef,
    YearsMonths,
    admitted,
    conforms,
    convert,
    parse_any,
    tests_of,
)

_NOTHING: Final[frozenset[str]] = frozenset()
_NOTHING_AROUND: Final[Mapping[str, Any]] = MappingProxyType({})
_WRONG: Final = object()


@dataclass(frozen=True)
class _Bare:
    """``list``, ``context``, ``range`` or ``function`` without saying of what."""

    type: type

    def conforms(self, value: Any, run: Run) -> bool:
        return type(value) is self.type

    def admits(self, value: Any, run: Run) -> bool:
        return True

    def shape(self) -> TypeRef:
        return TypeRef(NAMES[self.type])


@dataclass(eq=False)
class ItemType:
    """An item definition, or a component of one.

    ``base``: the type that it narrows. ``components``: of a structure, by name. ``allowed``: tests of one
    item; ``constraint``: tests of the whole, of a collection for one. ``function``: its type, if it is one.
    ``order``: the allowed values one by one.
    """

    name: str
    base: TypeRef | None = None
    components: Mapping[str, TypeRef] | None = None
    is_collection: bool = False
    allowed: TestClosure | None = None
    constraint: TestClosure | None = None
    function: TypeRef | None = None
    order: Expression | None = field(default=None, repr=False)

    def conforms(self, value: Any, run: Run) -> bool:
        """Whether a value, not null, has the shape of the type; what is allowed is another question.

        DMN 1.5, 10.3.2.9: conformance. A component may be null; it may be missing where JSON left it out.
        """
        run.step()
        if not self.is_collection:
            return self._shaped(value, run)
        return type(value) is list and all(item is None or self._shaped(item, run) for item in value)

    def _shaped(self, value: Any, run: Run) -> bool:
        if self.function is not None:
            return _is(value, self.function, run)
        if self.components is None:
            return self.base is None or _is(value, self.base, run)
        if type(value) is not dict or not (run.json or value.keys() >= self.components.keys()):
            return False
        return all(
            value.get(name) is None or _is(value[name], type_, run) for name, type_ in self.components.items()
        )

    def shape(self) -> TypeRef:
        """What it is in FEEL's own types."""
        one = self.function or self.base or BUILT_IN["Any"]
        if self.components is not None:
            one = TypeRef("context", tuple(self.components.items()))
        return TypeRef("list", (("", one),)) if self.is_collection else one

    def admits(self, value: Any, run: Run) -> bool:
        """Whether a value of the type is allowed, and so is all that it is made of (DMN 1.5, 7.3.3)."""
        return self.admits_beside(value, _NOTHING_AROUND, run)

    def admits_beside(self, value: Any, siblings: Mapping[str, Any], run: Run) -> bool:
        """The same, for a component; its tests may name its ``siblings``."""
        run.step()
        if not _holds(self.constraint, value, siblings, run):
            return False
        if self.is_collection:
            return all(item is None or self._allowed(item, siblings, run) for item in value)
        return self._allowed(value, siblings, run)

    def _allowed(self, value: Any, siblings: Mapping[str, Any], run: Run) -> bool:
        if not _holds(self.allowed, value, siblings, run):
            return False
        if self.components is None:
            return self.base is None or admitted(value, self.base, run)
        return all(
            value.get(name) is None or _component_admitted(value, name, type_, run)
            for name, type_ in self.components.items()
        )


def _component_admitted(whole: Mapping[str, Any], name: str, type_: TypeRef, run: Run) -> bool:
    if isinstance(type_.own, ItemType):
        return type_.own.admits_beside(whole[name], whole, run)
    return admitted(whole[name], type_, run)


def _is(value: Any, type_: TypeRef, run: Run) -> bool:
    return type_.name == "Any" or conforms(value, type_, run)


def _holds(tests: TestClosure | None, value: Any, siblings: Mapping[str, Any], run: Run) -> bool:
    return tests is None or tests(Env(siblings, None, run), value) is True


_ALIASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "dateTime": "date and time",
        "dayTimeDuration": "days and time duration",
        "yearMonthDuration": "years and months duration",
        **dict.fromkeys(("integer", "long", "double", "float", "short", "byte", "decimal"), "number"),
    }
)
"""Names of types in older files (DMN 1.1) and in Camunda's."""

BUILT_IN: Final[Mapping[str, TypeRef]] = MappingProxyType(
    {
        "Any": TypeRef("Any"),
        **{name: TypeRef(name) for name in TYPES},
        **{name: TypeRef(type_) for name, type_ in _ALIASES.items()},
        **{name: TypeRef(name, own=_Bare(TYPES[name])) for name in ("list", "context", "range", "function")},
    }
)


class TypeTable:
    """The types that a file knows. ``own``: those that it defines or imports, by the name that it uses."""

    def __init__(self, imported: Mapping[str, TypeRef]) -> None:
        self.own: dict[str, TypeRef] = dict(imported)

    def find(self, reference: str | None) -> TypeRef | None:
        """The type behind a ``typeRef``, with or without a prefix; None for one that nobody knows."""
        text = " ".join((reference or "").split())
        if not text:
            return None
        local = text.rpartition(":")[2].strip()
        for name in (text, local):
            if found := self.own.get(name) or BUILT_IN.get(name):
                return found
        return self._generic(text) if "<" in text else None

    def _generic(self, text: str) -> TypeRef | None:
        try:
            node = parse_expression(f"null instance of {text}").node
        except ExpressionInvalid:
            return None
        type_ = getattr(node, "type", None)
        return type_ if isinstance(type_, TypeRef) else None


def read_types(root: etree._Element, table: TypeTable, reader: Reader, known: frozenset[str]) -> None:
    """Add the item definitions below ``definitions`` to a table; each may name those that come later."""
    elements = list(children(root, "itemDefinition"))
    made = {name_in(element): ItemType(name_in(element)) for element in elements}
    table.own |= {name: TypeRef(name, own=item) for name, item in made.items()}
    for element in elements:
        _fill(made[name_in(element)], element, table, reader, known)


def _fill(
    item: ItemType, element: etree._Element, table: TypeTable, reader: Reader, known: frozenset[str]
) -> None:
    reference = next((child.text for child in children(element, "typeRef")), None)
    item.base = table.find(reference)
    if reference and reference.strip() and item.base is None:
        template = N_("%(element)s: the type '%(type)s' is not known.")
        reader.problem(element, template, local=True, type=reference.strip())
    item.is_collection = flag(element, "isCollection")
    components = list(children(element, "itemComponent"))
    if components:
        seen = known | special(name_in(part) for part in components)
        item.components = {name_in(part): _component(part, table, reader, seen) for part in components}
    allowed = next(children(element, "allowedValues"), None)
    item.allowed = _tests(allowed, table, reader, known)
    item.order = reader.listing(allowed, known)
    item.constraint = _tests(next(children(element, "typeConstraint"), None), table, reader, known)
    function = next(children(element, "functionItem"), None)
    if function is not None:
        found = (table.find(part.get("typeRef")) for part in children(function, "parameters"))
        parameters = tuple(("", type_ or BUILT_IN["Any"]) for type_ in found)
        result = table.find(function.get("outputTypeRef")) or BUILT_IN["Any"]
        item.function = TypeRef("function", parameters, result)


def _component(element: etree._Element, table: TypeTable, reader: Reader, known: frozenset[str]) -> TypeRef:
    item = ItemType(name_in(element))
    _fill(item, element, table, reader, known)
    return TypeRef(item.name, own=item)


def _tests(
    element: etree._Element | None, table: TypeTable, reader: Reader, known: frozenset[str]
) -> TestClosure | None:
    tests = reader.tests(element, known) if text_of(element) else None
    return None if tests is None else tests_of(tests, table.own)


def listed_values(type_: TypeRef | None) -> Expression | None:
    """The allowed values of a type one by one; None where it lists none."""
    return type_.own.order if type_ is not None and isinstance(type_.own, ItemType) else None


def fitted(value: Any, type_: TypeRef | None, run: Run) -> Any:
    """The value as a type wants it (DMN 1.5, 10.3.2.9.4); null with a warning if it cannot be made to fit."""
    if type_ is None or value is None or type_.name == "Any" or type(value) is plain_type(type_):
        return value
    found = convert(value, type_, _WRONG, run)
    if found is _WRONG:
        return run.warn(f"the value is not of the type {type_.name}, or not among those that it allows")
    return found


def made_to_fit(value: Any, type_: TypeRef, run: Run) -> Any:
    """The value as a type wants it where an implicit conversion does it, else as it is."""
    found = convert(value, type_, _WRONG, run)
    return value if found is _WRONG else found


def fits(value: Any, type_: TypeRef) -> bool:
    """Whether a value is of one of FEEL's plain types, or is made to fit by an implicit conversion.

    Of any other type it is taken to be: to tell, the model's own tests would have to be evaluated.
    """
    return plain_type(type_) is None or convert(value, type_, _WRONG, Run(None)) is not _WRONG


def plain_type(type_: TypeRef) -> type | None:
    """The Python type of the values of a type, where that is all that there is to it."""
    return None if type_.own is not None or type_.arguments else TYPES.get(type_.name)


def fitting(closure: Closure, type_: TypeRef | None) -> Closure:
    """A closure whose value is as a type wants it."""
    if type_ is None or type_.name == "Any":
        return closure
    plain = plain_type(type_)

    def evaluate(env: Env) -> Any:
        value = closure(env)
        return value if type(value) is plain else fitted(value, type_, env.run)

    return evaluate


_DATED: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType(
    {
        "date": (Date, DateTime),
        "time": (Time,),
        "date and time": (DateTime, Date),
        "days and time duration": (DaysTime,),
        "years and months duration": (YearsMonths,),
    }
)
"""What a text may be read as by the type that is declared; Camunda's ``date`` is a date with a time."""


def read_texts(value: Any, type_: TypeRef | None) -> Any:
    """The value with its texts read as dates, times and durations where the type declares them.

    JSON has none of these. A text that is none stays a text, and so no cell matches it.
    """
    if type_ is None or value is None:
        return value
    if isinstance(type_.own, ItemType):
        return _read_item(value, type_.own)
    wanted = _DATED.get(type_.name)
    if wanted is None or not isinstance(value, str):
        return value
    found = parse_any(value)
    return found if isinstance(found, wanted) else value


def _read_item(value: Any, item: ItemType) -> Any:
    if isinstance(value, list):
        return [_read_item(part, item) for part in value]
    if item.components is None:
        return read_texts(value, item.base)
    if not isinstance(value, dict):
        return value
    known = item.components
    return {name: read_texts(part, known.get(name)) for name, part in value.items()}


def type_name(reference: str | None) -> str:
    """The name of a type reference without a prefix (``feel:dateTime`` -> ``dateTime``)."""
    return (reference or "").rpartition(":")[2].strip()


def result_type(type_: TypeRef | None) -> TypeRef | None:
    """The type of what a function gives whose variable has a type: of its results, or of the function."""
    if type_ is None or type_.name == "function":
        return None if type_ is None else type_.result
    if isinstance(type_.own, ItemType) and type_.own.function is not None:
        return type_.own.function.result
    return type_


def fitted_function(function: Any, type_: TypeRef | None, run: Run) -> Any:
    """A function as its variable wants it: null where that has the type of another function."""
    if type_ is None or result_type(type_) is type_ or (type_.name == "function" and type_.result is None):
        return function
    return fitted(function, type_, run)


def names_of(types: Iterable[TypeRef]) -> frozenset[str]:
    """The names of all components of the types."""
    found: set[str] = set()
    waiting, seen = [type_.own for type_ in types], set()
    while waiting:
        item = waiting.pop()
        if not isinstance(item, ItemType) or id(item) in seen:
            continue
        seen.add(id(item))
        found.update(item.components or _NOTHING)
        waiting += [type_.own for type_ in (item.components or {}).values()]
    return frozenset(found)
