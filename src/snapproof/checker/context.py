"""What compiled code reads at run time: switches, programs, and which transition properties are watched."""

from __future__ import annotations

from ..spec.instance import Instance
from .emit import Module
from .emit.text import (
    ALTERNATIVES,
    ARGUMENTS,
    FIRST_STEPS,
    FUSE,
    POSITIONS,
    PROCESSES,
    SWITCHES,
    WATCHED,
)


def context(instance: Instance, module: Module, wanted: set[int]) -> list[int]:
    """The cells of `ctx`: fixed header, switches, execution counters, then the program tables.

    Rows of the tables: arguments of each invocation; first step of each invocation; for each process its
    first position, how many, and whether it repeats; for each position its first alternative and how many;
    the invocation of each alternative.
    """
    cells = [0] * SWITCHES + [int(v) for v in instance.scope._switches.values()]
    cells += [0] * len(module.steps)
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
    for invocation in instance.invocations:
        kind = next(k for k in instance.spec.kinds if issubclass(k, invocation.command.owner))
        given = dict(zip(invocation.command.arguments, invocation.arguments, strict=True))
        arguments += [given.get(name, 0) for name in kind.arguments]
        first.append(instance.spec.steps[kind.__name__].index(invocation.command.first))
    for cell, table in ((ARGUMENTS, arguments), (FIRST_STEPS, first), (PROCESSES, rows), (POSITIONS, positions),
                        (ALTERNATIVES, alternatives)):
        cells[cell] = len(cells)
        cells += table or [0]
    return cells
