"""Sets of members as bit masks: ordinary helper functions, read by all three readings."""

from __future__ import annotations


def has(mask: int, member: int) -> bool:
    """Is the member in the set?"""
    return (mask >> member) & 1 == 1


def with_bit(mask: int, member: int) -> int:
    """The set with the member."""
    return mask | (1 << member)


def without_bit(mask: int, member: int) -> int:
    """The set without the member."""
    return mask & ~(1 << member)


def without(mask: int, other: int) -> int:
    """The set without the members of another."""
    return mask & ~other


def count(mask: int) -> int:
    """How many members."""
    total = 0
    for i in range(16):
        total = total + ((mask >> i) & 1)
    if mask >> 16 != 0:
        for i in range(16, 62):
            total = total + ((mask >> i) & 1)
    return total
