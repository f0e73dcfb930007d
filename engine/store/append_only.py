"""Tables to which rows are only added: the database itself refuses to change or remove one.

A guard against mistakes and against whoever can run SQL but may not change the schema. What an owner of the
database does with it is found by the chain (``engine.record``), not prevented here.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import DDL, ExecutableDDLElement

_REFUSAL = "%s is append-only"
_FUNCTION = """CREATE OR REPLACE FUNCTION titian_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$"""


def statements(table: str, columns: Sequence[str], once: str | None, dialect: str) -> list[str]:
    """The SQL that makes ``table`` refuse UPDATE and DELETE; only ``once`` may be set, one time."""
    fixed = ", ".join(f'"{column}"' for column in columns if column != once)
    rules = [("delete", "DELETE", ""), ("update", f"UPDATE OF {fixed}", "")]
    if once is not None:
        rules.append(("once", f'UPDATE OF "{once}"', f'WHEN (OLD."{once}" IS NOT NULL) '))
    if dialect == "sqlite":
        act = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL % table}'); END"
        return [
            f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} {when}{act}"
            for name, what, when in rules
        ]
    act = "EXECUTE FUNCTION titian_append_only()"
    return [_FUNCTION] + [
        f"CREATE TRIGGER {table}_{name} BEFORE {what} ON {table} FOR EACH ROW {when}{act}"
        for name, what, when in rules
    ]


def guard(table: str, columns: Sequence[str], once: str | None, dialect: str) -> Callable[..., None]:
    """What ``metadata.create_all`` calls after it has made the table."""
    made: list[ExecutableDDLElement] = [
        DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        for statement in statements(table, columns, once, dialect)
    ]

    def listener(target: object, connection: object, **options: object) -> None:
        for statement in made:
            statement(target, connection, **options)

    return listener
