"""Boxes: what an adapter executes in one go, named and numbered as in the figures.

A box is atomic: it runs while its adapter has the bus to global memory.  It returns the next box, WAIT (its
condition does not hold; it has changed nothing) or DONE (the command or request is finished).  Or it enters a figure
that others enter, too, and says where to go on; a box of that figure leaves it by one of its exits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Union

from ..vocabulary.states import Mail, Word
from .errors import EngineError, Failed
from .memory import NOBODY, Adapter, DiskAdapter, HostAdapter, Memory


class Signal(Enum):
    """What a box returns besides the next box."""

    WAIT = 0
    DONE = 1


WAIT, DONE = Signal.WAIT, Signal.DONE


@dataclass(frozen=True, eq=False)
class Box:
    """A box of a flow chart: function name, step id, figure.

    `local`: it looks at nothing but its adapter and the build.  `rest`: an adapter without work stays here.
    `refuses`: the error that the host gets here.
    """

    name: str
    id: str
    figure: str
    kind: type[Adapter]
    function: Callable[..., Any]
    local: bool = False
    rest: bool = False
    refuses: type[EngineError] | None = None

    def __repr__(self) -> str:
        return f"{self.id} {self.name}"


@dataclass(frozen=True)
class Exit:
    """A way out of the figure that was entered last."""

    name: str


@dataclass(frozen=True)
class Call:
    """Enter a figure at a box of it; where to go on, by exit."""

    first: Box
    then: dict[str, Next]


class Figure:
    """A part of a flow chart that others enter, and that returns to them."""

    def __init__(self, title: str, exits: tuple[str, ...]) -> None:
        self.title, self.exits = title, exits

    def call(self, first: Box, **then: Next) -> Call:
        """What a box returns to enter the figure; an exit that cannot be taken from there is left out."""
        assert set(then) <= set(self.exits), f"{self.title} has the exits {self.exits}"
        return Call(first, then)

    def exit(self, name: str) -> Exit:
        """What a box of the figure returns to leave it."""
        assert name in self.exits, f"{self.title} has the exits {self.exits}"
        return Exit(name)


Next = Union[Box, Signal, Call, Exit]

BOXES: dict[type[Adapter], dict[str, Box]] = {HostAdapter: {}, DiskAdapter: {}}
"""Every box by kind of adapter and name."""

FIRST: dict[Word, Box] = {}
"""The box behind `next_command`, by what the host asks for."""


def box(kind: type[Adapter], id: str, figure: str | Figure, local: bool = False,
        rest: bool = False, begins: Word | None = None,
        refuses: type[EngineError] | None = None) -> Callable[[Callable[..., Next]], Box]:
    """Declare a box: `@box(HostAdapter, "324", "Figs. 12, 16B")` over `(memory, adapter) -> Next`.

    A box of `Adapter` is one of both kinds.  `begins`: the command of a host that begins with it.
    """
    title = figure.title if isinstance(figure, Figure) else figure

    def declare(function: Callable[..., Next]) -> Box:
        made = Box(function.__name__, id, title, kind, function, local, rest, refuses)
        if begins is not None:
            FIRST[begins] = made
        for one, boxes in BOXES.items():
            if issubclass(one, kind):
                boxes[made.name] = made
        return made
    return declare


def execute(m: Memory, me: Adapter, *choice: Any) -> bool:
    """Let an adapter execute its box; False when it waits.  Errors of the store end the command, not the thread."""
    try:
        result = me.at.function(m, me, *choice)
    except EngineError as error:
        give_up(m, me, error)
        return True
    if result is WAIT:
        return False
    while not isinstance(result, (Box, Signal)):
        result = through(me, result)
    if isinstance(result, Box):
        me.at = result
    else:
        finish(m, me)
    return True


def through(me: Adapter, result: Call | Exit) -> Next:
    """Into a figure, or out of it to where its caller goes on."""
    if isinstance(result, Call):
        me.callers.append((me.at, result.then))
        return result.first
    by, then = me.callers.pop()
    if result.name not in then:
        raise RuntimeError(f"{me.at!r} leaves by {result.name}, for which {by!r} says no box")
    return then[result.name]


def finish(m: Memory, me: Adapter) -> None:
    """The command or request is over: nothing in hand, the host gets its answer."""
    me.reset()
    me.at = first_box(me)
    if isinstance(me, HostAdapter) and me.ticket is not None:
        ticket, me.ticket = me.ticket, None
        m.changed += ticket.command.changes and ticket.error is None
        ticket.done.set()
    m.rest.set()


def first_box(me: Adapter) -> Box:
    """Where an adapter without work stays."""
    mine = BOXES[HostAdapter if isinstance(me, HostAdapter) else DiskAdapter]
    return next(b for b in mine.values() if b.rest)


def give_up(m: Memory, me: Adapter, error: EngineError) -> None:
    """A track could not be read: undo what is in hand, and end the command with this error.

    Only boxes that copy, read, or write part of a track read tracks.  In the safe build nothing points to a
    new log track before its copy is complete, so it can go back to the free list.  In a build where something
    does, the array stops itself, because its tables cannot be trusted.
    """
    from .boxes.pool_tables import append

    if me.fresh >= 0:
        if any(me.fresh in v.pointers for v in m.tables.virtual):
            m.broken = Failed("array", f"{me.name} at {me.at!r} lost a track that is pointed to already ({error}).",
                              "Open the array again: it is as it was at its last commit.")
        else:
            append(m, me.fresh)
    m.locks.release_all(me.number)
    if isinstance(me, DiskAdapter):
        for host in m.hosts:
            if host.number == me.serving != NOBODY:
                host.mail = Mail.STATUS_ERROR
                if host.ticket is not None:
                    host.ticket.error = error
    elif isinstance(me, HostAdapter):
        me.refuse(error)
    finish(m, me)


__all__ = ["BOXES", "DONE", "FIRST", "WAIT", "Box", "Call", "Exit", "Figure", "Next", "Signal", "box", "execute", "finish",
           "first_box", "give_up"]
