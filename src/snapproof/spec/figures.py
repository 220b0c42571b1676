"""Figures that can be called: a part of a flow chart that other parts enter, and that returns to them.

    LOG_TRACKS = figure(Adapter, "log_tracks", "Fig. 9", exits=("done", "none"), meaning="manipulating tracks of a log device")

    @step(Adapter, "234", LOG_TRACKS)
    def lock_log_track(s: Array, c: Embodiment, p: Adapter) -> Next:
        …
        return LOG_TRACKS.none                                                        # leave by an exit

    @step(HostAdapter, "344", "Fig. 13")
    def obtain_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
        return LOG_TRACKS.call(lock_log_track, done=copy_track, none=no_log_track)    # enter, and say where to go on

A process that calls remembers from where (`log_tracks_caller`, a cell with one value for each call there is in its kind
of process; none where there is one call), and forgets it when it leaves.  Figures may call figures, but none itself, so
one such cell for each figure is all there is to remember.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Union

from .demands import demand, demand_class, demand_text, demand_word, told
from .processes import DONE, Process, Signal, Step

if TYPE_CHECKING:
    Follow = Union[Step, Signal]


class Exit(Signal):
    """One of the ways out of a figure."""

    def __init__(self, figure: Figure, name: str) -> None:
        super().__init__(f"{figure.name}.{name}")
        self.figure, self.exit = figure, name


class FigureCall(Signal):
    """Where a figure is entered, and where its caller goes on for each exit that it expects."""

    def __init__(self, figure: Figure, first: Step, exits: dict[str, Follow]) -> None:
        # In full: where sets of targets are put in order, it is by what they are called.
        super().__init__(f"{figure.name}.call({first.name}, {', '.join(f'{n}={t.name}' for n, t in exits.items())})")
        self.figure, self.first, self.exits = figure, first, exits


class Figure:
    """A part of a flow chart with named exits, for every kind of process derived from `owner`.

    Its boxes are steps declared with the figure in the place of its title; `exits` are its attributes.
    """

    def __init__(self, owner: type[Process], name: str, title: str, exits: tuple[str, ...], meaning: str) -> None:
        place = f"figure {told(name)}"
        demand_class(owner, Process, place, "its process kind", 'Write figure(Kind, "name", "Fig. 1", …) with a class Kind(Process).')
        demand_word(name, place, "name")
        demand(str(name).isidentifier(), place, "its name is not a Python name.", "Call it as a variable is called: log_tracks.")
        demand_text(title, place, "title")
        demand_text(meaning, place, "meaning")
        demand(isinstance(exits, tuple) and exits != () and all(isinstance(e, str) and e.isidentifier() for e in exits), place,
               f"its exits {told(exits)} are not a tuple of names.", 'Write exits=("done",), with at least one name.')
        for exit in exits:
            demand(exits.count(exit) == 1, place, f"it has the exit {exit!r} twice.", "Name each exit once.")
            demand(not hasattr(Figure, exit) and exit not in OWN, place, f"its exit {exit!r} is called like a part of every figure.",
                   "Choose another name.")
        self.owner, self.name, self.title, self.meaning = owner, name, title, meaning
        self.exits = {e: Exit(self, e) for e in exits}
        self.caller = f"{name}_caller"
        self._calls: dict[tuple[object, ...], FigureCall] = {}

    def __getattr__(self, name: str) -> Exit:
        exits = self.__dict__.get("exits", {})
        if name in exits:
            return exits[name]  # type: ignore[no-any-return]
        raise AttributeError(f"the figure has no exit {name!r}; it has {', '.join(exits)}")

    def __repr__(self) -> str:
        return f"<figure {self.name}>"

    def call(self, first: Step, **exits: Follow) -> FigureCall:
        """Enter the figure at a box of it; the step to go on with for each exit, or DONE.

        An exit that cannot be taken from here is left out; when it is taken all the same, that is an evaluation error.
        """
        key = (first, *sorted(exits.items()))
        if key not in self._calls:
            place = f"call of figure {self.name}"
            demand(isinstance(first, Step) and first.within is self, place, f"it begins at {told(first)}, which is no box of this figure.",
                   f"Give a step declared with {self.name} in the place of its figure.")
            demand(exits != {}, place, "it says for no exit where to go on.", f"The exits are {', '.join(self.exits)}.")
            for name, target in exits.items():
                demand(name in self.exits, place, f"the figure has no exit {name!r}.", f"Its exits are {', '.join(self.exits)}.")
                demand(target is DONE or isinstance(target, (Step, Exit, FigureCall)), place,
                       f"it goes on at {told(target)} for the exit {name!r}, which is no step.",
                       "Give a step, DONE, an exit of the calling figure, or another call.")
            self._calls[key] = FigureCall(self, first, {n: exits[n] for n in self.exits if n in exits})
        return self._calls[key]


OWN = ("owner", "name", "title", "meaning", "exits", "caller", "call")
"""What every figure has; an exit is not called so."""


def figure(owner: type[Process], name: str, title: str, exits: tuple[str, ...], meaning: str) -> Figure:
    """Declare a figure that can be called: its process kind, its name, its title as figures are cited, and its exits."""
    return Figure(owner, name, title, exits, meaning)


__all__ = ["Exit", "Figure", "FigureCall", "figure"]
