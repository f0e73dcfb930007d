"""Moving tokens by hand (Camunda 7's process instance modification): start here, go on there, cancel that.

Instructions are carried out in order, then everything that became ready runs. A sub-process that one of them
leaves without a token is cancelled too, and so on outwards; a process, called or not, waits for the last
instruction, and is cancelled where nothing is left then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from engine.errors import ModificationInvalid
from engine.interpreter import scopes
from engine.interpreter.board import Board, Scope
from engine.interpreter.continuations import stands_at
from engine.interpreter.openings import (
    Impossible,
    free_flow,
    has_tokens,
    inlet,
    interrupt,
    item_for,
    scope_for,
)
from engine.interpreter.repeat import Repeat
from engine.interpreter.spec import ScopeSpec
from engine.interpreter.spiff import Task, TaskSpec, TaskState
from engine.interpreter.tokens import arrive, cancel, on_board, place
from engine.interpreter.workflow import Workflow

InstructionType = Literal["startBeforeActivity", "startAfterActivity", "startTransition", "cancel"]
MAX_INSTRUCTIONS: Final = 100
BODY: Final = "#multiInstanceBody"


@dataclass(frozen=True)
class Instruction:
    """One step of a modification, by Camunda's names.

    ``element_id``: of the activity, event or gateway; for ``startTransition`` the sequence flow's.
    ``<id>#multiInstanceBody``: a multi-instance as a whole, where ``<id>`` alone starts one more item of it.
    ``token_id``: for ``cancel``, one token instead of all at an element. ``ancestor``: token of the
    sub-process (or call activity) to start inside, "" for the process; without it the only open sub-process
    is used, or one is opened.
    ``process_key``: of the process that the element is in, None for the instance's own. ``variables``: JSON
    values to set where the token starts.
    """

    type: InstructionType
    element_id: str = ""
    token_id: str | None = None
    ancestor: str | None = None
    process_key: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


def modify(workflow: Workflow, instructions: Sequence[Instruction]) -> bool:
    """Carry out instructions on an instance in memory, and run it to where it waits.

    False: they have left nothing, so the instance was cancelled. Raises ModificationInvalid, with the number
    of the instruction from 0, its element and what is wrong; and what the moves of ``Workflow`` raise. Then
    the workflow is to be thrown away, as after any move.
    """
    board = workflow._board
    workflow._begin()
    if not 0 < len(instructions) <= MAX_INSTRUCTIONS:
        reason = f"{len(instructions)} instructions, not 1 to {MAX_INSTRUCTIONS}"
        raise ModificationInvalid(index=0, element="", reason=reason)
    for act in (_check, _carry_out):  # nothing moves before all of them are known to make sense
        for index, instruction in enumerate(instructions):
            try:
                act(board, instruction)
            except Impossible as error:
                element = instruction.element_id or instruction.token_id or ""
                raise ModificationInvalid(index=index, element=element, reason=str(error)) from error
    while left := [
        s for s in board.scopes.values() if s.owner is not None and not s.is_kept and not has_tokens(s)
    ]:
        _cancel(left[0].owner)
    if not has_tokens(board.scopes[""]):
        workflow.cancel()
        return False
    board.settle()
    return True


def _check(board: Board, instruction: Instruction) -> None:
    """What can be said before anything moves: is the element there, and can a token begin at it at all?"""
    if instruction.type not in get_args(InstructionType):
        raise Impossible(f"there is no instruction '{instruction.type}'")
    if instruction.type == "cancel" and instruction.token_id:
        return
    spec = _spec_of(board, instruction)
    if instruction.element_id.endswith(BODY) and spec.holder_of != "items":
        raise Impossible("it is no multi-instance")
    if instruction.type == "startAfterActivity" and len(spec.outputs) != 1:
        raise Impossible(f"it has {len(spec.outputs)} outgoing flows, not one; a flow can be named instead")


def _spec_of(board: Board, instruction: Instruction) -> TaskSpec:
    """The spec of an instruction's element; of a sequence flow, the spec that it comes from."""
    key = instruction.process_key or board.scopes[""].spec.process_key
    element_id = instruction.element_id.removesuffix(BODY)
    for scope in board.specs.values():
        if scope.process_key != key:
            continue
        if instruction.type == "startTransition":
            if instruction.element_id in scope.flows:  # a flow has no body, whatever its source is
                return scope.task_specs[scope.flows[instruction.element_id].source]
        elif " " not in element_id and element_id in scope.task_specs:
            return scope.task_specs[element_id]
    what = "sequence flow" if instruction.type == "startTransition" else "element"
    raise Impossible(f"the process '{key}' has no such {what}")


def _carry_out(board: Board, instruction: Instruction) -> None:
    if instruction.type != "cancel":
        _start(_placed(board, instruction), instruction)
        return
    for task in [_open(board, instruction.token_id)] if instruction.token_id else _at(board, instruction):
        if on_board(task):
            _cancel(task)


def _placed(board: Board, instruction: Instruction) -> Task:
    """The token that an instruction starts, before it takes up its work."""
    spec = _spec_of(board, instruction)
    specs: ScopeSpec = spec._wf_spec
    scope = scope_for(board, specs, instruction.ancestor)
    if instruction.type == "startAfterActivity":
        return place(scope, spec.outputs[0], TaskState.FUTURE, via=spec.name)
    if instruction.type == "startTransition":
        flow = specs.flows[instruction.element_id]
        return place(scope, specs.task_specs[flow.target], TaskState.FUTURE, via=spec.name)
    whole = instruction.element_id.endswith(BODY)
    if isinstance(spec, Repeat) and spec.loop.kind != "standard" and not whole:
        return item_for(scope, spec)
    interrupt(scope, spec)
    return place(scope, inlet(spec), TaskState.FUTURE, via=free_flow(scope, spec))


def _start(task: Task, instruction: Instruction) -> None:
    scopes.write(task, instruction.variables)
    arrive(task)


def _open(board: Board, token_id: str) -> Task:
    task = board.find(token_id)
    if task is None or not task.task_spec.is_token(task):
        raise Impossible("no token has this id")
    return task


def _at(board: Board, instruction: Instruction) -> list[Task]:
    """All tokens at an element, outermost first. Raises Impossible where there is none."""
    key = instruction.process_key or board.scopes[""].spec.process_key
    element_id = instruction.element_id.removesuffix(BODY)
    found = [
        task
        for scope in board.scopes.values()
        if scope.spec.process_key == key
        for task in scope.tasks.values()
        if task.task_spec.is_token(task) and stands_at(task) == element_id
    ]
    if not found:
        raise Impossible("no token stands there")
    return found


def _cancel(task: Task) -> None:
    """Take a token off, with the frame and the loop that held it alone, and scopes that it leaves empty."""
    for holder in _holders(task):
        if holder.task_spec.holder_of == "undo":
            raise Impossible("it undoes something; cancel the event that has begun that")
        if holder.task_spec.holder_of == "items" and holder.task_spec.forgo(holder):
            break
        task = holder
    scope: Scope = task.workflow
    cancel(task)
    if scope.owner is not None and not scope.owner.task_spec.opens_scope and not has_tokens(scope):
        _cancel(scope.owner)


def _holders(task: Task) -> Iterator[Task]:
    """What a token hangs below, innermost first: its loop, its frame."""
    holder = task.parent
    while holder.task_spec.holder_of:
        yield holder
        holder = holder.parent
