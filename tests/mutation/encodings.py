"""The numbers of `model/encoding.py`, held against what the domains show for them: boxes and properties share the helpers."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def wrong(encoding: ModuleType, scope: Any, sizes: dict[str, int]) -> list[str]:
    """What is wrong with extra bytes and origins at these sizes: two meanings of one number, another meaning, out of range."""
    found: list[str] = []
    logs = range(-1, sizes["LogTrack"])
    extra = {(f, b): encoding.free_bytes(scope, f, b) for f in logs for b in logs}
    for (forward, backward), number in extra.items():
        links = (encoding.forward_link(scope, number), encoding.backward_link(scope, number))
        if links != (forward, backward) or not encoding.is_free(scope, number) or encoding.is_assigned(scope, number):
            found.append(f"free {forward} {backward}: {number}")
        words = ["none" if n < 0 else f"L{n + 1}" for n in (forward, backward)]
        if encoding.ExtraBytes().show(number, sizes) != f"free, next {words[0]}, previous {words[1]}":
            found.append(f"free {forward} {backward} is shown as {encoding.ExtraBytes().show(number, sizes)}")
    places = [(d, t) for d in range(sizes["StandardDevice"]) for t in range(sizes["Track"])]
    assigned = {place: encoding.back_pointer(scope, *place) for place in places}
    for (std, track), number in assigned.items():
        back = (encoding.back_device(scope, number), encoding.back_track(scope, number))
        if back != (std, track) or encoding.is_free(scope, number) or not encoding.is_assigned(scope, number):
            found.append(f"assigned {std} {track}: {number}")
        if encoding.ExtraBytes().show(number, sizes) != f"back to S{std + 1} T{track + 1}":
            found.append(f"assigned {std} {track} is shown as {encoding.ExtraBytes().show(number, sizes)}")
    if encoding.is_free(scope, 0) or encoding.is_assigned(scope, 0):
        found.append("a track that is not created is free or assigned")
    origins = {f"S{d + 1} T{t + 1}": encoding.from_standard(scope, d, t) for d, t in places}
    origins |= {f"V{v + 1} T{t + 1}": encoding.from_virtual(scope, v, t)
                for v in range(sizes["VirtualDevice"]) for t in range(sizes["Track"])}
    found += [f"origin {words} is shown as {encoding.Origin().show(number, sizes)}" for words, number in origins.items()
              if encoding.Origin().show(number, sizes) != words]
    for what, numbers, domain in (("extra bytes", [0, *extra.values(), *assigned.values()], encoding.ExtraBytes()),
                                  ("origins", [0, *origins.values()], encoding.Origin())):
        low, high = domain.bounds(sizes)
        if sorted(numbers) != list(range(low, high + 1)):
            found.append(f"the {what} are not the numbers {low} to {high}, each once")
    return found
