"""Processes that can never move again: looked for when a search has come to its end without a violation.

A process is *stuck* in a reachable state when it does not rest there and takes no transition in any state that can be
reached from it.  Others may go on for ever, so it is no deadlock.  Both readings name the first such state in the order
of discovery, to which the shortest path leads, and all processes that are stuck in it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence


def first_stuck(moves: Sequence[int], successors: Sequence[Sequence[int]], processes: int) -> tuple[int, list[int]] | None:
    """The first state in which processes are stuck, and which; or None.

    `moves` has a mask for each state: the processes that move or rest in it; `successors` are indices of states.
    For each process, go backwards from every state in which it moves; what is not met is stuck.
    """
    before: list[list[int]] = [[] for _ in successors]
    for state, following in enumerate(successors):
        for other in following:
            before[other].append(state)
    stuck: dict[int, list[int]] = {}
    for process in range(processes):
        able = [bool(mask >> process & 1) for mask in moves]
        pending = deque(state for state, yes in enumerate(able) if yes)
        while pending:
            for state in before[pending.popleft()]:
                if not able[state]:
                    able[state] = True
                    pending.append(state)
        for state, yes in enumerate(able):
            if not yes:
                stuck.setdefault(state, []).append(process)
    return min(stuck.items(), default=None)
