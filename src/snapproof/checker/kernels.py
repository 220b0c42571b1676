"""The inner loops of the compiled search: free functions over arrays, compiled with the specification.

Storage: `store` holds the states in the order of their discovery, `halves` 32-bit halves each;
`table` is an open-addressing hash table of half-words: the low `bits` bits are a state's index + 1 (0: empty),
the others a tag from its hash, so that most unequal states are told apart without touching the store.
No parent is stored: states are found in the order of their parents, so `marks[i]`, the number of states
when the expansion of state i * STRIDE began, is enough to find a parent again (see compiled.py).

`run` is the control block; its cells have the names below.
"""

from __future__ import annotations

from .kernel_reader import External, Halves, Words, at, prefetch, wide
from .kernels_steps import successors

(HEAD, TAIL, GENERATED, STOP, CULPRIT, DETAIL, LEVEL_END, DEPTH, PARENT, BITS, INVARIANTS, WITNESSES,
 DEADLOCK, CAPACITY, ROOM, PENDING, STUCK, CUT) = range(18)
"""Cells of `run`: next state to expand, number of states, successors counted, why it stopped, which state
did it, which property, end of the level being expanded, its depth, the parent being served, log2 of the table,
masks of invariants and of witnesses still wanted, is deadlock checked, states that fit the store and the table,
the deadlocked or failing state that waits until the batch before it is served, are moves recorded for `kernels_stuck`,
how many states were not explored further."""

GOING, VIOLATED, BROKEN_STEP, DEADLOCKED, STEP_ERROR, PROPERTY_ERROR, FULL, GROW, START_ERROR = range(9)
"""Values of `run[STOP]`."""

STRIDE = 16
"""How many parents share one mark."""

check = External("check")
"""(state, ctx, mask) -> 0, or 1 + index of the first invariant of the mask that fails."""
reached = External("reached")
"""(state, ctx, mask) -> the witnesses of the mask that hold here."""
resting = External("resting")
"""(state,) -> may the behaviour end here?"""


def hash_row(rows: Words, start: int, words: int) -> int:
    """A 64-bit hash of a packed state: multiply and fold each word, mix at the end (after MurmurHash3)."""
    h = 0x9E3779B97F4A7C15
    for i in range(words):
        h = (h ^ rows[start + i]) * 0xFF51AFD7ED558CCD
        h = h ^ (h >> 32)
    h = h * 0xC4CEB9FE1A85EC53
    return h ^ (h >> 29)


def tag_of(h: int, bits: int) -> int:
    """The bits of the hash kept in the table beside the index (the position uses the high ones)."""
    return (h << bits) & 0xFFFFFFFF


def same(store: Halves, index: int, rows: Words, start: int, words: int, halves: int) -> int:
    """Is the stored state equal to the packed row?"""
    place = index * halves
    difference = 0
    for i in range(halves >> 1):
        difference = difference | (wide(store, place + 2 * i) ^ rows[start + i])
    if halves & 1:
        difference = difference | (store[place + halves - 1] ^ (rows[start + words - 1] & 0xFFFFFFFF))
    return difference == 0


def seek(store: Halves, table: Halves, rows: Words, start: int, h: int, bits: int, words: int, halves: int) -> int:
    """The slot where a state stands or belongs: slot if it is there, -1 - slot if the slot is free."""
    mask = (1 << bits) - 1
    slot = h >> (64 - bits)
    tag = tag_of(h, bits)
    while True:
        entry = table[slot]
        if entry == 0:
            return -1 - slot
        if (entry & ~mask) == tag and same(store, (entry & mask) - 1, rows, start, words, halves):
            return slot
        slot = (slot + 1) & mask
    return 0


def put(store: Halves, index: int, rows: Words, start: int, words: int, halves: int) -> int:
    """Write a packed row as state `index`."""
    place = index * halves
    for i in range(halves >> 1):
        store[place + 2 * i] = rows[start + i]
        store[place + 2 * i + 1] = rows[start + i] >> 32
    if halves & 1:
        store[place + halves - 1] = rows[start + words - 1]
    return 0


def get(store: Halves, index: int, rows: Words, words: int, halves: int) -> int:
    """Read state `index` into the first row."""
    place = index * halves
    for i in range(halves >> 1):
        rows[i] = wide(store, place + 2 * i)
    if halves & 1:
        rows[words - 1] = store[place + halves - 1]
    return 0


def rebuild(run: Words, store: Halves, table: Halves, rows: Words, words: int, halves: int) -> int:
    """Fill an empty, larger table with every stored state."""
    bits = run[BITS]
    mask = (1 << bits) - 1
    for index in range(run[TAIL]):
        get(store, index, rows, words, halves)
        h = hash_row(rows, 0, words)
        slot = h >> (64 - bits)
        while table[slot] != 0:
            slot = (slot + 1) & mask
        table[slot] = tag_of(h, bits) | (index + 1)
    return 0


def serve_parent(run: Words, marks: Halves, parent: int) -> int:
    """A new parent's successors come next: keep the marks (parents without successors are passed over) and the depth."""
    for mark in range(run[PARENT] // STRIDE + 1, parent // STRIDE + 1):
        marks[mark] = run[TAIL]
    run[PARENT] = parent
    if parent >= run[LEVEL_END]:
        run[LEVEL_END] = run[TAIL]
        run[DEPTH] = run[DEPTH] + 1
    return 0


def stop(run: Words, why: int, culprit: int, detail: int) -> int:
    """End the run; only the first reason counts."""
    run[STOP] = why
    run[CULPRIT] = culprit
    run[DETAIL] = detail
    return 1


def judge(run: Words, ctx: Words, out: Words, row: int, index: int) -> int:
    """Evaluate invariants and wanted witnesses in a new state; 1 when the run ends here."""
    if run[INVARIANTS] != 0:
        failed = check(at(out, row), ctx)
        if ctx[0] != 0:
            return stop(run, PROPERTY_ERROR, index, 0)
        if failed != 0:
            return stop(run, VIOLATED, index, failed - 1)
    if run[WITNESSES] != 0:
        run[WITNESSES] = run[WITNESSES] & ~reached(at(out, row), ctx, run[WITNESSES])
        if ctx[0] != 0:
            return stop(run, PROPERTY_ERROR, index, 0)
    return 0


def lead(hops: Halves, parent: int, entry: int) -> int:
    """Of a state's successors keep the one found last (index + 1): it is most often one that leads on."""
    if entry > hops[parent]:
        hops[parent] = entry
    return 0


def absorb(run: Words, ctx: Words, store: Halves, table: Halves, marks: Halves, hops: Halves, out: Words, info: Words,
           hashes: Words, n: int, words: int, halves: int) -> int:
    """Meet n generated states in order: count, look up, store and judge the new ones.

    Three passes over the batch, so that memory is fetched while other rows are worked on.
    `info` holds for each row the broken transition property (1 + index, or 0) and its parent.
    """
    bits = run[BITS]
    mask = (1 << bits) - 1
    for i in range(n):
        h = hash_row(out, i * words, words)
        hashes[i] = h
        prefetch(table, h >> (64 - bits))
    for i in range(n):
        entry = table[hashes[i] >> (64 - bits)]
        if entry != 0:
            prefetch(store, ((entry & mask) - 1) * halves)
    for i in range(n):
        if info[2 * i + 1] != run[PARENT]:
            serve_parent(run, marks, info[2 * i + 1])
        run[GENERATED] = run[GENERATED] + 1
        if info[2 * i] != 0:
            return stop(run, BROKEN_STEP, run[PARENT], info[2 * i] - 1)
        slot = seek(store, table, out, i * words, hashes[i], bits, words, halves)
        if slot < 0:
            index = run[TAIL]
            put(store, index, out, i * words, words, halves)
            table[-1 - slot] = tag_of(hashes[i], bits) | (index + 1)
            run[TAIL] = index + 1
            slot = -1 - slot
            if judge(run, ctx, out, i * words, index) != 0:
                return 1
        if run[STUCK] != 0 and info[2 * i + 1] >= 0:
            lead(hops, info[2 * i + 1], table[slot] & mask)
    return 0


def expand(run: Words, ctx: Words, store: Halves, moves: Halves, source: Words, out: Words, info: Words,
           batch: int, most: int, words: int, halves: int, groups: int, movers: int) -> int:
    """Generate the successors of as many states as a batch of rows holds; a state that fails or cannot go on ends it.

    A state without successors is passed on in PENDING only when that is a deadlock.
    """
    n = 0
    run[PENDING] = 0
    while run[HEAD] < run[TAIL] and n + most <= batch and run[PENDING] == 0:
        parent = run[HEAD]
        get(store, parent, source, words, halves)
        found = successors(source, at(out, n * words), at(info, 2 * n), ctx, parent, groups, movers)
        if run[STUCK] != 0:
            for g in range(groups):
                moves[parent * groups + g] = ctx[movers + g]
        if ctx[0] != 0:
            run[PENDING] = STEP_ERROR
            run[CULPRIT] = parent
        else:
            if found < 0:
                run[CUT] = run[CUT] + 1
                found = 0
            elif found == 0 and run[DEADLOCK] != 0:
                if resting(source) == 0:
                    run[PENDING] = DEADLOCKED
                    run[CULPRIT] = parent
            n = n + found
            run[HEAD] = parent + 1
    return n


def explore(run: Words, ctx: Words, store: Halves, table: Halves, marks: Halves, hops: Halves, moves: Halves, source: Words,
            out: Words, info: Words, hashes: Words, limit: int, batch: int, most: int, words: int, halves: int,
            groups: int, movers: int) -> int:
    """Expand states in order until `limit` of them are expanded, all are, or the run must stop."""
    while run[STOP] == GOING and run[HEAD] < run[TAIL] and run[HEAD] < limit:
        if run[TAIL] + batch > run[CAPACITY]:
            stop(run, FULL, 0, 0)
        elif run[TAIL] + batch > run[ROOM]:
            stop(run, GROW, 0, 0)
        else:
            n = expand(run, ctx, store, moves, source, out, info, batch, most, words, halves, groups, movers)
            culprit = run[CULPRIT]
            # What went wrong in a step of the last state is no error of the properties of those before it.
            site = ctx[0]
            ctx[0] = 0
            if absorb(run, ctx, store, table, marks, hops, out, info, hashes, n, words, halves) == 0 and run[PENDING] != 0:
                ctx[0] = site
                stop(run, run[PENDING], culprit, 0)
    return 0
