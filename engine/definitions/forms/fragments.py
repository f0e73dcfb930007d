"""One component -> the JSON Schema of its value, and the compiled validator of a section.

A value reaches the schema only when it is there: neither null nor empty. Presence is decided before.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, FancyRegexOptions

from engine.definitions.forms.components import Kind, options_of
from engine.definitions.forms.formats import FORMATS

MAX_TEXT: Final = 100_000
MAX_ITEMS: Final = 1_000
MAX_ROWS: Final = 200
MAX_FILES: Final = 200
MAX_NUMBER: Final = 9_007_199_254_740_991
"""The largest whole number that a browser keeps exactly (2**53 - 1)."""

_TEXT_FORMATS: Final = {"email": "form-email", "phone": "form-phone"}


def compile_validator(properties: Mapping[str, Mapping[str, Any]]) -> Draft202012Validator:
    """A validator for a flat object of field names and values, all of them optional.

    Raises jsonschema_rs.ValidationError if a pattern is no regular expression.
    """
    return Draft202012Validator(
        {"type": "object", "properties": {name: dict(schema) for name, schema in properties.items()}},
        validate_formats=True,
        formats=dict(FORMATS),
        pattern_options=FancyRegexOptions(backtrack_limit=100_000),
    )


def fragment(component: Mapping[str, Any], kind: Kind) -> dict[str, Any]:
    """The JSON Schema of one field's value. Bounds that are FEEL are not in it."""
    validate = component.get("validate", {})
    match kind:
        case Kind.TEXT:
            return _text(validate)
        case Kind.NUMBER:
            return _number(component, validate)
        case Kind.CHECKBOX:
            return {"type": "boolean"}
        case Kind.CHOICE:
            return _choice(component)
        case Kind.CHOICES:
            item = _choice(component)
            return {"type": "array", "maxItems": MAX_ITEMS, "uniqueItems": True, "items": item}
        case Kind.DATE | Kind.TIME | Kind.DATETIME:
            return {"type": "string", "maxLength": 64, "format": f"form-{kind}"}
        case Kind.FILE:
            item = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
            return {"type": "array", "maxItems": MAX_FILES, "uniqueItems": True, "items": item}
        case Kind.ROWS:
            return {"type": "array", "maxItems": MAX_ROWS, "items": {"type": ["object", "null"]}}
        case Kind.COMPUTED:
            return {}


def as_number(value: Any) -> Decimal | None:
    """A bound as form-js takes it, a number or a number in a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain_text(value: Any) -> str:
    """A number in plain digits, 5 rather than 5.0; "" for anything else."""
    number = as_number(value)
    if number is None:
        return ""
    return f"{number.to_integral_value() if number == number.to_integral_value() else number.normalize():f}"


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _bounds(validate: Mapping[str, Any], names: Iterable[tuple[str, str]]) -> dict[str, int | float]:
    found = {}
    for ours, theirs in names:
        number = as_number(validate.get(ours))
        if number is not None:
            found[theirs] = _plain(number)
    return found


def _text(validate: Mapping[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": MAX_TEXT}
    schema |= _bounds(validate, (("minLength", "minLength"), ("maxLength", "maxLength")))
    schema["maxLength"] = min(schema["maxLength"], MAX_TEXT)
    if validate.get("pattern"):
        schema["pattern"] = validate["pattern"]
    if validate.get("validationType") in _TEXT_FORMATS:
        schema["format"] = _TEXT_FORMATS[validate["validationType"]]
    return schema


def _number(component: Mapping[str, Any], validate: Mapping[str, Any]) -> dict[str, Any]:
    digits, increment = component.get("decimalDigits"), as_number(component.get("increment"))
    schema: dict[str, Any] = {"type": "number", "minimum": -MAX_NUMBER, "maximum": MAX_NUMBER}
    schema |= _bounds(validate, (("min", "minimum"), ("max", "maximum")))
    if digits == 0:
        schema["type"] = "integer"
    elif isinstance(digits, int) and 0 < digits <= 15:
        schema["allOf"] = [{"multipleOf": float(Decimal(1).scaleb(-digits))}]
    if increment is not None and increment > 0:
        schema["multipleOf"] = _plain(increment)
    return schema


def _choice(component: Mapping[str, Any]) -> dict[str, Any]:
    options = options_of(dict(component))
    if options is not None:
        return {"enum": [value for value, _ in options]}
    if component.get("properties", {}).get("anggota"):
        return {"type": "string", "minLength": 1, "maxLength": 200}
    return {"type": ["string", "number", "boolean", "object"]}
