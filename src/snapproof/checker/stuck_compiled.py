"""The compiled reading of `stuck`: the masks of all states are completed by the kernels of `kernels_stuck`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import kernels as k
from .result import OutOfTime

if TYPE_CHECKING:
    from .compiled import CompiledSearch

SWEEP, VISIT = 1 << 21, 1 << 16
"""States given their successor's mask, and states expanded again, between two looks at the clock."""


def seek_stuck(search: CompiledSearch, late: Callable[[], str]) -> tuple[int, list[int]] | None:
    """The first state in which processes are stuck, and which; or None.  OutOfTime when `late` gives a reason to stop.

    Masks only grow, so it may be called again after it was stopped.
    """
    kept = list(search.ctx_words)
    try:
        while True:
            while _everywhere(search, SWEEP, late, _follower(search)):
                pass
            if not _everywhere(search, VISIT, late, _visitor(search)):
                return _first(search)
    finally:
        # Expanding states again must not count as executing their boxes.
        search.ctx_words[:] = kept


def _everywhere(search: CompiledSearch, slice: int, late: Callable[[], str], pass_over: Callable[[int, int], int]) -> bool:
    """One pass over all states from the last to the first; did one gain?"""
    gained, high = 0, search.cells[k.TAIL]
    while high > 0:
        low = max(0, high - slice)
        gained += pass_over(low, high)
        high = low
        reason = late()
        if reason:
            raise OutOfTime(reason)
    return gained > 0


def _follower(search: CompiledSearch) -> Callable[[int, int], int]:
    kernel = search.native.function("snapproof_follow", 4)
    return lambda low, high: int(kernel(search.hops.address, search.moves.address, low, high))


def _visitor(search: CompiledSearch) -> Callable[[int, int], int]:
    kernel: Any = search.native.function("snapproof_revisit", 10)
    return lambda low, high: int(kernel(
        search.control.address, search.ctx.address, search.store.address, search.table.address, search.moves.address,
        search.scratch.address, search.out, search.info, low, high))


def _first(search: CompiledSearch) -> tuple[int, list[int]] | None:
    kernel = search.native.function("snapproof_first_stuck", 2)
    state = int(kernel(search.moves.address, search.cells[k.TAIL]))
    if state < 0:
        return None
    groups = search.module.groups
    masks = search.moves.halves()[state * groups:(state + 1) * groups]
    return state, [p for p in range(len(search.instance.processes)) if not masks[p // 32] >> p % 32 & 1]
