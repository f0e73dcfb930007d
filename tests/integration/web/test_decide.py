"""`titian decide`, as an analyst types it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.dmn.models import decision, file, literal, table
from webapp.cli import main
from webapp.cli.rows import write_csv

ROOT = Path(__file__).parents[3]
PASURUAN = ROOT / "processes" / "pasuruan" / "pasuruan_jalur.dmn"
Titian = Callable[..., Result]


@pytest.fixture
def decide(tmp_path: Path) -> Titian:
    """Runs `titian decide FILE --inputs` with a file of that name and content."""

    def run(model: Path | bytes, name: str, content: str | bytes, *more: str, code: int = 0) -> Result:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if isinstance(model, bytes):
            (tmp_path / "model.dmn").write_bytes(model)
            model = tmp_path / "model.dmn"
        result = CliRunner().invoke(main, ["decide", str(model), "--inputs", str(path), *more])
        assert result.exit_code == code, result.output
        return result

    return run


def test_an_object_is_answered_with_an_object(decide: Titian) -> None:
    row = {"umur_saat_kejadian": 11, "tingkat_tindak_pidana": "ringan"}
    found = json.loads(decide(PASURUAN, "in.json", json.dumps(row)).stdout)
    assert found == {"inputs": row, "result": "rj", "rules": ["aturan_1"]}


def test_a_list_is_answered_with_a_list_and_warnings(decide: Titian) -> None:
    found = json.loads(decide(PASURUAN, "in.json", "[{}, {}]").stdout)
    assert [row["result"] for row in found] == [None, None]
    assert "the name 'umur_saat_kejadian' is not known" in found[0]["warnings"][0]


def test_a_table_of_rows_gets_columns_for_the_result(decide: Titian) -> None:
    given = "umur_saat_kejadian,tingkat_tindak_pidana\n11,ringan\n15,berat\n,ringan\n\n"
    assert decide(PASURUAN, "in.csv", given).stdout == (
        "umur_saat_kejadian,tingkat_tindak_pidana,jalur_usulan,rules,error\n"
        "11,ringan,rj,aturan_1,\n15,berat,diversi,aturan_3,\n,ringan,,,\n"
    )


def test_a_spreadsheet_of_indonesia_has_semicolons_and_a_mark(decide: Titian) -> None:
    given = "\ufeffumur_saat_kejadian;tingkat_tindak_pidana\r\n11;ringan\r\n"
    lines = decide(PASURUAN, "in.csv", given).stdout.splitlines()
    assert lines[1] == "11;ringan;rj;aturan_1;"


MANY = file(
    decision(
        "a",
        table(
            ["n"],
            ["x", "y"],
            [["> 1", "n", '"s"'], ["> 2", "n + 1", "true"]],
            policy="COLLECT",
            types=["number"],
        ),
    ),
    decision("b", literal("n + 1"), name="Tambah satu"),
    decision("c", table(["n"], ["x"], [["> 0", "1"], ["> 5", "2"]], types=["number"])),
)


def test_a_decision_is_named_where_there_are_several(decide: Titian) -> None:
    said = decide(MANY, "in.json", "{}", code=2).stderr
    assert "has several decisions, name one with --decision: a (a), b (Tambah satu), c (c)" in said
    found = decide(MANY, "in.json", '{"n": 4}', "--decision", "Tambah satu")
    assert json.loads(found.stdout)["result"] == 5
    assert "no decision 'z'; it has: a (a)" in decide(MANY, "in.json", "{}", "--decision", "z", code=1).stderr


def test_several_results_of_a_row_stand_in_its_cells(decide: Titian) -> None:
    found = decide(MANY, "in.csv", "n\n3\n", "--decision", "a").stdout
    assert found == 'n,x,y,rules,error\n3,"3\n4","s\ntrue",r1 r2,\n'


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1", '=HYPERLINK("//x";"y")']
)
def test_no_cell_becomes_a_formula_of_a_spreadsheet(text: str) -> None:
    [line] = csv.reader(
        io.StringIO(write_csv([[text, f"biasa {text}", -5, 1.5, "-5", None]], ";")), delimiter=";"
    )
    assert line == [f"'{text}", f"biasa {text}", "-5", "1.5", "-5", ""]


def test_a_row_that_fails_is_told_and_the_others_go_on(decide: Titian) -> None:
    found = decide(MANY, "in.csv", "n\n1\n9\n2\n", "--decision", "c", code=1)
    lines = found.stdout.splitlines()
    assert (lines[1], lines[3]) == ("1,1,r1,", "2,1,r1,")
    assert "r1, r2 match at once" in lines[2]
    assert found.stderr.startswith("row 2: The decision c cannot be evaluated")
    answers = json.loads(decide(MANY, "in.json", '[{"n": 9}]', "--decision", "c", code=1).stdout)
    assert "match at once" in answers[0]["error"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("in.csv", "umur_saat_kejadian\nx\n", "row 1: 'x' is no number"),
        ("in.csv", "a,b\n1\n", "row 1 has 1 cells, the first 2"),
        ("in.csv", "a,a\n1,2\n", "a column has no name, or two have the same: a, a"),
        ("in.csv", "\n", "is empty; its first row holds the names"),
        ("in.csv", b"\xff\xfe", "is not UTF-8"),
        ("in.json", "{", "is no JSON"),
        ("in.json", "[1]", "row 1 is no object but 1"),
        ("in.txt", "1", "is neither .json nor .csv"),
    ],
)
def test_rows_that_cannot_be_read_are_refused_with_the_place(decide: Titian, name, content, said) -> None:
    assert said in decide(PASURUAN, name, content, code=1).stderr


def test_cells_are_of_the_type_of_their_column(decide: Titian) -> None:
    model = file(
        decision(
            "a", table(["b", "s", "d", "x"], ["o"], [["-", "-", "-", "-", "[b, s, d, x]"]]).replace("'", '"')
        )
    )
    for number, type_ in enumerate(["boolean", "string", "date", ""]):
        marked = f'<input id="i{number}"><inputExpression typeRef="string"'
        model = model.replace(marked.encode(), marked.replace('"string"', f'"{type_}"').encode())
    rows = "b,s,d,x\nya,12,2026-01-02,12\nfalse,x,besok,tidak\n,,,1.5x\n"
    lines = decide(model, "in.csv", rows).stdout.splitlines()
    assert '[true, ""12"", ""2026-01-02"", 12]' in lines[1]
    assert '[false, ""x"", ""besok"", false]' in lines[2]
    assert '[null, null, null, ""1.5x""]' in lines[3]
    assert (
        "row 1: 'mungkin' is neither true nor false" in decide(model, "in.csv", "b\nmungkin\n", code=1).stderr
    )


def test_a_model_may_import_another(decide: Titian, tmp_path: Path) -> None:
    base = file(decision("b", literal("41"), variable="dasar")).replace(b'namespace="n"', b'namespace="lain"')
    (tmp_path / "lain.dmn").write_bytes(base)
    needs = '<informationRequirement><requiredDecision href="lain#b"/></informationRequirement>'
    head = '<import name="l" namespace="lain" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    model = file(head, decision("a", needs + literal("l.dasar + 1")))
    found = decide(model, "in.json", "{}", "--import", str(tmp_path / "lain.dmn"))
    assert json.loads(found.stdout)["result"] == 42


def test_a_file_that_is_no_dmn_is_refused(decide: Titian) -> None:
    assert "is refused" in decide(b"<x/>", "in.json", "{}", code=1).stderr


def test_the_example_of_the_tour_is_what_the_command_says(decide: Titian) -> None:
    tour = (ROOT / "docs" / "feel.md").read_text()
    block = tour.partition("$ titian decide processes/pasuruan/pasuruan_jalur.dmn --inputs kasus.csv\n")[2]
    shown = block.partition("```")[0]
    given = "".join(";".join(line.split(";")[:2]) + "\n" for line in shown.splitlines())
    assert decide(PASURUAN, "kasus.csv", given).stdout == shown
