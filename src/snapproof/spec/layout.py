"""The packed form of a state: every cell in as few bits as its domain needs, in 64-bit words.

A cell never straddles words, so reading one is a load, a shift and a mask.  The cells of a variable
lie behind each other, `per` of them in a word when they need more than one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .instance import Cells, Instance, Slot

WORD = 64


@dataclass(frozen=True)
class Place:
    """Where a variable's cells are: cell i is `width` bits at `word + i // per`, `shift + (i % per) * width`."""

    word: int
    shift: int
    width: int
    per: int


class Layout:
    """The places of all variables of an instance.

    `words`: 64-bit words of a state; `halves`: 32-bit halves stored of it (the last word may be half
    empty); `bits`: what the domains need.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.places: dict[tuple[str, str], Place] = {}
        free: list[int] = []
        items = [(key, slot, (slot.high - slot.low).bit_length()) for key, slot in instance.slots.items()]
        self.bits = sum(slot.length * width for _, slot, width in items)
        for key, slot, width in sorted(items, key=lambda item: -item[1].length * item[2]):
            self.places[key] = _place(slot, width, free)
        used = [WORD - left for left in free]
        self.words = max(1, len(free))
        self.halves = max(1, 2 * self.words - (1 if used and used[-1] <= WORD // 2 else 0))

    def pack(self, cells: Cells) -> list[int]:
        """A state as 64-bit words."""
        words = [0] * self.words
        for key, slot in self.instance.slots.items():
            place = self.places[key]
            if place.width:
                for i in range(slot.length):
                    shift = place.shift + i % place.per * place.width
                    words[place.word + i // place.per] |= (cells[slot.offset + i] - slot.low) << shift
        return words

    def unpack(self, words: Sequence[int]) -> Cells:
        """The cells of packed words; the inverse of `pack`."""
        cells: list[int] = []
        for key, slot in self.instance.slots.items():
            place = self.places[key]
            mask = (1 << place.width) - 1
            for i in range(slot.length):
                word = words[place.word + i // place.per] if place.width else 0
                cells.append((word >> (place.shift + i % place.per * place.width) & mask) + slot.low)
        return tuple(cells)


def _place(slot: Slot, width: int, free: list[int]) -> Place:
    """Take room for a variable; `free` holds the free bits (the high ones) of every word."""
    total = slot.length * width
    if total == 0:
        return Place(0, 0, 0, max(1, slot.length))
    if total <= WORD:
        for word, left in enumerate(free):
            if left >= total:
                free[word] -= total
                return Place(word, WORD - left, width, slot.length)
        free.append(WORD - total)
        return Place(len(free) - 1, 0, width, slot.length)
    per = WORD // width
    first = len(free)
    left_over = slot.length
    while left_over > 0:
        here = min(per, left_over)
        free.append(WORD - here * width)
        left_over -= here
    return Place(first, 0, width, per)
