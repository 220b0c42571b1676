"""The packed form of a state: every cell in as few bits as its domain needs, in 64-bit words.

A cell never straddles words, so reading one is a load, a shift and a mask.  The cells of a variable
lie behind each other, `per` of them in a word when they need more than one.

Locals of commands that exclude each other share their bits (during.py): of one process at most one of them is not initial, and
which one that may be, the command says that the process carries out.  Initial is 0 in these bits for each of them, so equal states
are equal bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .during import belongs
from .instance import Cells, Instance, Slot

WORD = 64


@dataclass(frozen=True)
class Place:
    """Where a variable's cells are: cell i is `width` bits at `word + i // per`, `shift + (i % per) * stride`.

    They hold the value less the lowest one, with the bits of `turned` turned.  `shared`: they are another local's at other times.
    """

    word: int
    shift: int
    width: int
    per: int
    stride: int
    turned: int = 0
    shared: bool = False


class Layout:
    """The places of all variables of an instance.

    `words`: 64-bit words of a state; `halves`: 32-bit halves stored of it (the last word may be half
    empty); `bits`: what the domains need.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.places: dict[tuple[str, str], Place] = {}
        free: list[int] = []
        rooms = _rooms(instance)
        self.bits = sum(room[0].length * _width(room[0]) for room in rooms)
        for room in sorted(rooms, key=lambda room: -room[0].length * _width(room[0])):
            place = _place(room[0], _width(room[0]), free)
            for slot in room:
                turned = slot.start - slot.low if slot.during else 0
                self.places[_key(slot)] = replace(place, width=_width(slot), turned=turned, shared=len(room) > 1)
        used = [WORD - left for left in free]
        self.words = max(1, len(free))
        self.halves = max(1, 2 * self.words - (1 if used and used[-1] <= WORD // 2 else 0))

    def of(self, slot: Slot) -> Place:
        """Where the cells of a variable are."""
        return self.places[_key(slot)]

    def pack(self, cells: Cells) -> list[int]:
        """A state as 64-bit words; one of the declared types, in which no local is `stray`."""
        words = [0] * self.words
        for key, slot in self.instance.slots.items():
            place = self.places[key]
            if place.width:
                for i in range(slot.length):
                    shift = place.shift + i % place.per * place.stride
                    words[place.word + i // place.per] |= (cells[slot.offset + i] - slot.low ^ place.turned) << shift
        return words

    def unpack(self, words: Sequence[int]) -> Cells:
        """The cells of packed words; the inverse of `pack`."""
        cells: list[int] = []
        for key, slot in self.instance.slots.items():
            place = self.places[key]
            mask = (1 << place.width) - 1
            for i in range(slot.length):
                word = words[place.word + i // place.per] if place.width else 0
                cells.append((word >> (place.shift + i % place.per * place.stride) & mask ^ place.turned) + slot.low)
        for key, slot in self.instance.slots.items():
            if self.places[key].shared:
                for i in range(slot.length):
                    if not belongs(self.instance, slot, i, cells):
                        cells[slot.offset + i] = slot.start
        return tuple(cells)


def _key(slot: Slot) -> tuple[str, str]:
    return slot.kind.__name__ if slot.kind else "", slot.name


def _width(slot: Slot) -> int:
    """The bits of a cell."""
    return (slot.high - slot.low).bit_length()


def _rooms(instance: Instance) -> list[list[Slot]]:
    """Variables that have the same bits, the widest first; most are alone."""
    rooms = [[slot] for slot in instance.slots.values() if not slot.during]
    shared: list[list[Slot]] = []
    for slot in sorted((s for s in instance.slots.values() if s.during), key=_width, reverse=True):
        fits = [room for room in shared if all(o.kind is slot.kind and set(o.during).isdisjoint(slot.during) for o in room)]
        if fits:
            fits[0].append(slot)
        else:
            shared.append([slot])
    return rooms + shared


def _place(slot: Slot, width: int, free: list[int]) -> Place:
    """Take room for a variable; `free` holds the free bits (the high ones) of every word."""
    total = slot.length * width
    if total == 0:
        return Place(0, 0, 0, max(1, slot.length), 0)
    if total <= WORD:
        for word, left in enumerate(free):
            if left >= total:
                free[word] -= total
                return Place(word, WORD - left, width, slot.length, width)
        free.append(WORD - total)
        return Place(len(free) - 1, 0, width, slot.length, width)
    per = WORD // width
    first = len(free)
    left_over = slot.length
    while left_over > 0:
        here = min(per, left_over)
        free.append(WORD - here * width)
        left_over -= here
    return Place(first, 0, width, per, width)
