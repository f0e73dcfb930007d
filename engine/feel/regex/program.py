"""Patterns to small programs, and the machine that runs them: backtracking that cannot explode.

Where a branch has failed at a place once it is not tried there again: work grows with pattern times text.
Only back-references forbid that; then, as always, the budget of steps ends it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Any

from engine.feel import limits
from engine.feel.limits import Exhausted

from .charsets import variants
from .pattern import Back, Choice, Edge, Group, Pattern, Repeat, Sequence, Set, Tree, read_pattern

_STEPS_AT_ONCE = 4
"""Instructions that cost one step of the expression's budget."""


class Op(IntEnum):
    SET = 0
    SPLIT = 1
    JUMP = 2
    SAVE = 3
    BACK = 4
    START = 5
    END = 6
    MOVED = 7
    FOUND = 8


Instruction = tuple[Any, ...]
Span = tuple[int, ...]
"""Start and end of the match and of each group, -1 where a group took no part."""


@dataclass(frozen=True, slots=True)
class Program:
    code: tuple[Instruction, ...]
    slots: int
    groups: int
    remembers: bool
    """Failed branches may be remembered: there are no back-references."""
    multiline: bool
    ignore_case: bool


@lru_cache(64)
def compile_pattern(text: str, flags: str) -> Program:
    """Raises PatternInvalid; Exhausted if the program is too long."""
    pattern = read_pattern(text, flags)
    assembler = _Assembler(pattern)
    assembler.add((Op.SAVE, 0))
    assembler.emit(pattern.tree)
    assembler.add((Op.SAVE, 1))
    assembler.add((Op.FOUND,))
    return Program(
        tuple(assembler.code),
        assembler.slots,
        pattern.groups,
        not pattern.has_back,
        pattern.multiline,
        pattern.ignore_case,
    )


class _Assembler:
    def __init__(self, pattern: Pattern) -> None:
        self.code: list[Instruction] = []
        self.slots = 2 * pattern.groups + 2
        self.has_back = pattern.has_back

    def add(self, instruction: Instruction) -> int:
        if len(self.code) >= limits.PATTERN:
            raise Exhausted("a regular expression is too large")
        self.code.append(instruction)
        return len(self.code) - 1

    def emit(self, tree: Tree) -> None:
        if isinstance(tree, Set):
            self.add((Op.SET, tree.accepts))
        elif isinstance(tree, Sequence):
            for part in tree.parts:
                self.emit(part)
        elif isinstance(tree, Choice):
            self.choice(tree)
        elif isinstance(tree, Repeat):
            self.repeat(tree)
        elif isinstance(tree, Group):
            self.group(tree)
        elif isinstance(tree, Back):
            self.add((Op.BACK, tree.number))
        elif isinstance(tree, Edge):
            self.add((Op.START if tree.sign == "^" else Op.END,))

    def group(self, group: Group) -> None:
        if group.number is not None:
            self.add((Op.SAVE, 2 * group.number))
        self.emit(group.body)
        if group.number is not None:
            self.add((Op.SAVE, 2 * group.number + 1))

    def choice(self, choice: Choice) -> None:
        jumps = []
        for branch in choice.branches[:-1]:
            split = self.add(())
            self.emit(branch)
            jumps.append(self.add(()))
            self.code[split] = (Op.SPLIT, split + 1, len(self.code))
        self.emit(choice.branches[-1])
        for jump in jumps:
            self.code[jump] = (Op.JUMP, len(self.code))

    def repeat(self, repeat: Repeat) -> None:
        for _ in range(repeat.least):
            begun = len(self.code)
            self.emit(repeat.body)
            if len(self.code) == begun:  # nothing, however often
                break
        if repeat.most is None:
            self.endless(repeat)
            return
        splits = []
        for _ in range(repeat.most - repeat.least):
            splits.append(self.add(()))
            self.emit(repeat.body)
        for split in splits:
            self.code[split] = self.split(split + 1, len(self.code), repeat.greedy)

    def endless(self, repeat: Repeat) -> None:
        """A loop. Without memory of failed branches it must see for itself that it moves on."""
        split = self.add(())
        mark = self.slots
        if self.has_back:
            self.slots += 1
            self.add((Op.SAVE, mark))
        self.emit(repeat.body)
        if self.has_back:
            self.add((Op.MOVED, mark))
        self.add((Op.JUMP, split))
        self.code[split] = self.split(split + 1, len(self.code), repeat.greedy)

    @staticmethod
    def split(into: int, past: int, greedy: bool) -> Instruction:
        return (Op.SPLIT, into, past) if greedy else (Op.SPLIT, past, into)


def search(program: Program, text: str, start: int, step: Callable[[int], None]) -> Span | None:
    """The leftmost match at or after ``start``, or None. ``step`` takes the cost (raises Exhausted)."""
    failed: set[int] = set()
    for begin in range(start, len(text) + 1):
        step(1)
        if found := _match(program, text, begin, failed, step):
            return found
    return None


def _match(
    program: Program, text: str, begin: int, failed: set[int], step: Callable[[int], None]
) -> Span | None:
    code, size = program.code, len(text)
    remember = failed.add if program.remembers else failed.discard
    stack: list[tuple[int, int, Span]] = [(0, begin, (-1,) * program.slots)]
    countdown = _STEPS_AT_ONCE
    while stack:
        pc, at, saved = stack.pop()
        while True:
            countdown -= 1
            if not countdown:
                countdown = _STEPS_AT_ONCE
                step(1)
            instruction = code[pc]
            op = instruction[0]
            if op == Op.SET:
                if at >= size or not instruction[1](text[at]):
                    break
                at += 1
                pc += 1
            elif op == Op.SPLIT:
                key = pc * (size + 1) + at
                if key in failed:
                    break
                remember(key)
                stack.append((instruction[2], at, saved))
                pc = instruction[1]
            elif op == Op.SAVE:
                slot = instruction[1]
                step(len(saved) // limits.SLOTS_A_STEP)
                saved = (*saved[:slot], at, *saved[slot + 1 :])
                pc += 1
            elif op == Op.JUMP:
                pc = instruction[1]
            elif op == Op.FOUND:
                return saved[: 2 * program.groups + 2]
            else:
                moved = _special(program, instruction, text, at, saved)
                if moved < 0:
                    break
                at = moved
                pc += 1
    return None


def _special(program: Program, instruction: Instruction, text: str, at: int, saved: Span) -> int:
    """The place after an edge, a back-reference or a check; -1 if it does not hold."""
    op = instruction[0]
    if op == Op.START:
        return at if at == 0 or (program.multiline and at < len(text) and text[at - 1] == "\n") else -1
    if op == Op.END:
        return at if at == len(text) or (program.multiline and text[at] == "\n") else -1
    if op == Op.MOVED:
        return -1 if saved[instruction[1]] == at else at
    first, last = saved[2 * instruction[1]], saved[2 * instruction[1] + 1]
    if first < 0 or last < 0:
        return at
    wanted, given = text[first:last], text[at : at + last - first]
    same = wanted == given or (
        program.ignore_case
        and len(wanted) == len(given)
        and all(a in variants(b) for a, b in zip(wanted, given, strict=True))
    )
    return at + len(wanted) if same else -1
