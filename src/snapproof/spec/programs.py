"""Programs of hosts: a fixed list of commands, or any command of a menu, any time.

A program is a sequence of positions; each position offers alternatives.  `write S1 T* B1 v2` stands for
one alternative a member; `T1|T3` for two.  A menu is one position to which the host returns for ever.
Programs are run-time data: changing them compiles nothing.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from .domains import Domain, Sizes
from .errors import cut, near
from .mistakes import Mistakes, asks_nothing_unknown
from .processes import Command, Process
from .sizes import MOST_GIVEN, given_sizes
from .specification import Specification

MOST_ALTERNATIVES = 255
"""Different commands of all programs together (a byte numbers them in the packed state)."""

MOST_NAMED = 1 << 16
"""The values of an argument that has more are not looked through: they would fill the memory."""

MOST_TOLD = 30
"""Values that a message names."""


@dataclass(frozen=True)
class Invocation:
    """A command with its arguments as integers, in the order of its declaration."""

    command: Command
    arguments: tuple[int, ...]

    def show(self, kind: type[Process], sizes: Sizes) -> str:
        """As a program writes it: `write S1 T1 B1 v1`."""
        parts = [kind.arguments[n].domain.word(v, sizes) for n, v in zip(self.command.arguments, self.arguments)]
        return " ".join([self.command.word, *parts])


@dataclass
class Program:
    """The positions of one process; `repeats` for a menu."""

    positions: list[list[Invocation]] = field(default_factory=list)
    repeats: bool = False


def parse_program(spec: Specification, kind: type[Process], entry: Mapping[str, object], sizes: Sizes, place: str,
                  mistakes: Mistakes | None = None) -> Program:
    """The program of a `[[host]]` entry: `program = […]` or `menu = […]`.

    ScenarioError tells all mistakes of it; where they are gathered, it is what is right of the program.
    """
    found = Mistakes(place) if mistakes is None else mistakes
    program = _parsed(entry, _Reading(spec, kind, sizes, place, found))
    if mistakes is None:
        found.refuse()
    return program


@dataclass(frozen=True)
class _Reading:
    """For whom a program is read, at which sizes, and where mistakes are noted."""

    spec: Specification
    kind: type[Process]
    sizes: Sizes
    place: str
    mistakes: Mistakes


def _parsed(entry: Mapping[str, object], at: _Reading) -> Program:
    unknown = set(entry) - {"program", "menu", "times", "kind"}
    if not at.mistakes.demand(
            not unknown and ("program" in entry) != ("menu" in entry), at.place, f"the entry has {', '.join(sorted(map(str, entry)))}.",
            'Give program = ["write S1 T1 B1 v1", …] or menu = ["write S1 T* B1 v*", …] (with times = n to bound it).'):
        return Program()
    if "menu" in entry:
        alternatives = _alternatives(_strings(entry["menu"], at), at)
        times = entry.get("times")
        if times is None:
            return Program([alternatives], repeats=True)
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= 30:
            at.mistakes.add(at.place, f"times = {times!r} is not a number from 1 to 30.", "Leave it out for a menu without end.")
            times = 1
        return Program([alternatives] * times)
    items = entry["program"]
    if not isinstance(items, list):
        at.mistakes.add(at.place, "program is not a list.", "Write one string a command, or a list of alternatives.")
        return Program()
    positions = [_alternatives(_strings(item if isinstance(item, list) else [item], at), at) for item in items]
    at.mistakes.demand(len(positions) <= 30, at.place, f"a program of {len(positions)} commands is too long.",
                       "At most 30; split it over hosts.")
    return Program(positions)


def _strings(items: object, at: _Reading) -> list[str]:
    if isinstance(items, list) and items and all(isinstance(i, str) for i in items):
        return items
    at.mistakes.add(at.place, f"{items!r} is not a list of commands.", 'Write commands as strings: "write S1 T1 B1 v1".')
    return []


def _alternatives(texts: Sequence[str], at: _Reading) -> list[Invocation]:
    """The commands of a position; none at all when one of its texts is mistaken."""
    found = [_expand(text, at) for text in texts]
    return [] if None in found else list(dict.fromkeys(i for some in found for i in some or ()))


def _expand(text: str, at: _Reading) -> list[Invocation] | None:
    """The commands that a text stands for; None when it is mistaken, or depends on a size that is unknown."""
    words, place = text.split(), f"{at.place}, {cut(text)!r}"
    if not words:
        at.mistakes.add(at.place, "an empty command.", "Write a command and its arguments.")
        return None
    mine = at.spec.commands_of(at.kind)
    if words[0] not in mine:
        at.mistakes.add(place, f"there is no command {cut(words[0])!r}.", near(words[0], list(mine)))
        return None
    command = mine[words[0]]
    if not at.mistakes.demand(len(words) - 1 == len(command.arguments), place,
                              f"{command.word} takes {len(command.arguments)} arguments, not {len(words) - 1}.",
                              f"They are: {command.word} {' '.join(command.arguments)}."):
        return None
    every = [_known_values(name, word, place, at) for name, word in zip(command.arguments, words[1:])]
    choices = [values for values in every if values is not None]
    if len(choices) < len(every):
        return None
    count = math.prod(len(c) for c in choices)
    if not at.mistakes.demand(count <= MOST_ALTERNATIVES, place, f"it stands for {count:,} commands.",
                              f"At most {MOST_ALTERNATIVES} different commands in a scenario; use fewer *."):
        return None
    return [Invocation(command, values) for values in itertools.product(*choices)]


def _known_values(name: str, word: str, place: str, at: _Reading) -> list[int] | None:
    """What a word stands for; None when that is mistaken, or depends on a size that is unknown."""
    domain, found = at.kind.arguments[name].domain, Mistakes(place)
    values: list[int] = []
    asks_nothing_unknown(at.sizes)
    with found.noting():
        values = _values(domain, word, at, place, name, found)
    if not asks_nothing_unknown(at.sizes):
        return None
    for mistake in found.found:
        at.mistakes.note(mistake)
    return None if found.found else values


def _values(domain: Domain, word: str, at: _Reading, place: str, name: str, mistakes: Mistakes) -> list[int]:
    low, high = domain.bounds(at.sizes)
    if high - low >= MOST_NAMED:
        return [_number(domain, part, at.sizes, place, name, mistakes) for part in word.split("|")]
    names = {domain.word(v, at.sizes): v for v in range(low, high + 1)}
    star = word.rstrip("*").lower()
    if word == "*" or (word.endswith("*") and all(n.lower().startswith(star) for n in names if n != "none")):
        return [v for n, v in names.items() if word == "*" or n.lower().startswith(star)]
    out = []
    for part in word.split("|"):
        alike = [n for n in names if n == part] or [n for n in names if n.lower() == part.lower()]
        out += [names[n] for n in alike[:1]]
        if len(alike) > 1:
            mistakes.add(place, f"{cut(part)!r} is one of several values of {name}.", f"Write {' or '.join(alike)}, as it is declared.")
        if not alike:
            mistakes.add(place, f"{cut(part)!r} is not a value of {name}.",
                         f"Its values here: {_some(names)}; or * for each.{_with_more(domain, part, at)}")
    return out


def _with_more(domain: Domain, part: str, at: _Reading) -> str:
    """The size with which it is a value, if there is one: what is numbered has such a number with more members."""
    number, here = re.search("[0-9]{1,2}$", part), dict(at.sizes)
    if number is None:
        return ""
    for name in given_sizes(at.spec):
        for size in (int(number[0]), int(number[0]) + 1):
            # Whatever an author's function does at sizes that nobody has asked for.
            with suppress(Exception):
                more = Sizes({**here, name: size})
                low, high = domain.bounds(more)
                if here[name] < size <= MOST_GIVEN and high - low < MOST_NAMED \
                        and any(domain.word(v, more).lower() == part.lower() for v in range(low, high + 1)):
                    return f" It is one with {name} = {size}."
    return ""


def _some(names: Iterable[str]) -> str:
    first = list(itertools.islice(names, MOST_TOLD + 1))
    return ", ".join(first[:MOST_TOLD]) + (", …" if len(first) > MOST_TOLD else "")


def _number(domain: Domain, word: str, sizes: Sizes, place: str, name: str, mistakes: Mistakes) -> int:
    """One value of a domain that has too many of them to give each a name."""
    low, high = domain.bounds(sizes)
    digits = word.removeprefix("-")
    value = int(word) if digits.isascii() and digits.isdigit() and len(digits) < 20 else high + 1
    if not low <= value <= high or domain.show(value, sizes) != value:
        mistakes.add(place, f"{cut(word)!r} is not one of the {high - low + 1:,} values of {name}.",
                     f"Write a number from {low} to {high}; a scenario has at most {MOST_ALTERNATIVES} different commands, "
                     "too few for a *." if domain.show(low, sizes) == low else "Use a smaller scope: here no value has a name.")
    return value


def left_at(spec: Specification, kind: type[Process], entry: Mapping[str, Any], sizes: Sizes) -> dict[str, Any]:
    """A right `[[host]]` entry without the commands that there are not at these sizes."""
    def there(text: str) -> bool:
        mistakes = Mistakes("")
        _expand(text, _Reading(spec, kind, sizes, "", mistakes))
        return not mistakes.found

    how = "menu" if "menu" in entry else "program"
    positions = [[text for text in ([item] if isinstance(item, str) else item) if there(text)] for item in entry[how]]
    left = [position for position in positions if position]
    if not left:
        return {n: v for n, v in entry.items() if n == "kind"} | {"program": []}
    return {**entry, how: [text for position in left for text in position] if how == "menu" else left}
