"""Processes, steps, actions, initial states and host commands.

A box of a flow chart is a function that returns the next box:

    @step(HostAdapter, "322", "Fig. 12, 16B")
    def test_protection_bits(s: Array, c: Scope, ha: HostAdapter) -> Next: …

It may return another step, `WAIT` (not enabled now; must not have changed anything) or `DONE` (the
command is finished: locals are reset and the process takes its next command).  Parameters after the
process are chosen nondeterministically from their index set.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Union

from .. import source
from .chosen import Among, chosen_from
from .demands import demand, demand_class, demand_function, demand_letter, demand_name, demand_switch, demand_text, told
from .domains import Domain, IndexSet, Sizes
from .errors import DeclarationError
from .locals import Argument, Local
from .parts import Part
from .variables import Variable, declared_in

if TYPE_CHECKING:
    from .figures import Figure
    from .needs import Needs


class Signal:
    """What a step can return besides another step."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


WAIT = Signal("WAIT")
"""Not enabled now.  A step that waits has changed nothing; this is enforced."""

DONE = Signal("DONE")
"""The command is finished (for a process with a program), or the action is taken (for an action)."""


class Process:
    """A kind of process: subclass it, give a letter, declare locals and arguments in the body.

    `programs=True` makes its members run programs of commands, `rest=True` lets them stay for ever wherever they are.
    A class without a letter is a common base: steps declared for it belong to every kind derived from it.
    """

    letter: ClassVar[str] = ""
    programs: ClassVar[bool] = False
    rests: ClassVar[bool] = False
    variables: ClassVar[dict[str, Variable]] = {}
    arguments: ClassVar[dict[str, Argument]] = {}
    _cells: list[int]
    _place: dict[str, int]
    _limits: dict[str, tuple[int, int]]
    _sizes: Sizes
    _machine: Any
    id: int
    """Which member of its kind, from 0."""
    number: int
    """Which of all processes, from 1; the holder written into a lock."""

    def __init_subclass__(cls, letter: str = "", programs: bool = False, rest: bool = False) -> None:
        super().__init_subclass__()
        place = f"process kind {cls.__name__}"
        if letter != "":
            demand_letter(letter, place)
        demand_switch(programs, place, "programs")
        demand_switch(rest, place, "rest")
        demand(letter != "" or not rest, place, "it has no letter, so it has no members that could rest.",
               "Write rest=True at the kinds derived from it, or at the boxes where they may stay.")
        cls.letter, cls.programs, cls.rests = letter, programs, rest
        found = declared_in(cls)
        for name, v in vars(cls).items():
            strange = isinstance(v, Variable) and not isinstance(v, Local) or type(v).__name__ in ("Switch", "Constant")
            demand(not strange, f"local {cls.__name__}.{name}", "it is not declared with local(…) or argument(…).",
                   "Locals of a process are single cells: local(domain, meaning); tables and shared variables belong to the state.")
            if isinstance(v, Argument):
                demand_name(name, f"argument {cls.__name__}.{name}", Process, ("id", "number", "step", "command", "position"))
        cls.variables = dict(cls.variables) | found
        cls.arguments = dict(cls.arguments) | {n: a for n, a in vars(cls).items() if isinstance(a, Argument)}
        both = sorted(set(cls.variables) & set(cls.arguments))
        demand(not both, place, f"{' and '.join(both)} is a local and an argument.", "Rename one of them.")

    @classmethod
    def member(cls, index: int) -> str:
        """The readable name of a process: HA1 for index 0."""
        return f"{cls.letter}{index + 1}"

    def at(self, *steps: Step | Part) -> bool:
        """Is one of these the box this process will execute next, or one that has such a part?"""
        box = self._machine.step_at(self)
        return box in steps or any(p in steps for p in box.parts)

    def inside(self, figure: Figure, *callers: Step) -> bool:
        """Is the process at a box of this figure, or of one called from it?  `callers`: entered from these boxes."""
        return self._machine.inside(self, figure, callers)  # type: ignore[no-any-return]

    def start_at(self, step: Step) -> None:
        """In initial functions: the process begins at this step, and not at the first one of its kind."""
        self._machine.start_at(self, step)

    @property
    def idle(self) -> bool:
        """No command is being carried out: always so for a kind that runs no programs."""
        return not self.programs or bool(self._cells[self._place["command"]] < 0)


class Declared:
    """Anything declared by decorating a function: where it stands, its title and its text."""

    def __init__(self, function: Callable[..., Any] | None) -> None:
        function = demand_function(function, f"declaration of {told(function)}")
        self.function = self.evaluated = function
        self.name = function.__name__
        self.module = function.__module__
        code = inspect.unwrap(function).__code__
        self.file, self.line = code.co_filename, code.co_firstlineno
        doc = inspect.getdoc(function) or ""
        self.title = " ".join(doc.split("\n\n")[0].split())
        self.text = doc
        self.hints: dict[str, Any] = {}
        self.parameters = list(inspect.signature(function).parameters)
        self._chosen: dict[int, list[tuple[str, type[IndexSet]]]] = {}
        if hasattr(function, "__wrapped__"):
            raise DeclarationError(self.place, "the function is wrapped by another decorator.",
                                   "Only the innermost text would be read; put the code into the function itself.")
        Declared._all.append(self)

    _all: ClassVar[list[Declared]] = []

    @staticmethod
    def shadowed_in(names: dict[str, Any]) -> list[Declared]:
        """Declarations made in a module, of which no name of it is left: another thing has taken the name."""
        here = {id(v) for v in names.values()}
        return [d for d in Declared._all if d.function.__globals__ is names and id(d) not in here]

    @property
    def place(self) -> str:
        """`model/standard_write.py:31 test_protection_bits`, for messages."""
        parts = self.file.replace("\\", "/").split("/")
        return f"{'/'.join(parts[-2:])}:{self.line} {self.name}"

    def resolve(self) -> None:
        """Read the annotations (later than declaration, so that forward references work)."""
        try:
            given = source.hints(self.function)
        except NameError as error:
            raise DeclarationError(self.place, f"an annotation names something unknown ({error}).",
                                   "Import the index set or process kind it stands for.") from None
        except (DeclarationError, TypeError) as error:
            cause = error.cause if isinstance(error, DeclarationError) else f"it cannot be read ({error})."
            raise DeclarationError(self.place, f"an annotation is no domain: {cause}",
                                   "Annotate with an index set, a process kind, or a domain such as Range(0, 3) or Flag().") from None
        self.hints = {name: hint.__origin__ if hasattr(hint, "__metadata__") else hint for name, hint in given.items()}
        for name, hint in given.items():
            for found in getattr(hint, "__metadata__", ()):
                self.hints |= {name: found} if isinstance(found, Domain) else {}

    def chosen(self, skip: int) -> list[tuple[str, type[IndexSet]]]:
        """The parameters after the first `skip`: (name, index set or kind or values of a domain), or a refusal."""
        if skip in self._chosen:
            return self._chosen[skip]
        out = []
        for name in self.parameters[skip:]:
            hint = chosen_from(self.hints.get(name), name, self.place)
            if not (isinstance(hint, type) and issubclass(hint, (IndexSet, Process, Among))) or hint is IndexSet:
                raise DeclarationError(self.place, f"parameter {name!r} is not typed by an index set, a process kind or a domain.",
                                       f"Annotate it, for example {name}: Track, or {name}: Range(0, 3), with its brackets.")
            if issubclass(hint, Process) and not hint.letter:
                raise DeclarationError(self.place, f"parameter {name!r} is typed by {hint.__name__}, a base without members.",
                                       "Use a kind of process that has a letter.")
            out.append((name, hint))
        self._chosen[skip] = out  # type: ignore[assignment]
        return self._chosen[skip]


class Step(Declared):
    """One box of a flow chart, for every process of a kind."""

    def __init__(self, owner: type[Process], id: str, figure: str | Figure, function: Callable[..., Any],
                 local: bool, rest: bool, parts: tuple[Part, ...] = ()) -> None:
        super().__init__(function)
        self.within = None if isinstance(figure, str) else figure
        demand_class(owner, Process, self.place, "its process kind", "Write @step(Kind, \"1\", \"Fig. 1\") with a class Kind(Process).")
        demand_text(id, self.place, "id")
        demand(isinstance(figure, str) or type(figure).__name__ == "Figure", self.place,
               f"its figure {told(figure)} is neither a text nor a figure.", 'Write "Fig. 9", or a figure(…) that can be called.')
        title = figure if isinstance(figure, str) else figure.title
        demand_switch(local, self.place, "local")
        demand_switch(rest, self.place, "rest")
        self.owner, self.id, self.figure = owner, id, title
        demand(self.within is None or issubclass(owner, self.within.owner), self.place,
               f"it is a box of {owner.__name__}, in a figure of another kind of process.",
               "Declare the figure for a base that both have.")
        self.local, self.rest = local, rest
        if not self.title:
            raise DeclarationError(self.place, "the step has no docstring.",
                                   "Open it with one line that says what the box does; traces print it.")
        for given in parts:
            demand(isinstance(given, Part), self.place, f"{told(given)} stands where its parts are named, and is no part.",
                   'Declare it: WRITES = part("writes", "executes a host\'s write"); local and rest are given by name.')
            demand(parts.count(given) == 1, self.place, f"it has the part {given} twice.", "Name each part once.")
        self.parts = parts
        for given in parts:
            given.boxes.append(self)

    def __repr__(self) -> str:
        return f"<step {self.id} {self.name}>"


Next = Union[Step, Signal]
"""What a step returns."""


def step(owner: type[Process], id: str, figure: str | Figure, *parts: Part, local: bool = False,
         rest: bool = False) -> Callable[[Callable[..., Next]], Step]:
    """Declare a box: its process kind, the figure's step id, the figure (a Figure, if it can be called), and what it is for.

    `local=True`: the box reads and writes nothing but its process's own locals, arguments, dimensions and
    switches, so it is executed together with the box before it (checked).  `rest=True`: a process may
    stay here for ever without that being a deadlock.
    """
    return lambda function: Step(owner, id, figure, function, local, rest, parts)


class Action(Declared):
    """A step without a process, for TLA+-style specifications: returns `DONE` or `WAIT`."""

    id = "action"
    figure = ""


def action(function: Callable[..., Signal] | None = None) -> Action:
    """Declare an action: `@action def send(s, c, r: ResourceManager) -> Signal`."""
    return Action(function)


class Initial(Declared):
    """Sets the initial state; its chosen parameters give several.  Returns `DONE` (or `WAIT`: no such state)."""


def initial(function: Callable[..., Signal] | None = None) -> Initial:
    """Declare the initial states: `@initial def start(s, c, x: Choice) -> Signal`."""
    return Initial(function)


class Command:
    """A command of a program: its word, its arguments in order, and the box where it begins.

    `names` are those of the module that declares it.
    """

    def __init__(self, owner: type[Process], word: str, arguments: tuple[str, ...], first: Step, meaning: str,
                 names: dict[str, Any], needs: Needs | None = None) -> None:
        place = f"command {told(word)}"
        demand_class(owner, Process, place, "its process kind", 'Write command(Kind, "word", …) with a class Kind(Process, programs=True).')
        demand(isinstance(word, str) and word.isprintable() and len(word.split()) == 1, place, "its word is not a single word.",
               "Give the word by which programs call it.")
        for name in arguments:
            demand(isinstance(name, str) and name in owner.arguments, place, f"{owner.__name__} has no argument {told(name)}.",
                   f"Declare it in {owner.__name__}: {told(name)} = argument(…).")
            demand(arguments.count(name) == 1, place, f"it takes the argument {name!r} twice.", "Name each argument once.")
        demand(isinstance(first, Step) and issubclass(owner, first.owner), place, f"it begins at {told(getattr(first, 'name', first))}, "
               f"which is no step of {owner.__name__}.", "Give first=step, a box of this process kind or of a base of it.")
        demand_text(meaning, place, "meaning")
        demand(needs is None or inspect.isfunction(needs), place, f"needs={told(needs)} is no function.",
               "Give one of the scope, the command and all commands of all programs: def some(c, a, every).")
        self.owner, self.word, self.arguments, self.first, self.meaning = owner, word, arguments, first, meaning
        self.needs = needs
        self.names = names
        Command._all.append(self)

    _all: ClassVar[list[Command]] = []

    @staticmethod
    def unnamed_in(names: dict[str, Any]) -> list[Command]:
        """Commands declared in a module, of which no name of it is left."""
        here = {id(v) for v in names.values()}
        return [c for c in Command._all if c.names is names and id(c) not in here]


def command(owner: type[Process], word: str, *arguments: str, first: Step, meaning: str, needs: Needs | None = None) -> Command:
    """Declare a command: `WRITE = command(HostAdapter, "write", "device", "track", first=…, meaning=…)`.

    `needs` says of a command of a program why it is never carried out, if it is not (needs.py).
    """
    return Command(owner, word, arguments, first, meaning, sys._getframe(1).f_globals, needs)
