"""What tests would otherwise pay for again and again: argon2's 64 MB a login, templates anew for each app,
and routes and statements compiled anew for each application and database, of which a server has one and a
run of tests thousands.

`tests/unit/webapp/test_passwords.py` looks at what real servers pay.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from webapp.auth import passwords


class Remembered(BytecodeCache):
    """Compiled templates, for all applications of this process; a changed template is another one."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


def _same(dialect: DefaultDialect, other: object) -> bool:
    """Whether what was compiled for one will do for the other: kind, version and how they write JSON."""
    return type(dialect) is type(other) and _traits(dialect) == _traits(other)


def _traits(dialect: Any) -> tuple[object, ...]:
    names = ("server_version_info", "paramstyle", "_json_serializer", "_json_deserializer")
    return tuple(getattr(dialect, name, None) for name in names)


def _remember_statements() -> None:
    """All engines of this process keep their compiled statements together, as those of one server do."""
    kept: LRUCache[Any, Any] = LRUCache(5_000)

    def get(engine: Engine) -> LRUCache[Any, Any] | None:
        return kept if engine.__dict__.get("remembers") else None

    def choose(engine: Engine, own: object) -> None:
        engine.__dict__["remembers"] = own is not None

    Engine._compiled_cache = property(get, choose)  # type: ignore[assignment]
    for kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        kind.__eq__ = _same  # type: ignore[method-assign,assignment]
        kind.__hash__ = lambda dialect: hash(type(dialect))  # type: ignore[method-assign,assignment]


def _remember_routes() -> None:
    """How a route is found and its address put together is compiled once, not for each application."""
    compiled, kept = Rule.compile, dict[object, Rule]()

    def compile_rule(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if key not in kept:
            compiled(rule)
            kept[key] = rule
            return
        same = kept[key]
        rule._parts, rule._trace, rule._converters = same._parts, same._trace, same._converters
        rule.arguments = set(same.arguments)
        rule._build, rule._build_unknown = (
            build.__func__.__get__(rule) for build in (same._build, same._build_unknown)
        )

    Rule.compile = compile_rule  # type: ignore[method-assign]


def make_tests_cheap() -> None:
    """Once a process, before the first application."""
    _remember_statements()
    _remember_routes()
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Remembered()}


@contextmanager
def uncollected() -> Iterator[None]:
    """What the block makes stays until the process ends: the garbage collector, which would walk through
    these half a million objects again and again, leaves them alone. It was a third of collecting tests and a
    tenth of running them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
