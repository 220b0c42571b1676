"""Programs of hosts: a fixed list of commands, or any command of a menu, any time.

A program is a sequence of positions; each position offers alternatives.  `write S1 T* B1 v2` stands for
one alternative a member; `T1|T3` for two.  A menu is one position to which the host returns for ever.
Programs are run-time data: changing them compiles nothing.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .domains import Domain, Sizes
from .errors import ScenarioError, cut
from .processes import Command, Process
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


def parse_program(spec: Specification, kind: type[Process], entry: dict[str, object], sizes: Sizes,
                  place: str) -> Program:
    """The program of a `[[host]]` entry: `program = […]` or `menu = […]`; ScenarioError when it is neither."""
    unknown = set(entry) - {"program", "menu", "times", "kind"}
    if unknown or ("program" in entry) == ("menu" in entry):
        raise ScenarioError(place, f"the entry has {', '.join(sorted(map(str, entry)))}.",
                            'Give program = ["write S1 T1 B1 v1", …] or menu = ["write S1 T* B1 v*", …] (with times = n to bound it).')
    if "menu" in entry:
        alternatives = _alternatives(spec, kind, _strings(entry["menu"], place), sizes, place)
        times = entry.get("times")
        if times is None:
            return Program([alternatives], repeats=True)
        if not isinstance(times, int) or isinstance(times, bool) or not 1 <= times <= 30:
            raise ScenarioError(place, f"times = {times!r} is not a number from 1 to 30.", "Leave it out for a menu without end.")
        return Program([alternatives] * times)
    items = entry["program"]
    if not isinstance(items, list):
        raise ScenarioError(place, "program is not a list.", "Write one string a command, or a list of alternatives.")
    positions = [_alternatives(spec, kind, _strings(item if isinstance(item, list) else [item], place), sizes, place)
                 for item in items]
    if len(positions) > 30:
        raise ScenarioError(place, f"a program of {len(positions)} commands is too long.", "At most 30; split it over hosts.")
    return Program(positions)


def _strings(items: object, place: str) -> list[str]:
    if not isinstance(items, list) or not items or not all(isinstance(i, str) for i in items):
        raise ScenarioError(place, f"{items!r} is not a list of commands.", 'Write commands as strings: "write S1 T1 B1 v1".')
    return items


def _alternatives(spec: Specification, kind: type[Process], texts: Sequence[str], sizes: Sizes,
                  place: str) -> list[Invocation]:
    out: dict[Invocation, None] = {}
    for text in texts:
        out.update(dict.fromkeys(_expand(spec, kind, text, sizes, place)))
    return list(out)


def _expand(spec: Specification, kind: type[Process], text: str, sizes: Sizes, place: str) -> list[Invocation]:
    words = text.split()
    if not words:
        raise ScenarioError(place, "an empty command.", "Write a command and its arguments.")
    command = spec.command(kind, words[0], f"{place}, {cut(text)!r}")
    if len(words) - 1 != len(command.arguments):
        raise ScenarioError(f"{place}, {cut(text)!r}", f"{command.word} takes {len(command.arguments)} arguments, not {len(words) - 1}.",
                            f"They are: {command.word} {' '.join(command.arguments)}.")
    choices = [_values(kind.arguments[name].domain, word, sizes, f"{place}, {cut(text)!r}", name)
               for name, word in zip(command.arguments, words[1:])]
    if math.prod(len(c) for c in choices) > MOST_ALTERNATIVES:
        raise ScenarioError(f"{place}, {cut(text)!r}", f"it stands for {math.prod(len(c) for c in choices):,} commands.",
                            f"At most {MOST_ALTERNATIVES} different commands in a scenario; use fewer *.")
    return [Invocation(command, values) for values in itertools.product(*choices)]


def _values(domain: Domain, word: str, sizes: Sizes, place: str, name: str) -> list[int]:
    low, high = domain.bounds(sizes)
    if high - low >= MOST_NAMED:
        return [_number(domain, part, sizes, place, name) for part in word.split("|")]
    names = {domain.word(v, sizes): v for v in range(low, high + 1)}
    star = word.rstrip("*").lower()
    if word == "*" or (word.endswith("*") and all(n.lower().startswith(star) for n in names if n != "none")):
        return [v for n, v in names.items() if word == "*" or n.lower().startswith(star)]
    out = []
    for part in word.split("|"):
        alike = [n for n in names if n == part] or [n for n in names if n.lower() == part.lower()]
        if len(alike) > 1:
            raise ScenarioError(place, f"{cut(part)!r} is one of several values of {name}.",
                                f"Write {' or '.join(alike)}, as it is declared.")
        if not alike:
            raise ScenarioError(place, f"{cut(part)!r} is not a value of {name}.", f"Its values here: {_some(names)}; or * for each.")
        out.append(names[alike[0]])
    return out


def _some(names: Iterable[str]) -> str:
    first = list(itertools.islice(names, MOST_TOLD + 1))
    return ", ".join(first[:MOST_TOLD]) + (", …" if len(first) > MOST_TOLD else "")


def _number(domain: Domain, word: str, sizes: Sizes, place: str, name: str) -> int:
    """One value of a domain that has too many of them to give each a name."""
    low, high = domain.bounds(sizes)
    digits = word.removeprefix("-")
    value = int(word) if digits.isascii() and digits.isdigit() and len(digits) < 20 else high + 1
    if not low <= value <= high or domain.show(value, sizes) != value:
        raise ScenarioError(place, f"{cut(word)!r} is not one of the {high - low + 1:,} values of {name}.",
                            f"Write a number from {low} to {high}; a scenario has at most {MOST_ALTERNATIVES} different commands, "
                            "too few for a *." if domain.show(low, sizes) == low else "Use a smaller scope: here no value has a name.")
    return value
