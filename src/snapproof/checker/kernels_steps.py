"""The successors of a state: every action and every process is tried, one choice after the other, each in a row of its own.

Rows stand behind each other in `out`; `info` holds two words for each that is kept: what it broke (1 + index of the transition
property, or 0), and the state that it comes from.  `ctx` is described in context.py.

What boxes, actions and properties do is generated; it is called here by the names below.  Those of `Own` are generated for
each action and each kind of process, and mean those of the action that is tried or of the kind that moves.
"""

from __future__ import annotations

from ..spec.endings import WAITS
from .context import ALTERNATIVES, FAULT, FIRST_STEPS, FUSE, POSITIONS, PROCESSES
from .kernel_reader import External, Own, Words, at

actions = External("actions")
"""(state, out, info, ctx, parent) -> how many rows there are when every action has been tried, by `act`."""
satisfies = External("satisfies")
"""(state, ctx) -> does it satisfy every constraint, so that it is explored further?"""
crowd = External("crowd")
"""() -> how many processes there are."""
processes = External("processes")
"""(state, out, info, ctx, parent, n) -> how many rows there are when the processes of every kind have moved, by `march`."""

counted = Own("counted")
"""() -> the cell of `ctx` that counts the executions of the action, or of the first step of the kind."""
unmoved = Own("unmoved")
"""() -> the site of the error that the action or a step waits, and has changed its row; 0 for an action that writes nothing."""

options = Own("options")
"""() -> how many choices there are for an action."""
enact = Own("enact")
"""(row, ctx, choice) -> what an action has returned, executed on the row."""
overlook = Own("overlook")
"""(before, after, ctx) -> 0, or 1 + the first transition property that the action broke."""

standing = Own("standing")
"""(state, id) -> the code of the step that a process is at."""
choices = Own("choices")
"""(step,) -> how many choices there are at it."""
taking = Own("taking")
"""() -> the code of the box in which a process takes its next command; -1 for a kind that takes none."""
execute = Own("execute")
"""(row, ctx, id, process, step, choice) -> what the box has returned, executed on the row."""
go = Own("go")
"""(row, ctx, id, target) -> the process has ended its step with this target (spec/endings.py)."""
watched = Own("watched")
"""(step,) -> is there a property that watches it?"""
watch = Own("watch")
"""(before, after, ctx, id, step) -> 0, or 1 + the first transition property that the step broke."""
is_local = Own("is_local")
"""(step,) -> is it joined with the box before it?"""
may_rest = Own("may_rest")
"""(step,) -> may a process stay at it for ever?"""
position = Own("position")
"""(state, id) -> how far a process has come in its program."""
begin_command = Own("begin_command")
"""(row, id, invocation, position) -> the process carries out this invocation, and is at this position of its program."""
invoked = Own("invoked")
"""() -> where the rows of this kind begin in the table of first steps."""


def keep(info: Words, parent: int, n: int, broken: int) -> int:
    """Row n is a successor: note what it broke, and its parent; how many rows there are."""
    info[2 * n] = broken
    info[2 * n + 1] = parent
    return n + 1


def copy(source: Words, target: Words, words: int) -> int:
    """Copy a packed state."""
    for i in range(words):
        target[i] = source[i]
    return 0


def unlike(a: Words, b: Words, words: int) -> bool:
    """Do two packed states differ?"""
    difference = 0
    for i in range(words):
        difference = difference | (a[i] ^ b[i])
    return difference != 0


def settle(row: Words, before: Words, ctx: Words, id: int, words: int) -> int:
    """Execute local boxes while the process is at one; 0, or 1 + the property that one of them broke.

    `before` is a row to keep the state in that a watching property compares with.
    """
    step = standing(row, id)
    while is_local(step) != 0:
        seen = watched(step)
        if seen != 0:
            copy(row, before, words)
        go(row, ctx, id, execute(row, ctx, id, 0, step, 0))
        ctx[counted() + step] += 1
        if seen != 0:
            broken = watch(before, row, ctx, id, step)
            if broken != 0:
                return broken
        step = standing(row, id)
    return 0


def after(state: Words, row: Words, before: Words, info: Words, ctx: Words, parent: int, id: int, n: int, step: int,
          target: int, words: int) -> int:
    """A box was executed on row n and returned `target`: finish the row, or drop it; how many rows there are."""
    if target == WAITS:
        if unlike(state, row, words):
            ctx[FAULT] = unmoved()
        return n
    ctx[counted() + step] += 1
    go(row, ctx, id, target)
    broken = watch(state, row, ctx, id, step)
    if ctx[FUSE] != 0 and broken == 0:
        broken = settle(row, before, ctx, id, words)
    return keep(info, parent, n, broken)


def alternatives(state: Words, ctx: Words, id: int, process: int) -> int:
    """How many commands a process may take next; none behind the end of its program."""
    program = ctx[PROCESSES] + 3 * process
    reached = position(state, id)
    if reached >= ctx[program + 1]:
        return 0
    return ctx[ctx[POSITIONS] + 2 * (ctx[program] + reached) + 1]


def take(row: Words, ctx: Words, id: int, process: int, choice: int) -> int:
    """A process takes its next command: one of the alternatives of its position; the first step of that."""
    program = ctx[PROCESSES] + 3 * process
    reached = position(row, id)
    first = ctx[ctx[POSITIONS] + 2 * (ctx[program] + reached)]
    invocation = ctx[ctx[ALTERNATIVES] + first + choice]
    repeats = ctx[program + 2]
    begin_command(row, id, invocation, reached if repeats != 0 else reached + 1)
    return ctx[ctx[FIRST_STEPS] + invoked() + invocation]


def move(state: Words, out: Words, info: Words, ctx: Words, parent: int, id: int, process: int, n: int, words: int) -> int:
    """The successors by one process, from row n on; how many rows there are then."""
    step = standing(state, id)
    many = alternatives(state, ctx, id, process) if step == taking() else choices(step)
    for choice in range(many):
        copy(state, at(out, n * words), words)
        target = execute(at(out, n * words), ctx, id, process, step, choice)
        n = after(state, at(out, n * words), at(out, (n + 1) * words), info, ctx, parent, id, n, step, target, words)
    return n


def march(state: Words, out: Words, info: Words, ctx: Words, parent: int, first: int, members: int, n: int,
          movers: int, words: int) -> int:
    """The successors by all processes of a kind; `first` is the place of the first of them among all.

    In `ctx`, the bits of those are set in the masks at `movers` that have a successor, or rest.
    """
    for id in range(members):
        process = first + id
        found = move(state, out, info, ctx, parent, id, process, n, words)
        if found != n or may_rest(standing(state, id)) != 0:
            ctx[movers + (process >> 5)] |= 1 << (process & 31)
        n = found
    return n


def act(state: Words, out: Words, info: Words, ctx: Words, parent: int, n: int, words: int) -> int:
    """The successors by one action, from row n on; how many rows there are then."""
    for choice in range(options()):
        copy(state, at(out, n * words), words)
        if enact(at(out, n * words), ctx, choice) == WAITS:
            if unmoved() != 0 and unlike(state, at(out, n * words), words):
                ctx[FAULT] = unmoved()
        else:
            ctx[counted()] += 1
            n = keep(info, parent, n, overlook(state, at(out, n * words), ctx))
    return n


def successors(state: Words, out: Words, info: Words, ctx: Words, parent: int, groups: int, movers: int) -> int:
    """Write every successor of a state, actions first and processes after; how many (-1: it is not explored further).

    It leaves in `ctx` a mask of the processes that have one, or rest; where a constraint ends the search, anybody may have one.
    """
    for group in range(groups):
        ctx[movers + group] = 0
    if satisfies(state, ctx) == 0:
        for process in range(crowd()):
            ctx[movers + (process >> 5)] |= 1 << (process & 31)
        return -1
    return processes(state, out, info, ctx, parent, actions(state, out, info, ctx, parent))
