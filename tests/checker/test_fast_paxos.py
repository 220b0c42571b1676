"""TLC explores `FastPaxos` up to the names of acceptors and values; taken for one in the same way, its states are as many here."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from examples_kit import ROOT, example

from snapproof.checker.plain import PlainSearch
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Transition

sys.path.insert(0, str(ROOT / "bench"))
from ports import PORTS  # noqa: E402

BALLOTS, ACCEPTORS, VALUES = 5, 4, 3
WIDTHS = [1, BALLOTS, BALLOTS * ACCEPTORS, 1, ACCEPTORS, ACCEPTORS, ACCEPTORS, 1]
"""Cells of each variable, in the order of their declaration."""


def canonical(cells: tuple[int, ...]) -> tuple[Any, ...]:
    """The least of the states that differ by names only; of acceptors by sorting what belongs to each."""
    return min(_renamed(cells, names) for names in permutations(range(VALUES)))


def _renamed(cells: tuple[int, ...], names: tuple[int, ...]) -> tuple[int, ...]:
    """The state with other names of values, and the acceptors in the order of what belongs to each."""
    left = iter(cells)
    any_sent, value_sent, accepted, decision, ballot, vote_ballot, vote, chosen = ([next(left) for _ in range(n)] for n in WIDTHS)

    def one(v: int) -> int:
        return v if v < 0 else names[v]

    def every(mask: int) -> int:
        return sum(1 << names[v] for v in range(VALUES) if mask >> v & 1)

    columns = sorted(([every(m) for m in accepted[a::ACCEPTORS]], ballot[a], vote_ballot[a], one(vote[a])) for a in range(ACCEPTORS))
    rows = list(zip(*(c[0] for c in columns), strict=True))
    return (*any_sent, *map(every, value_sent), *(m for row in rows for m in row), *map(one, decision), *(c[1] for c in columns),
            *(c[2] for c in columns), *(c[3] for c in columns), *map(one, chosen))


class UpToNames(PlainSearch):
    """A search that stores one state of those that differ by names only."""

    def _meet(self, reached: Transition, parent: int) -> None:
        super()._meet(replace(reached, cells=canonical(reached.cells)), parent)


def test_names_of_acceptors_and_values_make_no_other_state() -> None:
    one = (0, *[0] * 5, *[1, 0, 0, 0], *[2, 4, 0, 0], *[0] * 12, 1, *[1, 2, 0, 0], *[0] * 4, *[0, 2, -1, -1], -1)
    other = (0, *[0] * 5, *[0, 0, 4, 0], *[2, 0, 1, 0], *[0] * 12, 0, *[2, 0, 1, 0], *[0] * 4, *[1, -1, 2, -1], -1)
    assert canonical(one) == canonical(other) != canonical((2, *one[1:]))


@pytest.mark.audit
def test_up_to_names_fast_paxos_has_the_counts_of_tlc() -> None:
    port = next(p for p in PORTS if p.example == "fast_paxos")
    run = UpToNames(Instance(example("fast_paxos"), {}, {}), [], deadlock=False)
    result = run.run()
    assert (result.distinct, result.generated) == (port.distinct, port.generated)
