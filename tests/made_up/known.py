"""Known mistakes in tables of their own: each has a number, and a word of its refusal."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from .parts import Parts

Known = tuple[str, str, Callable[[Parts], None]]
"""The text of a mistake, a word of its refusal, and how it is made."""


def acting(before: str, statement: str) -> str:
    """Declarations and the beginning of an action, which does a statement and is done."""
    return before + "".join(f"    {line}\n" for line in statement.split("\n")) + "    return DONE\n"


def mistaken(text: str, table: list[Known], number: int, chance: Random) -> tuple[str, str, str]:
    """A text with the mistake of a number, a word of the refusal, and what the mistake is."""
    m = Parts(text, chance)
    mistake, said, put = table[number % len(table)]
    put(m)
    return m.text(), said, mistake
