"""After a complete search: which processes can still move, from every state, found by going backwards.

`moves` holds a mask of processes for each state, `groups` half-words of it: at first those that move or rest in the
state itself, in the end those that do in some state that can be reached from it.  A process whose bit is
missing then is stuck there.  `hops` holds for each state one of its successors (index + 1; 0: none), so that
most masks are filled without generating a successor twice; only states whose masks are not full are expanded again.
"""

from __future__ import annotations

from .kernel_reader import Halves, Words
from .kernels import BITS, get, hash_row, seek
from .kernels_steps import successors


def full(group: int, processes: int) -> int:
    """The mask of all processes of a group of 32."""
    return (1 << min(32, processes - 32 * group)) - 1


def gain(moves: Halves, state: int, other: int, groups: int) -> int:
    """What can move from a successor can move from a state: 1 when that is news."""
    news = 0
    for g in range(groups):
        old = moves[state * groups + g]
        joined = old | moves[other * groups + g]
        if joined != old:
            moves[state * groups + g] = joined
            news = 1
    return news


def lacks(moves: Halves, state: int, groups: int, processes: int) -> int:
    """Is there a process of which it is not known that it can move again?"""
    for g in range(groups):
        if moves[state * groups + g] != full(g, processes):
            return 1
    return 0


def follow(hops: Halves, moves: Halves, low: int, high: int, groups: int) -> int:
    """Give the states from `low` to before `high`, the last one first, the mask of one successor; how many gained."""
    gained = 0
    state = high
    while state > low:
        state = state - 1
        if hops[state] != 0:
            gained = gained + gain(moves, state, hops[state] - 1, groups)
    return gained


def revisit(run: Words, ctx: Words, store: Halves, table: Halves, moves: Halves, source: Words, out: Words, info: Words,
            low: int, high: int, words: int, halves: int, groups: int, movers: int, processes: int) -> int:
    """The same with all successors, for the states that lack a process; how many gained."""
    bits = run[BITS]
    mask = (1 << bits) - 1
    gained = 0
    state = high
    while state > low:
        state = state - 1
        if lacks(moves, state, groups, processes) != 0:
            get(store, state, source, words, halves)
            found = successors(source, out, info, ctx, state, groups, movers)
            news = 0
            for i in range(found):
                slot = seek(store, table, out, i * words, hash_row(out, i * words, words), bits, words, halves)
                if slot >= 0:
                    news = news | gain(moves, state, (table[slot] & mask) - 1, groups)
            gained = gained + news
    return gained


def first_stuck(moves: Halves, high: int, groups: int, processes: int) -> int:
    """The first state with a process that can never move again; -1 when there is none."""
    for state in range(high):
        if lacks(moves, state, groups, processes) != 0:
            return state
    return -1
