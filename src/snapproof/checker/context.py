"""What compiled code reads at run time: switches, programs, and which transition properties are watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..spec.instance import Instance

if TYPE_CHECKING:
    from .emit import Module

(FAULT, ARGUMENTS, FIRST_STEPS, COMMANDS, PROCESSES, POSITIONS, ALTERNATIVES, FUSE, WATCHED, SWITCHES) = range(10)
"""Cells of `ctx`: error site, offsets of the program tables behind the switches and counters, is fusing on,
mask of transition properties, first switch."""


def context(instance: Instance, module: Module, wanted: set[int]) -> list[int]:
    """The cells of `ctx`: fixed header, switches, execution counters, masks of processes, then the program tables.

    Rows of the tables: for each kind and each invocation there is room for, its arguments, and its first step (as
    codes of that kind; 0 where the invocation is not one of that kind); for no invocation and for each the number of its command
    (-1 for none); for each process its first position, how many, and whether it repeats; for each position its first
    alternative and how many; the invocation of each alternative.
    """
    cells = [0] * SWITCHES + [int(instance.scope._switches[name]) for name in instance.spec.scope.switches]
    cells += [0] * (len(module.steps) + module.groups)
    cells[FUSE] = int(instance.fuse)
    cells[WATCHED] = sum(1 << i for i, p in enumerate(module.transitions) if id(p) in wanted)
    positions: list[int] = []
    alternatives: list[int] = []
    rows: list[int] = []
    for program in instance.programs:
        rows += [len(positions) // 2, len(program.positions), int(program.repeats)]
        for choices in program.positions:
            positions += [len(alternatives), len(choices)]
            alternatives += [instance.invocations.index(i) for i in choices]
    arguments: list[int] = []
    first: list[int] = []
    for kind in instance.spec.kinds:
        names, steps = list(kind.arguments), instance.spec.steps[kind.__name__]
        for row in range(instance.command_room):
            known = instance.invocations[row:row + 1]
            given = dict(zip(known[0].command.arguments, known[0].arguments, strict=True)) if known else {}
            arguments += [given.get(names[i], 0) if i < len(names) else 0 for i in range(instance.widest_arguments())]
            first.append(steps.index(known[0].command.first) if known and known[0].command.first in steps else 0)
    commands = [-1, *(instance.spec.commands.index(i.command) for i in instance.invocations)]
    for cell, table in ((ARGUMENTS, arguments), (FIRST_STEPS, first), (COMMANDS, commands), (PROCESSES, rows),
                        (POSITIONS, positions), (ALTERNATIVES, alternatives)):
        cells[cell] = len(cells)
        cells += table or [0]
    return cells
