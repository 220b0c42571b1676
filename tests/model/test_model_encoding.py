"""Cells that hold more than one kind of thing: each of their values has one number, and each number is one of their values."""

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
    tracks, devices, links = range(some["Track"]), range(some["StandardDevice"]), range(-1, some["LogTrack"])
    extra = [NotCreated(), *(Free(next=f, previous=b) for f in links for b in links),
             *(Assigned(device=d, track=t) for d in devices for t in tracks)]
    origins = [Nobody(), *(Copied(standard=d, track=t) for d in devices for t in tracks),
               *(Written(virtual=v, track=t) for v in range(some["VirtualDevice"]) for t in tracks)]
    for values, domain in ((extra, UnionOf(ExtraBytes)), (origins, UnionOf(Origin))):
        numbers = [domain.encode(value, n) for value in values]
        assert sorted(numbers) == list(range(domain.bounds(n)[1] + 1)) and domain.bounds(n)[0] == 0
        assert [domain.decode(number, n) for number in numbers] == values
        assert numbers[0] == 0, "what nothing was written to"
