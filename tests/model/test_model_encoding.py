"""Cells that hold more than one kind of thing: their numbers are those of the arithmetic by which they were packed by hand."""

from __future__ import annotations

import pytest

from snapproof.model.encoding import Assigned, Copied, ExtraBytes, Free, Nobody, NotCreated, Origin, Written
from snapproof.model.specification import SPECIFICATION
from snapproof.spec import UnionOf
from snapproof.spec.scenario import Scenario

SIZES = [{"StandardDevice": 1, "VirtualDevice": 1, "Track": 1, "LogTrack": 1},
         {"StandardDevice": 2, "VirtualDevice": 3, "Track": 2, "LogTrack": 4},
         {"StandardDevice": 3, "VirtualDevice": 2, "Track": 3, "LogTrack": 2}]


@pytest.mark.parametrize("some", SIZES, ids=str)
def test_every_kind_of_extra_bytes_and_every_origin_has_a_number_of_its_own(some: dict[str, int]) -> None:
    sizes = {**some, "Block": 1, "Session": 2, "Value": 2, "PairList": 1, "DiskAdapter": 1}
    n = Scenario("sizes", SPECIFICATION, sizes=sizes, hosts=[{"program": ["read S1 T1 B1"]}]).instance().sizes
    width, tracks, devices = some["LogTrack"] + 1, range(some["Track"]), range(some["StandardDevice"])
    links = range(-1, some["LogTrack"])
    extra = {NotCreated(): 0} | {Free(next=f, previous=b): 1 + (f + 1) * width + b + 1 for f in links for b in links}
    extra |= {Assigned(device=d, track=t): 1 + width ** 2 + d * some["Track"] + t for d in devices for t in tracks}
    origins = {Nobody(): 0} | {Copied(standard=d, track=t): 1 + d * some["Track"] + t for d in devices for t in tracks}
    origins |= {Written(virtual=v, track=t): 1 + (some["StandardDevice"] + v) * some["Track"] + t
                for v in range(some["VirtualDevice"]) for t in tracks}
    for numbers, domain in ((extra, UnionOf(ExtraBytes)), (origins, UnionOf(Origin))):
        assert {domain.encode(value, n): value for value in numbers} == {number: value for value, number in numbers.items()}
        assert domain.bounds(n) == (0, len(numbers) - 1) and all(domain.decode(number, n) == value for value, number in numbers.items())
