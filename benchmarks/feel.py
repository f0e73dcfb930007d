"""FEEL and decision tables: how long one evaluation takes, here and in feelin, which QuickJS runs.

feelin parses an expression whenever it evaluates it; what is left without that is printed too.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median
from time import thread_time
from typing import Any

from benchmarks.http_cases import Place
from benchmarks.table import print_table
from engine.definitions.dmn import parse_decisions
from engine.feel import parse_expression
from tests.support.feelin import feelin

HEAD = ("one evaluation", "here", "aim", "feelin", "feelin without parsing")
REPEATS = 15
JALUR = Path(__file__).parents[1] / "processes/pasuruan/pasuruan_jalur.dmn"
JALUR_TABLE = {
    "inputs": ["umur_saat_kejadian", "tingkat_tindak_pidana"],
    "rules": [["< 12", "-"], ["[12..17]", '"ringan"'], ["[12..17]", '"berat"'], [">= 18", "-"]],
}
JALUR_OUTPUTS = ["rj", "rj", "diversi", "di_luar_cakupan"]
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="b" name="b" id="b">
<decision id="bantuan" name="bantuan"><decisionTable id="t" hitPolicy="UNIQUE">{inputs}
<output id="o" name="bantuan" typeRef="number"/>{rules}</decisionTable></decision></definitions>"""
INPUT = '<input id="{0}"><inputExpression id="u_{0}" typeRef="{1}"><text>{0}</text></inputExpression></input>'
RULE = '<rule id="r{}">{}<outputEntry id="o{}"><text>{}</text></outputEntry></rule>'


def measure(_place: Place, _cases: int) -> None:
    """Print the table: an expression, a small decision of ours, and a table of a thousand rules."""
    rows = [_expression(), _small(), _large()]
    print_table("FEEL: medians, parsed once here, at every evaluation by feelin", HEAD, rows)


def _expression() -> tuple[str, ...]:
    scope = {f"variabel_{number}": number for number in range(59)} | {"umur": 11}
    parsed = parse_expression("umur < 12")
    ours = _seconds(lambda: parsed.evaluate(scope), 5_000)
    theirs = []
    for parsing in (False, True):
        feelin().prepare(parsed.text, scope, parsing=parsing)
        theirs.append(_feelin_seconds(100))
    return _row("`umur < 12`, 60 variables", ours, 3e-6, *theirs)


def _small() -> tuple[str, ...]:
    scopes = [
        {"umur_saat_kejadian": age, "tingkat_tindak_pidana": kind}
        for age, kind in product((9, 12, 15, 19), ("ringan", "berat"))
    ]
    return _decision("decision of Pasuruan, 4 rules", JALUR.read_bytes(), JALUR_TABLE, JALUR_OUTPUTS, scopes)


def _large() -> tuple[str, ...]:
    """Ages by ranges, groups by one or two texts, incomes by ranges: ten of each, and every combination."""
    ages = [f"[{low}..{low + 10})" for low in range(0, 100, 10)]
    groups = [f'"golongan {number}"' + f', "lain {number}"' * (number % 2) for number in range(10)]
    incomes = [f"[{low}..{low + 500000})" for low in range(0, 5_000_000, 500_000)]
    rules = list(product(ages, groups, incomes))
    names = {"umur": "number", "golongan": "string", "penghasilan": "number"}
    inputs = "".join(INPUT.format(name, kind) for name, kind in names.items())
    content = TABLE.format(inputs=inputs, rules="".join(map(_rule, range(len(rules)), rules))).encode()
    scopes: list[dict[str, Any]] = [
        {"umur": 3, "golongan": "golongan 2", "penghasilan": 100_000},
        {"umur": 97, "golongan": "lain 9", "penghasilan": 4_999_999},
    ]
    table = {"inputs": list(names), "rules": rules}
    return _decision("made table of 1,000 rules, 3 inputs", content, table, list(range(1000)), scopes, 2e-3)


def _rule(number: int, cells: tuple[str, ...]) -> str:
    entries = (
        f'<inputEntry id="i{number}_{at}"><text>{cell}</text></inputEntry>' for at, cell in enumerate(cells)
    )
    return RULE.format(number, "".join(entries), number, number)


def _decision(
    what: str,
    content: bytes,
    table: dict[str, Any],
    outputs: list[Any],
    scopes: list[dict[str, Any]],
    aim: float = 30e-6,
) -> tuple[str, ...]:
    (decision,) = parse_decisions(content, "bench.dmn").values()
    found, theirs = list[list[int]](), []
    for parsing in (False, True):
        found = feelin().prepare_table(table, scopes, parsing=parsing)
        theirs.append(_feelin_seconds(200 // len(outputs) + 1) / len(scopes))
    ours = [[decision.evaluate(scope).value] for scope in scopes]
    assert ours == [[outputs[number] for number in numbers] for numbers in found], "they do not decide alike"
    seconds = _seconds(lambda: [decision.evaluate(scope) for scope in scopes], 2_000 // len(outputs) + 1)
    return _row(what, seconds / len(scopes), aim, *theirs)


def _feelin_seconds(rounds: int) -> float:
    return _seconds(lambda: feelin().work(rounds), 1, repeats=3) / rounds


def _seconds(work: Callable[[], object], rounds: int, repeats: int = REPEATS) -> float:
    """The thread's time for one round: the median of some repeats of so many rounds."""
    found = []
    for _ in range(repeats):
        begun = thread_time()
        for _ in range(rounds):
            work()
        found.append((thread_time() - begun) / rounds)
    return median(found)


def _row(what: str, ours: float, aim: float, whole: float, parsing: float) -> tuple[str, ...]:
    return (what, *map(_shown, (ours, aim, whole, max(0.0, whole - parsing))))


def _shown(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.1f} µs"
