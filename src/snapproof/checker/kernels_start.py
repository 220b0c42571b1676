"""Initial states, one combination of choices after the other; `Machine.start` is the plain reading of it."""

from __future__ import annotations

from .kernel_reader import External, Halves, Words, at
from .kernels import START_ERROR, absorb, stop

start = External("start")
"""(row, ctx, number) -> 1 when an initial state was written, or minus the numbers that a rejection passes over."""


def begin(run: Words, ctx: Words, store: Halves, table: Halves, marks: Halves, hops: Halves, out: Words, info: Words,
          hashes: Words, number: int, total: int, batch: int, words: int, halves: int) -> int:
    """Meet the initial states of the next numbers; the number to go on with.

    One that fails ends the run, but only when those before it have been met.
    """
    n = 0
    fault = 0
    tried = 0
    while number < total and tried < batch and fault == 0:
        taken = start(at(out, n * words), ctx, number)
        fault = ctx[0]
        if fault == 0 and taken > 0:
            info[2 * n] = 0
            info[2 * n + 1] = -1
            n = n + 1
            number = number + 1
        elif fault == 0:
            number = number - taken
        tried = tried + 1
    ctx[0] = 0
    if absorb(run, ctx, store, table, marks, hops, out, info, hashes, n, words, halves) == 0 and fault != 0:
        ctx[0] = fault
        stop(run, START_ERROR, 0, 0)
    return number


def find(ctx: Words, source: Words, out: Words, number: int, high: int, words: int) -> int:
    """The number below `high` whose initial state is the row in `source`; -1 - where to go on when there is none."""
    while number < high:
        taken = start(out, ctx, number)
        if taken > 0:
            difference = 0
            for i in range(words):
                difference = difference | (out[i] ^ source[i])
            if difference == 0:
                return number
            number = number + 1
        else:
            number = number - taken
    return -1 - number
