"""``titian decide``: a decision of a file, evaluated for one row of values or for many."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from engine import outline_decisions, try_decision
from engine.definitions.dmn import DecisionOutline, Trial
from engine.errors import DecisionError
from webapp.cli.rows import cell_of, read_rows, write_csv

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class Answer:
    """What a row was answered: a trial, or the error for which there is none."""

    inputs: Mapping[str, Any]
    trial: Trial | None
    error: str = ""


@click.command()
@click.argument("file", type=FILE)
@click.option("--decision", "name", help="Id or name of the decision. Default: the file's only one.")
@click.option(
    "--inputs",
    type=FILE,
    required=True,
    help="A .json file (an object, or a list of them) or a .csv file with the inputs' names in row one.",
)
@click.option(
    "--import", "imports", type=FILE, multiple=True, help="A model that FILE imports; may be repeated."
)
def decide(file: Path, name: str | None, inputs: Path, imports: tuple[Path, ...]) -> None:
    """Evaluate a decision of FILE (.dmn), for one row of values or many.

    It decides as in a process. Answers come in the form of the inputs: for JSON an object, or a list of them,
    with the result, the ids of the rules behind it and warnings; for CSV the same rows with a column for
    every output, `rules` and `error`. A row that cannot be decided is told and the others go on; the exit
    code is then 1.
    """
    resources = {path.name: path.read_bytes() for path in (file, *imports)}
    outline = _chosen(outline_decisions(resources), name, file)
    given = read_rows(inputs, outline.inputs)
    answers = [_answer(resources, outline.id, row) for row in given.rows]
    if given.delimiter:
        click.echo(_as_csv(answers, outline, given.delimiter), nl=False)
    else:
        shown = [_as_json(answer) for answer in answers]
        click.echo(json.dumps(shown if given.is_list else shown[0], ensure_ascii=False, indent=2))
    failed = [number for number, answer in enumerate(answers, 1) if answer.error]
    for number in failed:
        click.secho(f"row {number}: {answers[number - 1].error}", fg="red", err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _chosen(outlines: Sequence[DecisionOutline], name: str | None, file: Path) -> DecisionOutline:
    """The decision with this id or name, or the only one. Raises ClickException that lists what there is."""
    there = ", ".join(f"{outline.id} ({outline.name})" for outline in outlines) or "none"
    if name is None and len(outlines) == 1:
        return outlines[0]
    if name is None:
        raise click.UsageError(f"{file} has several decisions, name one with --decision: {there}")
    for same in ([o for o in outlines if o.id == name], [o for o in outlines if o.name == name]):
        if same:
            return same[0]
    raise click.ClickException(f"{file} has no decision '{name}'; it has: {there}")


def _answer(resources: Mapping[str, bytes], decision: str, inputs: Mapping[str, Any]) -> Answer:
    try:
        return Answer(inputs, try_decision(resources, decision, inputs))
    except DecisionError as error:
        return Answer(inputs, None, str(error))


def _as_json(answer: Answer) -> dict[str, Any]:
    trial = answer.trial
    if trial is None:
        return {"inputs": answer.inputs, "error": answer.error}
    shown: dict[str, Any] = {"inputs": answer.inputs, "result": trial.value, "rules": list(trial.rules)}
    return shown | ({"warnings": list(trial.warnings)} if trial.warnings else {})


def _as_csv(answers: Sequence[Answer], outline: DecisionOutline, delimiter: str) -> str:
    """A line for every row of inputs; several results of one stand in its cells one below the other."""
    names = list(answers[0].inputs) if answers else [found.name for found in outline.inputs]
    lines: list[Sequence[Any]] = [[*names, *outline.outputs, "rules", "error"]]
    for answer in answers:
        rows = answer.trial.rows if answer.trial else ()
        outputs = ["\n".join(cell_of(row.get(name)) for row in rows) for name in outline.outputs]
        rules = " ".join(answer.trial.rules) if answer.trial else ""
        lines.append([*answer.inputs.values(), *outputs, rules, answer.error])
    return write_csv(lines, delimiter)
