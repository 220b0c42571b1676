"""Cells that hold more than one kind of thing: every kind has its own numbers, and they say what was put in."""

from __future__ import annotations

import pytest
from mutation.encodings import wrong

import snapproof.model.encoding as encoding
from snapproof.model.specification import SPECIFICATION
from snapproof.spec.scenario import Scenario

SIZES = [{"StandardDevice": 1, "VirtualDevice": 1, "Track": 1, "LogTrack": 1},
         {"StandardDevice": 2, "VirtualDevice": 3, "Track": 2, "LogTrack": 4},
         {"StandardDevice": 3, "VirtualDevice": 2, "Track": 3, "LogTrack": 2}]


@pytest.mark.parametrize("some", SIZES, ids=str)
def test_every_kind_of_extra_bytes_and_every_origin_has_a_number_of_its_own(some: dict[str, int]) -> None:
    sizes = {**some, "Block": 1, "Session": 2, "Value": 2, "PairList": 1, "DiskAdapter": 1}
    scenario = Scenario("sizes", SPECIFICATION, sizes=sizes, hosts=[{"program": ["read S1 T1 B1"]}])
    assert wrong(encoding, scenario.instance().scope, sizes) == []
