"""The initial states of the storage device are consistent, whatever the sizes."""

from __future__ import annotations

import itertools

import pytest

from snapproof.model.specification import SPECIFICATION
from snapproof.spec.instance import Instance
from snapproof.spec.machine import Machine
from snapproof.vocabulary.switch_values import PoolAtStart, Start, YesNo

SIZES = {"StandardDevice": 2, "VirtualDevice": 3, "Track": 2, "Block": 2, "Session": 2, "LogTrack": 3, "Value": 2,
         "PairList": 1, "HostAdapter": 1, "DiskAdapter": 1}
INVARIANTS = [p for p in SPECIFICATION.properties.values() if p.kind == "invariant"]


def machine(sizes: dict[str, int], **switches: object) -> Machine:
    """A machine of the storage device with the safe profile and these switches."""
    values = SPECIFICATION.scope.profile("safe")
    values.update(switches)  # type: ignore[arg-type]
    return Machine(Instance(SPECIFICATION, sizes, values))


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [SIZES, SIZES | {"StandardDevice": 1}, SIZES | {"Session": 3, "VirtualDevice": 4}])
@pytest.mark.parametrize("start", list(Start))
def test_every_start_satisfies_every_invariant(start: Start, sizes: dict[str, int]) -> None:
    for pool, foreign in itertools.product(PoolAtStart, YesNo):
        m = machine(sizes, start=start, pool_at_start=pool, foreign_bits=foreign)
        for begun in m.initial():
            assert [p.id for p in INVARIANTS if m.check(p, begun.cells)] == []


def test_established_devices_are_ready_and_protected() -> None:
    m = machine(SIZES, start=Start.ESTABLISHED)
    shown = m.instance.show(next(m.initial()).cells)
    assert shown["vdev_state"] == ["ACTIVE"] * 3
    assert shown["std_of"] == ["S1", "S2", "S1"]
    assert shown["protection"] == [[["K1", "K2"], ["K1", "K2"]], [["K1"], ["K1"]]]


def test_related_devices_wait_in_device_order() -> None:
    m = machine(SIZES, start=Start.RELATED)
    assert m.instance.show(next(m.initial()).cells)["pairs"] == [["V1", "V3", "V2"]]


def test_a_foreign_feature_takes_the_last_session() -> None:
    m = machine(SIZES, start=Start.ESTABLISHED, foreign_bits=YesNo.YES)
    shown = m.instance.show(next(m.initial()).cells)
    assert shown["vdev_state"] == ["ACTIVE", "ACTIVE", "UNUSED"]
    assert shown["session_byte"] == [["ACTIVE", "RESERVED"], ["ACTIVE", "RESERVED"]]
