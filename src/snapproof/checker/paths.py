"""Counterexamples of the compiled search: no parents are stored, so the way back is found again."""

from __future__ import annotations

import time
from bisect import bisect_right
from typing import TYPE_CHECKING

from ..spec.machine import Transition
from . import kernels as k
from .result import OutOfTime

if TYPE_CHECKING:
    from .compiled import CompiledSearch

AT_ONCE = 1 << 20
"""Combinations of initial choices that are tried between two looks at the clock."""


def path_to(search: CompiledSearch, index: int, late: float | None) -> list[Transition]:
    """The transitions from an initial state to a stored one, the initial state first; OutOfTime when it gets late."""
    indices = []
    while index >= 0:
        indices.append(index)
        index = parent(search, index)
        _look(late)
    states = [search.state(i) for i in reversed(indices)]
    path = [_begun(search, indices[-1], late)]
    for after in states[1:]:
        path.append(next(t for t in search.machine.successors(path[-1].cells) if t.cells == after))
        _look(late)
    return path


def _look(late: float | None) -> None:
    if late is not None and time.monotonic() > late:
        raise OutOfTime("time limit reached")


def parent(search: CompiledSearch, index: int) -> int:
    """The state from which one was first reached: the marks give sixteen candidates, their successors decide."""
    served = search.cells[k.PARENT] // k.STRIDE + 1
    block = bisect_right(search.marked, index, 0, served) - 1
    if block < 0:
        return -1
    wanted = search.state(index)
    for candidate in range(block * k.STRIDE, min((block + 1) * k.STRIDE, index)):
        if any(t.cells == wanted for t in search.machine.successors(search.state(candidate))):
            return candidate
    return -1


def _begun(search: CompiledSearch, index: int, late: float | None) -> Transition:
    """The transition to a stored initial state: which choices lead there."""
    find = search.native.function("snapproof_find", 5)
    for i, word in enumerate(search.layout.pack(search.state(index))):
        search.scratch_words[i] = word - (1 << 64) if word >> 63 else word
    number = 0
    while True:
        found = int(find(search.ctx.address, search.scratch.address, search.out, number, min(number + AT_ONCE, search.starts)))
        if found >= 0:
            taken, _ = search.machine.start(found)
            assert taken is not None
            return taken
        number = -1 - found
        assert number < search.starts, "a stored initial state has choices"
        _look(late)
