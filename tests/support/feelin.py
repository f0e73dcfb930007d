"""feelin, the FEEL evaluator of bpmn.io, inside QuickJS: what other people make of an expression.

It is the version that form-js brings (`webapp/frontend/package-lock.json`). The bundle is made where it is
missing, into `build/`.
"""

import hashlib
import json
import os
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import quickjs

import hatch_build
from engine.feel import Function, Range, YearsMonths

ROOT = Path(__file__).parents[2]
ENTRY = Path(__file__).with_suffix(".mjs")
LOCK = ROOT / "webapp/frontend/package-lock.json"
SECONDS, LONG = 1.0, 600.0
"""After which QuickJS gives up an expression, and a benchmark."""

_ESBUILD = ("node_modules/esbuild/bin/esbuild", "--bundle", "--format=iife", "--target=es2022")


def bundle() -> Path:
    """The script for QuickJS, made from npm's packages unless it is there. Raises CalledProcessError."""
    digest = hashlib.sha256(LOCK.read_bytes() + ENTRY.read_bytes()).hexdigest()[:16]
    made = ROOT / "build" / f"feelin-{digest}.js"
    if not made.exists():
        hatch_build.install_modules(ROOT)
        made.parent.mkdir(exist_ok=True)
        alias = f"--alias:@bpmn-io/feelin={ROOT}/webapp/frontend/node_modules/@bpmn-io/feelin"
        draft = made.with_suffix(f".{os.getpid()}.draft")
        hatch_build.run_node(ROOT, *_ESBUILD, "--log-level=warning", alias, f"--outfile={draft}", ENTRY)
        draft.replace(made)
    return made


class Feelin:
    """Evaluates as feelin does; answers are as ``shown`` makes them of our values, or ``{"error": text}``."""

    def __init__(self) -> None:
        self._context = quickjs.Context()
        self._context.eval(bundle().read_text(encoding="utf-8"))

    def value(self, text: str, scope: dict[str, Any]) -> Any:
        """What an expression gives; the scope is JSON."""
        return self._ask("feelinValue", text, scope)

    def test(self, text: str, scope: dict[str, Any]) -> Any:
        """What unary tests give; ``?`` of the scope is the input."""
        return self._ask("feelinTest", text, scope)

    def prepare(self, text: str, scope: dict[str, Any], *, parsing: bool = False) -> None:
        """Let ``work`` evaluate an expression, or only do the parsing that is a part of it."""
        self._context.get("feelinPrepare")(text, json.dumps(scope), parsing)

    def prepare_table(
        self, table: dict[str, Any], scopes: list[dict[str, Any]], *, parsing: bool = False
    ) -> list[list[int]]:
        """Let ``work`` find the rules of every scope in ``{"inputs": [variable], "rules": [[cell]]}``.

        Returns the numbers of the rules that it finds.
        """
        self._context.set_time_limit(LONG)
        ask = self._context.get("feelinTable")
        found: list[list[int]] = json.loads(ask(json.dumps(table), json.dumps(scopes), parsing))
        return found

    def work(self, rounds: int) -> None:
        """Do what was prepared so many times."""
        self._context.set_time_limit(LONG)
        self._context.get("feelinWork")(rounds)

    def _ask(self, name: str, text: str, scope: dict[str, Any]) -> Any:
        self._context.set_time_limit(SECONDS)
        try:
            answer = json.loads(self._context.get(name)(text, json.dumps(scope)))
        except quickjs.JSException as error:
            return {"error": str(error).partition("\n")[0]}
        return answer.get("value") if "error" not in answer else answer


@cache
def feelin() -> Feelin:
    """One for the whole process."""
    return Feelin()


def shown(value: Any) -> Any:
    """A value of ours as feelin's are shown: what feelin cannot tell apart looks the same."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Decimal):
        return {"number": format(value.normalize(), "f") if value else "0"}
    if isinstance(value, list):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {"context": {key: shown(item) for key, item in value.items()}}
    if isinstance(value, Range):
        return {"range": [shown(value.low), shown(value.high), value.low_included, value.high_included]}
    return {"function": True} if isinstance(value, Function) else _shown_temporal(value)


def _shown_temporal(value: Any) -> Any:
    if isinstance(value, YearsMonths):
        return {"months": value.months, "millis": 0}
    if isinstance(value, timedelta):
        return {"months": 0, "millis": value // timedelta(milliseconds=1)}
    if isinstance(value, datetime):
        clock = _clock(value.timetz())
        day = {"date": value.date().isoformat()}
        return day if clock == {"time": 0, "zone": 0} else day | clock
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return _clock(value)


def _clock(value: time) -> dict[str, int | None]:
    since = timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )
    offset = None
    if isinstance(value.tzinfo, timezone) or value.tzinfo is UTC:
        offset = int((value.utcoffset() or timedelta()).total_seconds())
    return {"time": since // timedelta(milliseconds=1), "zone": offset}


def brief(value: Any) -> str:
    """A shown value in a few characters, for tables: ``[1, "a"]``, ``P14M``, ``86400 s``, ``error``."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return f"[{', '.join(map(brief, value))}]"
    if "error" in value or "function" in value:
        return "error" if "error" in value else "function"
    if "number" in value:
        return f"{float(value['number']):.15g}"
    if "context" in value:
        return "{" + ", ".join(f"{key}: {brief(entry)}" for key, entry in value["context"].items()) + "}"
    if "range" in value:
        low, high, *included = value["range"]
        return f"{'(['[included[0]]}{brief(low)}..{brief(high)}{')]'[included[1]]}"
    if "months" in value:
        return f"{value['millis'] / 1000:g} s" if value["millis"] else f"P{value['months']:.3g}M"
    parts = [value["date"]] if "date" in value else []
    if "time" in value:
        parts.append(f"{value['time'] / 1000:g} s")
    if value.get("zone") is not None:
        parts.append(f"+{value['zone']} s")
    return " ".join(parts)


if __name__ == "__main__":
    bundle()
