"""Types as they are written after ``instance of`` and in parameters (DMN 1.5, 10.3.1.2, rule 52)."""

from .cursor import Cursor
from .nodes import TypeRef


def type_reference(cursor: Cursor) -> TypeRef:
    """Read a type. Raises ExpressionInvalid."""
    cursor.enter()
    start = cursor.token
    name = _qualified_name(cursor)
    if name == "function" and cursor.is_op("<"):
        found = _function(cursor)
    elif name == "context" and cursor.is_op("<"):
        found = TypeRef(name, _fields(cursor))
    elif name in ("list", "range") and cursor.is_op("<"):
        cursor.advance()
        found = TypeRef(name, (("", type_reference(cursor)),))
        cursor.expect(">")
    elif cursor.is_op("<"):
        cursor.fail(f"the type {start.text} takes no arguments")
    else:
        found = TypeRef(name)
    cursor.depth -= 1
    return found


def _qualified_name(cursor: Cursor) -> str:
    if cursor.is_word("function") or cursor.is_word("null"):
        return cursor.advance().text
    name = cursor.name()
    while cursor.is_op("."):
        cursor.advance()
        name += "." + cursor.name()
    return name


def _fields(cursor: Cursor) -> tuple[tuple[str, TypeRef], ...]:
    cursor.expect("<")
    fields: list[tuple[str, TypeRef]] = []
    while not cursor.is_op(">"):
        if fields:
            cursor.expect(",")
        label = cursor.lexer.label(cursor.token.at)
        if label is None:
            cursor.fail("a field name and ':' were expected")
        cursor.jump(label.end)
        cursor.expect(":")
        fields.append((label.text, type_reference(cursor)))
    cursor.expect(">")
    return tuple(fields)


def _function(cursor: Cursor) -> TypeRef:
    cursor.expect("<")
    parameters: list[tuple[str, TypeRef]] = []
    while not cursor.is_op(">"):
        if parameters:
            cursor.expect(",")
        parameters.append(("", type_reference(cursor)))
    cursor.expect(">")
    cursor.expect("->")
    return TypeRef("function", tuple(parameters), type_reference(cursor))
