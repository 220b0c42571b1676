"""How many members there are of everything: the sizes that a scenario gives, defaults, and what is derived from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from .domains import Sizes
from .errors import near
from .mistakes import Mistakes, Partly, asks_nothing_unknown, meant
from .specification import Specification

MOST_MEMBERS = 1 << 20
"""Of an index set whose size is derived."""

MOST_GIVEN = 64
"""Of an index set or a process kind whose size is given."""

SCOPE = "[scope]"
"""Hidden by mistakes for which no size is known."""

HOSTS = "[[host]]"
"""Hidden by mistakes for which it is unknown how many processes run programs."""

_ANY = "index set, process kind or constant"


class PartlySizes(Partly[int], Sizes):
    """Sizes of which some are unknown."""

    def __init__(self, values: Mapping[str, int], roster: Sequence[str], unknown: Iterable[str]) -> None:
        super().__init__(values, unknown)
        self._roster, self.unknown_roster = tuple(roster), False

    @property
    def processes(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names of all processes, if their numbers are known."""
        self.asked = self.asked or self.unknown_roster
        return self._roster


def complete_sizes(spec: Specification, given: Mapping[str, Any], place: str, mistakes: Mistakes | None = None) -> Sizes:
    """Sizes of every index set and process kind: given, default or derived; and every constant.

    ScenarioError tells all mistakes; where they are gathered, sizes that they leave unknown are `Partly` known.
    """
    found = Mistakes(place) if mistakes is None else mistakes
    known = given_sizes(spec)
    constants = spec.scope.constants
    fine = _fine(spec, given, place, found)
    kinds = [k.__name__ for k in spec.kinds]
    every = [*known, *constants]
    hidden = found.unknown | set(every if SCOPE in found.unknown else ()) | \
        {k.__name__ for k in spec.kinds if k.programs and HOSTS in found.unknown}
    merged = {**{n: of.default for n, of in constants.items()}, **spec.defaults, **fine}
    for name in known:
        if name in hidden:
            continue
        if found.demand(name in merged, place, f"the size of {name} is missing.", f"Add {name} = 1 (or more) to [scope].", name):
            found.demand(merged[name] >= 1 or name in kinds, f"{place}, {name}", "an index set cannot be empty.", "Give at least 1.", name)
    unknown = [n for n in every if n in found.unknown | hidden]
    merged |= {n: 1 for n in unknown if n not in constants}
    roster = [k.member(i) for k in spec.kinds for i in range(merged[k.__name__])]
    sizes = PartlySizes({n: merged[n] for n in every}, roster, unknown)
    sizes.unknown_roster = any(n in unknown for n in kinds)
    _derive(spec, sizes, place, found)
    if mistakes is None:
        found.refuse()
    return sizes if sizes.unknown else Sizes(sizes, roster)


def given_sizes(spec: Specification) -> list[str]:
    """The names of what a scenario gives a size: index sets, unless theirs is derived, and process kinds."""
    return [n for n, i in spec.index_sets.items() if i.derived is None] + [k.__name__ for k in spec.kinds]


def _fine(spec: Specification, given: Mapping[str, Any], place: str, found: Mistakes) -> dict[str, int]:
    """What is given and can be."""
    known, constants = given_sizes(spec), spec.scope.constants
    fine: dict[str, int] = {}
    for name, value in given.items():
        if name in found.unknown:
            continue
        if name in constants:
            with found.noting():
                fine[name] = constants[name].read(value, place)
        elif name not in known:
            fix = "It is a switch: write it under [switches]." if name in spec.scope.switches else near(name, [*known, *constants])
            found.add(f"{place}, {name}", f"there is no such {'index set or process kind' if not constants else _ANY}.", fix,
                      *(n for n in meant(name, [*known, *constants]) if n not in given))
        elif found.demand(isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_GIVEN, f"{place}, {name}",
                          f"{value!r} is not a size.", f"Give a number from 1 to {MOST_GIVEN} (processes: from 0).", name):
            fine[name] = value
    return fine


def _derive(spec: Specification, sizes: PartlySizes, place: str, found: Mistakes) -> None:
    """Derived sizes, each when those that it asks for are known, in whatever order they are declared."""
    pending = {n: of.derived for n, of in spec.index_sets.items() if of.derived is not None}
    while pending:
        now = {name: size for name, derived in pending.items()
               if (size := _derived(name, derived, sizes, pending, place, found)) is not None}
        for name, size in now.items():
            sizes[name] = size
            del pending[name]
        if not now:
            found.add(f"{place}, {min(pending)}", "its derived size depends on itself.", "Derive it from sets that the scope gives.",
                      *pending)
            sizes.update(dict.fromkeys(pending, 1))
            sizes.unknown |= set(pending)
            return


def _derived(name: str, derived: Callable[[Sizes], int], sizes: PartlySizes, pending: Mapping[str, Any], place: str,
             found: Mistakes) -> int | None:
    """A size, or 1 where it is unknown; None when it asks for one that is still to be derived."""
    asks_nothing_unknown(sizes)
    size: Any = None
    try:
        size = derived(sizes)
    except KeyError as error:
        if error.args[0] in pending:
            return None
        found.add(f"{place}, {name}", f"its size asks for {error.args[0]!r}, which has no size.",
                  near(str(error.args[0]), list(sizes)), name)
    except (Exception, SystemExit) as error:  # whatever the author's function does
        if asks_nothing_unknown(sizes):
            found.add(f"{place}, {name}", f"its size cannot be computed ({type(error).__name__}: {error}).",
                      "size= is a function of the sizes of other sets: size=lambda n: n[\"Track\"] * 2.", name)
    else:
        if asks_nothing_unknown(sizes) and found.demand(
                isinstance(size, int) and not isinstance(size, bool) and 1 <= size <= MOST_MEMBERS, f"{place}, {name}",
                f"its derived size is {size!r}.", f"A size is a number from 1 to {MOST_MEMBERS:,}.", name):
            return int(size)
    sizes.unknown.add(name)
    return 1


__all__ = ["HOSTS", "MOST_MEMBERS", "SCOPE", "PartlySizes", "complete_sizes", "given_sizes"]
