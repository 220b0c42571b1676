"""After an error in compiled code that the plain reading does not have: the same state again, with some properties only.

So it is found out whose error it is, also where a step and a property share the helper function that noted it.
"""

from __future__ import annotations

from .kernel_reader import Halves, Words
from .kernels import check, get, reached
from .kernels_steps import satisfies, successors


def retake(ctx: Words, store: Halves, source: Words, out: Words, info: Words, index: int, words: int, halves: int,
           groups: int, movers: int) -> int:
    """Every step from a stored state, with the transition properties that `ctx` asks for: the site of an error, or 0."""
    ctx[0] = 0
    get(store, index, source, words, halves)
    found = successors(source, out, info, ctx, index, groups, movers)
    if found < 0:
        return found
    return ctx[0]


def remeasure(ctx: Words, store: Halves, source: Words, index: int, words: int, halves: int) -> int:
    """The constraints in a stored state: the site of an error, or 0."""
    ctx[0] = 0
    get(store, index, source, words, halves)
    found = satisfies(source, ctx)
    if found < 0:
        return found
    return ctx[0]


def rejudge(ctx: Words, store: Halves, source: Words, index: int, words: int, halves: int) -> int:
    """The invariants and witnesses that `ctx` asks for, in a stored state: the site of an error, or 0."""
    ctx[0] = 0
    get(store, index, source, words, halves)
    found = check(source, ctx) + reached(source, ctx, -1)
    if found < 0:
        return found
    return ctx[0]
