"""Hostile files that are dull to keep: each is one thing said thousands of times.

``python -m tests.hostile.big NAME`` prints one.
"""

import sys
from collections.abc import Callable
from typing import Final

from tests.hostile.shapes import diagram, dmn, form, literal, rule, table, textfield
from tests.integration.engine.models import task
from tests.unit.interpreter.diagrams import catch, end, exclusive, inclusive, many, node, parallel, process

_COSTLY = "count(for i in 1..3000 return i) < 0"
_MESSAGE = '<bpmn:messageEventDefinition messageRef="m"/>'


def _bpmn(nodes: str, flows: str, extra: str = "") -> bytes:
    return diagram(process(nodes, flows), extra=extra)


def _ways() -> bytes:
    """A gateway whose 300 conditions each take a hundredth of a second."""
    others = range(300)
    nodes = exclusive("g", "g__e") + "".join(end(f"e{i}") for i in others)
    return _bpmn(nodes, "s > g; g > e; " + ";".join(f"g > e{i} if {_COSTLY}" for i in others))


def _wide() -> bytes:
    branches = range(300)
    nodes = inclusive("f") + inclusive("j") + "".join(node("task", f"t{i}") for i in branches)
    return _bpmn(nodes, "s > f; j > e;" + ";".join(f"f > t{i} if true; t{i} > j" for i in branches))


def _nested(depth: int) -> bytes:
    nodes = "".join(f'<bpmn:subProcess id="x{i}"><bpmn:startEvent id="y{i}"/>' for i in range(depth))
    return _bpmn(nodes + "</bpmn:subProcess>" * depth, "s > x0 > e")


def _crowd() -> bytes:
    """More elements than anybody draws; all of them in parallel."""
    branches = range(1400)
    nodes = parallel("f") + parallel("j") + "".join(node("task", f"t{i}") for i in branches)
    return _bpmn(nodes, "s > f; j > e;" + ";".join(f"f > t{i} > j" for i in branches))


def _chain(length: int) -> bytes:
    names = [f"t{i}" for i in range(length)]
    return _bpmn("".join(node("task", n) for n in names), " > ".join(["s", *names, "e"]))


def _boundaries() -> bytes:
    """A task with a thousand conditional boundary events, each costly."""
    names = [f"b{i}" for i in range(900)]
    event = (
        f"<bpmn:conditionalEventDefinition><bpmn:condition>{_COSTLY.replace('<', '&lt;')}</bpmn:condition>"
    )
    event += "</bpmn:conditionalEventDefinition>"
    drawn = "".join(node("boundaryEvent", n, event, attachedToRef="a", cancelActivity="false") for n in names)
    return _bpmn(task("a") + drawn, "s > a > e;" + ";".join(f"{n} > e" for n in names))


def _rules(count: int, cell: str = "-", policy: str = "COLLECT", value: str = "1") -> bytes:
    return dmn(table("\n".join(rule(i, cell, value) for i in range(count)), policy))


def _ranges(count: int, width: int) -> bytes:
    """Ranges that lie across each other in every column."""
    columns = "".join(
        f'<input id="i{c}"><inputExpression typeRef="number"><text>c{c}</text></inputExpression></input>'
        for c in range(width)
    )
    rules = ""
    for i in range(count):
        lows = [(i * step) % 4999 for step in (7, 1009, 2003, 3001, 4001)]
        cells = (f"[{lows[c % 5] + c}..{lows[c % 5] + 2500}]" for c in range(width))
        entries = "".join(
            f'<inputEntry id="c{i}_{c}"><text>{x}</text></inputEntry>' for c, x in enumerate(cells)
        )
        rules += f'<rule id="r{i}">{entries}<outputEntry id="o{i}"><text>1</text></outputEntry></rule>'
    inner = f'<decisionTable id="tt" hitPolicy="FIRST">{columns}<output id="o" name="hasil"/>{rules}'
    return dmn(f'<decision id="t" name="t">{inner}</decisionTable></decision>')


def _required(count: int) -> bytes:
    """Each decision requires all before it."""
    names = [*(f"t{i}" for i in range(count)), "t"]
    return dmn(*(literal(n, "+".join(["1", *names[:i]]), names[:i]) for i, n in enumerate(names)))


def _attributes(count: int) -> bytes:
    return _bpmn(task("a"), "s > a > e").replace(b"<bpmn:process ", b"<bpmn:process " + b" ".join(
        b'a%d="1"' % i for i in range(count)
    ) + b" ")  # fmt: skip


def _namespaces(count: int) -> bytes:
    declared = b" ".join(b'xmlns:n%d="urn:n%d"' % (i, i) for i in range(count))
    return _bpmn(task("a"), "s > a > e").replace(
        b"<bpmn:definitions ", b"<bpmn:definitions " + declared + b" "
    )


def _inside(text: bytes) -> bytes:
    return _bpmn(task("a"), "s > a > e").replace(b"</bpmn:definitions>", text + b"</bpmn:definitions>")


def _named(name: str) -> bytes:
    return _bpmn(task("a"), "s > a > e").replace(b"Kerjakan a", name.encode())


def _group(depth: int) -> dict[str, object]:
    if not depth:
        return textfield("a")
    return {"type": "group", "id": f"g{depth}", "label": "g", "components": [_group(depth - 1)]}


BIG: Final[dict[str, Callable[[], bytes]]] = {
    "cycles/three-hundred-ways.bpmn": _ways,
    "cycles/gateway-of-three-hundred.bpmn": _wide,
    "cycles/crowd.bpmn": _crowd,
    "cycles/chain-of-a-thousand.bpmn": lambda: _chain(1000),
    "cycles/thousand-conditions.bpmn": _boundaries,
    "nesting/sub-processes-ninety.bpmn": lambda: _nested(90),
    "nesting/sub-processes-two-hundred.bpmn": lambda: _nested(200),
    "nesting/chain-of-ten-thousand.bpmn": lambda: _chain(10_000),
    "nesting/xml-of-a-hundred-thousand-levels.bpmn": lambda: _inside(b"<x>" * 100_000 + b"</x>" * 100_000),
    "nesting/xml-that-never-closes.bpmn": lambda: _inside(b"<x>" * 1_000_000),
    "nesting/a-hundred-thousand-elements.bpmn": lambda: _inside(b"<x/>" * 100_000),
    "nesting/attributes-by-the-thousand.bpmn": lambda: _attributes(50_000),
    "nesting/namespaces-by-the-thousand.bpmn": lambda: _namespaces(20_000),
    "nesting/instructions-by-the-thousand.bpmn": lambda: _inside(b"<?x y?>" * 300_000),
    "nesting/comments-by-the-thousand.bpmn": lambda: _inside(b"<!-- x -->" * 300_000),
    "nesting/lines-by-the-million.bpmn": lambda: _inside(b"\n" * 4_000_000),
    "nesting/references-by-the-thousand.bpmn": lambda: _named("&#65;" * 900_000),
    "nesting/name-of-four-megabytes.bpmn": lambda: _named("a" * 4_000_000),
    "nesting/prefix-of-a-megabyte.bpmn": lambda: _inside(b"<" + b"p" * 1_000_000 + b"/>"),
    "nesting/conditions-of-five-megabytes.bpmn": lambda: _bpmn(
        exclusive("g", "g__e") + "".join(end(f"e{i}") for i in range(140)),
        "s > g; g > e; " + ";".join(f"g > e{i} if x{i} " + "+ 1" * 5900 + " = 0" for i in range(140)),
    ),
    "nesting/six-megabytes.bpmn": lambda: _named("a" * 6_000_000),
    "ids/long.bpmn": lambda: _bpmn(task("a" * 5000), "s > " + "a" * 5000 + " > e"),
    "ids/message-of-ten-thousand-letters.bpmn": lambda: _bpmn(
        catch("c", _MESSAGE), "s > c > e", f'<bpmn:message id="m" name="{"pesan" * 2000}"/>'
    ),
    "ids/group-of-ten-thousand-letters.bpmn": lambda: _bpmn(task("a", group="g" * 10_000), "s > a > e"),
    "ids/topic-of-ten-thousand-letters.bpmn": lambda: _bpmn(
        node("serviceTask", "t", camunda_type="external", camunda_topic="x" * 10_000), "s > t > e"
    ),
    "ids/groups-by-the-thousand.bpmn": lambda: _bpmn(
        task("a", group=",".join(["petugas"] * 20_000)), "s > a > e"
    ),
    "feel/number-of-30000-digits.feel": lambda: b"9" * 30_000 + b" > 0",
    "feel/digits-after-the-point.feel": lambda: b"0." + b"9" * 30_000 + b" > 0",
    "feel/parentheses.feel": lambda: b"(" * 5000 + b"true" + b")" * 5000,
    "feel/lists.feel": lambda: b"count(" + b"[" * 5000 + b"]" * 5000 + b") > 0",
    "feel/contexts.feel": lambda: b"{a: " * 2000 + b"1" + b"}" * 2000 + b" = null",
    "feel/ifs.feel": lambda: b"if true then " * 900 + b"1" + b" else 1" * 900,
    "feel/functions.feel": lambda: b"function() " * 2000 + b"1",
    "feel/minus-signs.feel": lambda: b"-" * 30_000 + b"1 > 0",
    "feel/dots.feel": lambda: b"a" + b".b" * 15_000 + b" = null",
    "feel/filters.feel": lambda: b"a" + b"[1]" * 10_000 + b" = null",
    "feel/calls.feel": lambda: b"a" + b"()" * 15_000 + b" = null",
    "feel/comparisons.feel": lambda: b"1" + b" = 1" * 5000,
    "feel/types.feel": lambda: b"1 instance of " + b"list<" * 5000 + b"number" + b">" * 5000,
    "feel/sum-of-16000.feel": lambda: b"+".join([b"1"] * 16_000) + b" > 0",
    "feel/too-long.feel": lambda: b"1 > 0" + b" " * 40_000,
    "feel/text-without-end.feel": lambda: b'"' + b"a" * 30_000,
    "feel/comment-without-end.feel": lambda: b"/* " * 5000 + b"1 > 0",
    "decisions/all-rules-hit.dmn": lambda: _rules(2000, policy="UNIQUE"),
    "decisions/all-rules-hit-unseen.dmn": lambda: _rules(2000, "? = ?", policy="UNIQUE"),
    "decisions/ranges-across-ranges.dmn": lambda: _ranges(3000, 4),
    "decisions/ninety-columns.dmn": lambda: _ranges(150, 90),
    "decisions/collect-growing.dmn": lambda: _rules(
        200, value=f'string join(for i in 1..900 return "{"a" * 400}")'
    ),
    "decisions/ten-thousand-rules.dmn": lambda: _rules(10_000, "&lt; 0"),
    "decisions/hundred-thousand-rules.dmn": lambda: _rules(100_000, "&lt; 0"),
    "decisions/thousand-costly-cells.dmn": lambda: _rules(1000, "count(for i in 1..5000 return i) &lt; 0"),
    "decisions/five-megabytes-of-sums.dmn": lambda: _rules(140, value="+".join(["1"] * 15_000)),
    "decisions/three-megabytes-of-short-sums.dmn": lambda: _rules(8000, value="+".join(["1"] * 100)),
    "decisions/distinct-cells.dmn": lambda: dmn(
        table("".join(rule(i, f"&gt; {i}" + "+1" * 300, str(i)) for i in range(5000)), "COLLECT")
    ),
    "decisions/names-with-signs.dmn": lambda: dmn(
        *(literal(f"d{i}", "1 + a-b-c-d").replace(f'name="d{i}"', f'name="a-{i}"') for i in range(5000))
    ),
    "decisions/each-requires-all.dmn": lambda: _required(60),
    "decisions/context-ninety-deep.dmn": lambda: dmn(literal("t", "{a: " * 85 + "1" + "}" * 85)),
    "forms/nested-thirty-groups.form": lambda: form(_group(30)),
    "forms/pattern-of-ten-thousand.form": lambda: form(textfield("a", validate={"pattern": "a" * 10_000})),
    "forms/brackets.form": lambda: b"[" * 100_000,
    "forms/two-thousand-fields.form": lambda: form(*(textfield(f"a{i}") for i in range(2000))),
    "forms/two-megabytes.form": lambda: form(textfield("a", description="x" * 2_000_000)),
    "forms/megabyte-of-conditions.form": lambda: form(
        *(textfield(f"a{i}", conditional={"hide": f"=x{i}" + "+1" * 5000 + "=0"}) for i in range(90))
    ),
    "forms/thousand-costly-conditions.form": lambda: form(
        *(
            textfield(f"a{i}", conditional={"hide": "=count(for i in 1..20000 return i) < 0"})
            for i in range(900)
        )
    ),
    "cycles/calls-a-thousand-times.bpmn": lambda: diagram(
        process(node("callActivity", "c", many(cardinality="2000"), calledElement="q"), "s > c > e"),
        process(parallel("f", "j"), "s2 > f; f > j; f > j; j > e2", key="q")
        .replace('"s"', '"s2"')
        .replace('"e"', '"e2"'),
    ),
}
"""Name -> maker of the content."""

if __name__ == "__main__":
    sys.stdout.buffer.write(BIG[sys.argv[1]]())
