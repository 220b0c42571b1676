"""What compiled code reads at run time: switches, programs, and which properties are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..spec.errors import DeclarationError
from ..spec.instance import Instance

if TYPE_CHECKING:
    from .emit import Module

(FAULT, ARGUMENTS, FIRST_STEPS, COMMANDS, PROCESSES, POSITIONS, ALTERNATIVES, FUSE, ASKED, SWITCHES) = range(10)
"""Cells of `ctx`: error site, offsets of the program tables behind the switches and counters, is fusing on,
offset of what is asked for, first switch."""


MOST_WITNESSES = 60
"""Witnesses of one search: a mask of 64 bits says which are still to be seen."""


def context(instance: Instance, module: Module, wanted: set[int]) -> list[int]:
    """The cells of `ctx`: fixed header, switches, execution counters, masks of processes, then the program tables, and
    what is asked for: a cell for each property of the module in its order, 0 where a search does not ask for it, 1 where it does; of
    the witnesses asked for each has a bit of its own.

    Rows of the tables: for each kind and each invocation there is room for, its arguments, and its first step (as
    codes of that kind; 0 where the invocation is not one of that kind); for no invocation and for each the number of its command
    (-1 for none); for each process its first position, how many, and whether it repeats; for each position its first
    alternative and how many; the invocation of each alternative.
    """
    cells = [0] * SWITCHES + [int(instance.scope._switches[name]) for name in instance.spec.scope.switches]
    cells += [0] * (len(module.steps) + module.groups)
    cells[FUSE] = int(instance.fuse)
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
                        (POSITIONS, positions), (ALTERNATIVES, alternatives), (ASKED, asked_cells(instance, module, wanted))):
        cells[cell] = len(cells)
        cells += table or [0]
    return cells


def asked_cells(instance: Instance, module: Module, wanted: set[int]) -> list[int]:
    """A cell for each property: is it asked for, and if it is a witness, by which bit is it known?"""
    seen = [p for p in module.witnesses if id(p) in wanted]
    if len(seen) > MOST_WITNESSES:
        raise DeclarationError(f"specification {instance.spec.name}", f"{len(seen)} witnesses are asked for in one search.",
                               f"At most {MOST_WITNESSES} have room: ask for some in another scenario.")
    return [int(id(p) in wanted) for p in (*module.invariants, *module.transitions)] + [
        1 << seen.index(p) if p in seen else 0 for p in module.witnesses]
