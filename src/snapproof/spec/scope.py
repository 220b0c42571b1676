"""The scope of an exploration: dimensions (baked into compiled code) and switches (read at run time).

A switch is an embodiment of the description, or a named fault.  Profiles are values for all switches together, such as the
discipline under which everything holds, and the description read literally.  The scope names them, the usual one first, and
each switch gives its value in each; a scope without profiles has switches with one usual value.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Any, ClassVar

from .bags import Bag, BagOf
from .chosen import Among
from .constants import Constant
from .demands import demand, demand_call, demand_name, demand_profiles, demand_switch, demand_text, demand_words_of, told
from .domains import Extent, IndexSet, Sizes
from .errors import DeclarationError, ScenarioError, near
from .member_sets import Members
from .mistakes import Mistakes, Partly, asks_nothing_unknown, meant
from .sequences import Sequence, SequenceOf

PROFILE = "profile"
"""Hidden by mistakes for which no value of a switch is known but those that are given (mistakes.py)."""


class Switch:
    """One declared switch: its values (an IntEnum), its value in the profiles that are `given`, figure and meaning.

    `default` is its value in every other profile, and where there are none; without it, every profile must be given.
    `setup`: it only says where a run begins, so that it is no part of how the device is built; no step or action reads it.
    """

    def __init__(self, values: type[IntEnum], given: Mapping[str, IntEnum], default: IntEnum | None, figure: str, meaning: str,
                 setup: bool = False) -> None:
        demand_text(meaning, f"switch '{told(meaning)}'", "meaning")
        demand_text(figure, f"switch '{meaning}'", "figure")
        demand_switch(setup, f"switch '{meaning}'", "setup")
        self.values, self.figure, self.meaning, self.setup = values, figure, meaning, setup
        self.given = {name.replace("_", "-"): value for name, value in given.items()}
        self.default, self.name = default, ""
        fine = isinstance(values, type) and issubclass(values, IntEnum) and len(values) > 0
        if not fine or sorted(int(v) for v in values) != list(range(len(values))):
            raise DeclarationError(f"switch '{meaning}'", "its values are not an IntEnum counted from 0.",
                                   "Write class Values(IntEnum) with OFF = 0, ON = 1, …; compiled code relies on it.")
        demand_words_of(values, f"switch '{meaning}'")
        for profile, value in {**self.given, **({} if default is None else {"default": default})}.items():
            if not isinstance(value, values):
                raise DeclarationError(f"switch '{meaning}'", f"its {profile} value {value!r} is not a {values.__name__}.",
                                       "Give a member of its enumeration for each profile.")

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else instance._switches[self.name]

    def __set__(self, instance: Any, value: Any) -> None:
        raise DeclarationError(f"switch {self.name}", "switches do not change during a run.",
                               "Declare a variable for something that changes.")

    def value_in(self, profile: str) -> IntEnum:
        """Its value in a profile that its scope names; "" stands for a scope without profiles."""
        value = self.given.get(profile, self.default)
        assert value is not None, "the scope has demanded it"
        return value

    def demand_values_in(self, profiles: tuple[str, ...]) -> None:
        """Refuse values for profiles that the scope does not name, and a profile without a value."""
        place, known = f"switch '{self.meaning}'", " and ".join(profiles)
        for profile in self.given:
            demand(profile in profiles, place, f"it has a value in the profile {profile}, which its scope does not name.",
                   near(profile, list(profiles)) if profiles else
                   f"Name them in the scope, the usual one first: profiles = {tuple(self.given)!r}; or give one value: default=….")
        missing = [p for p in profiles or ("",) if p not in self.given and self.default is None]
        demand(not missing, place, f"it has no value in the profile {' and '.join(missing)}." if profiles else "it has no value.",
               f"Give one for each profile of its scope ({known}), or default=… for those that are not named." if profiles else
               "Write default=… for its usual value, or name profiles in the scope.")

    def choices(self) -> list[str]:
        """The names of its values, as scenarios and `--set` write them."""
        return [v.name.lower() for v in self.values]

    def parse(self, text: Any, place: str) -> IntEnum:
        """The value with this name; booleans stand for on/off or yes/no."""
        word = str(text).lower() if not isinstance(text, bool) else ("on" if text else "off")
        for value in self.values:
            if value.name.lower() == word:
                return value
        raise ScenarioError(place, f"{text!r} is not a value of switch {self.name}.",
                            f"{near(word, self.choices(), 2)} Its values: {', '.join(self.choices())} ({self.figure}).")


def switch(values: type[IntEnum], *, figure: str, meaning: str, default: Any = None, setup: bool = False, **profiles: Any) -> Any:
    """Declare a switch in a `Scope` subclass.

    Each profile of the scope gives it a value by its name (`text_strict=` for one called text-strict); `default=` is that of all
    others.  `setup=True`: it only says where a run begins; no step or action reads it.
    """
    return Switch(values, profiles, default, figure, meaning, setup)


def setup_switches(scope: type[Scope]) -> list[str]:
    """The switches that only say where a run begins, in the order of their declaration."""
    return [name for name, s in scope.switches.items() if s.setup]


class Contradiction:
    """A rule that refuses combinations of switches: `broken(c)` is true where they contradict."""

    def __init__(self, broken: Callable[[Any], bool], why: str, fix: str) -> None:
        demand_call(broken, "contradiction", "its rule", "Give a function of the scope: lambda c: c.a == A.ON and c.b == B.OFF.")
        demand_text(why, "contradiction", "reason")
        demand_text(fix, "contradiction", "fix")
        self.broken, self.why, self.fix = broken, why, fix


class Scope:
    """Dimensions, constants and switches of one exploration; subclass it and declare constants and switches in the body.

    `profiles` are the names of its profiles; the first is the usual one.  `contradictions` are refused; `needs` are combinations
    that a search says nothing of, although they can be had: a beginning that the sizes do not give.
    In steps it is the parameter `c`: `c.copy_order`, `c.tickets`, `c.each(Track)`, `c.size(Track)`.
    """

    switches: ClassVar[dict[str, Switch]] = {}
    constants: ClassVar[dict[str, Constant]] = {}
    contradictions: ClassVar[tuple[Contradiction, ...]] = ()
    needs: ClassVar[tuple[Contradiction, ...]] = ()
    profiles: ClassVar[tuple[str, ...]] = ()
    _switches: dict[str, IntEnum]
    _sizes: Sizes

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name, v in vars(cls).items():
            demand(type(v).__name__ not in ("Variable", "TableVariable", "Local", "Argument"), f"switch {cls.__name__}.{name}",
                   "a variable does not belong to the scope.", "Move it to the state or to a process; a scope holds switches.")
            if isinstance(v, (Switch, Constant)):
                demand_name(name, f"{type(v).__name__.lower()} {cls.__name__}.{name}", Scope)
        for name in ("contradictions", "needs"):
            rules = getattr(cls, name)
            demand(isinstance(rules, (tuple, list)) and all(isinstance(r, Contradiction) for r in rules),
                   f"scope {cls.__name__}", f"its {name} are not a tuple of Contradiction(…).", f"Write {name} = (Contradiction(…), …).")
        cls.switches = dict(cls.switches) | {n: v for n, v in vars(cls).items() if isinstance(v, Switch)}
        cls.constants = dict(cls.constants) | {n: v for n, v in vars(cls).items() if isinstance(v, Constant)}
        both = sorted(set(cls.switches) & set(cls.constants))
        demand(not both, f"scope {cls.__name__}", f"{' and '.join(both)} is a switch and a constant.", "Rename one of them.")
        demand_profiles(cls.profiles, f"scope {cls.__name__}", inspect.signature(switch).parameters)
        for declared in cls.switches.values():
            declared.demand_values_in(cls.profiles)

    def __init__(self, sizes: Sizes, switches: Mapping[str, IntEnum]) -> None:
        """`switches` gives every switch its value; their order means nothing.  Raises ScenarioError."""
        found = Mistakes("switches")
        for name, value in switches.items():
            if name not in self.switches:
                found.add(f"switch {name}", "there is no such switch.", near(name, list(self.switches)),
                          *(n for n in meant(name, self.switches) if n not in switches))
            elif not isinstance(value, self.switches[name].values):
                found.add(f"switch {name}", f"{value!r} is not one of its values.",
                          f"Give a member of {self.switches[name].values.__name__}.")
        for name in self.switches:
            found.demand(name in switches or name in found.unknown, f"switch {name}", "it has no value here.",
                         "Begin with the usual ones: Scope.profile().")
        found.refuse()
        self._sizes = sizes
        self._switches = switches if isinstance(switches, Partly) else {n: switches[n] for n in self.switches}

    @classmethod
    def profile(cls, name: str = "", place: str = "profile") -> dict[str, IntEnum]:
        """The value of every switch in a profile; the usual one without a name."""
        if name:
            cls.refuse_profile(name, place)
        return {n: s.value_in(name or cls.usual_profile()) for n, s in cls.switches.items()}

    @classmethod
    def usual_profile(cls) -> str:
        """The first profile; "" where there are none."""
        return cls.profiles[0] if cls.profiles else ""

    @classmethod
    def refuse_profile(cls, name: Any, place: str) -> None:
        """ScenarioError when no profile has this name."""
        if name not in cls.profiles:
            raise ScenarioError(place, f"there is no profile {name!r}.", f"The specification has {', '.join(cls.profiles)}."
                                if cls.profiles else "The specification names none: leave it out, and set switches one by one.",
                                PROFILE)

    def refuse_contradictions(self, place: str, mistakes: Mistakes) -> None:
        """A mistake for each declared rule that says that the switches contradict each other, or what the sizes are."""
        self.refuse_broken(self.contradictions, place, mistakes)

    def refuse_broken(self, rules: Iterable[Contradiction], place: str, mistakes: Mistakes) -> None:
        """A mistake for each rule that is broken; not where it asks for what is unknown."""
        for rule in rules:
            asks_nothing_unknown(self._sizes, self._switches)
            try:
                broken = rule.broken(self)
            except Exception as error:  # whatever the author's rule does
                if asks_nothing_unknown(self._sizes, self._switches):
                    mistakes.add(place, f"the contradiction '{rule.why}' cannot be evaluated ({type(error).__name__}: {error}).",
                                 "Its rule reads switches and sizes of the scope only.")
            else:
                if asks_nothing_unknown(self._sizes, self._switches) and broken:
                    mistakes.add(place, rule.why, rule.fix)

    def size(self, of: type[Any] | Extent | Constant) -> int:
        """How many members an index set, processes a kind, or values domains have; of a constant its value."""
        if isinstance(of, (Extent, Constant)):
            return of.count(self._sizes)
        return of.count(self._sizes) if issubclass(of, (IndexSet, Among)) else self._sizes[of.__name__]

    def subset(self, of: type[IndexSet], *members: Any) -> Members:
        """The set of these members, or of those that a generator gives."""
        given = members[0] if len(members) == 1 and isinstance(members[0], Iterable) else members
        return Members(of, self.size(of), frozenset(int(m) for m in given))

    def subsets(self, of: type[IndexSet] | Members) -> Iterator[Members]:
        """Every subset of an index set or of a set, in the order of their numbers: bit i is member i."""
        whole = of if isinstance(of, Members) else self.subset(of, self.each(of))
        members = list(whole)
        return (Members(whole.of, whole.size, frozenset(m for i, m in enumerate(members) if n >> i & 1))
                for n in range(1 << len(members)))

    def sequence(self, of: SequenceOf, *items: Any) -> Sequence:
        """The sequence of these items, or of those that a generator gives."""
        given = items[0] if len(items) == 1 and isinstance(items[0], Iterator) else items
        return Sequence(of, self._sizes, tuple(given))

    def bag(self, of: BagOf, *items: Any) -> Bag:
        """The bag of these items, or of those that a generator gives."""
        given = items[0] if len(items) == 1 and isinstance(items[0], Iterator) else items
        return Bag(of, self._sizes, tuple(given))

    def each(self, of: type[Any]) -> range:
        """The members of an index set, in order (of a chosen parameter: its values)."""
        return of.values(self._sizes) if issubclass(of, Among) else range(self.size(of))
