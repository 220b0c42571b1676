"""What a box is for, said at the box: properties ask for a part instead of listing boxes.

    WRITES = part("writes", "executes a host's write")

    @step(HostAdapter, "354", "Fig. 13", WRITES)
    def write_new_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
        …

    @transition("I18", "write executed twice", steps=[WRITES])       # every box that has this part
    …
        return not ha.at(WRITES) or s.track_lock[…] == ha.number     # is it about to execute one of them?

So a box that is added is asked for from the first day, by all properties that ask for its part.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .demands import demand_text, demand_word, told

if TYPE_CHECKING:
    from .figures import Figure
    from .processes import Process, Step


class Part:
    """What some boxes have in common: what they are for, or the region of a figure in which they stand.

    `boxes` are the steps declared with it, in the order of their declaration.
    """

    def __init__(self, name: str, meaning: str) -> None:
        place = f"part {told(name)}"
        demand_word(name, place, "name")
        demand_text(meaning, place, "meaning")
        self.name, self.meaning = name, meaning
        self.boxes: list[Step] = []

    def __repr__(self) -> str:
        return f"<part {self.name}>"


def part(name: str, meaning: str) -> Part:
    """Declare a part; give it to boxes behind their figure: `@step(HostAdapter, "354", "Fig. 13", WRITES)`."""
    return Part(name, meaning)


def executes(kind: type[Process], what: Step | Figure) -> bool:
    """May a process of this kind (for a base: of a kind derived from it) execute the box, or enter the figure?"""
    return issubclass(kind, what.owner) or issubclass(what.owner, kind)


def boxes_of(named: Iterable[Any]) -> list[Any]:
    """What is named, with the boxes of a part in its place; each once, in order."""
    out: list[Any] = []
    for one in named:
        out += one.boxes if isinstance(one, Part) else [one]
    return list(dict.fromkeys(out))


__all__ = ["Part", "boxes_of", "executes", "part"]
