"""What a process has for itself: locals, and the arguments of the command that it carries out.

A local may belong to some commands:

    reserved: int = local(Range(0, 4), "the session number reserved (404)", during=("register",))

Only boxes that these commands alone lead to read and write it (during.py), and at the end of a command it is as at the start.  So
locals of commands of which a process carries out one at a time have the same bits in a packed state (layout.py).
"""

from __future__ import annotations

from typing import Any

from .demands import demand, demand_text, told
from .domains import Domain, demand_domain
from .variables import Variable


class Local(Variable):
    """A variable of each process of a kind; `during` are the words of the commands that it belongs to (none: it is there always)."""

    def __init__(self, domain: Domain, meaning: str, ghost: bool, initial: int | None, during: tuple[str, ...]) -> None:
        super().__init__((), domain, meaning, ghost, initial)
        place, fix = f"local '{meaning}'", 'Write during=("register",), with a comma, or leave it out: then it is there always.'
        demand(isinstance(during, tuple), place, f"during={told(during)} is not a tuple of words of commands.", fix)
        for word in during:
            demand(isinstance(word, str), place, f"during= names {told(word)}, which is no word of a command.", fix)
            demand(during.count(word) == 1, place, f"during= names {word!r} twice.", "Name each command once.")
        self.during = during


def local(of: Domain, meaning: str, ghost: bool = False, initial: int | None = None, during: tuple[str, ...] = ()) -> Any:
    """Declare a local variable of a process kind; it is reset to its initial value by `DONE`.

    `during`: it belongs to the commands of these words, and other boxes than theirs may not use it.
    """
    return Local(of, meaning, ghost, initial, during)


class Argument:
    """An argument of the command a process is carrying out: read only, taken from its program."""

    def __init__(self, domain: Domain, meaning: str) -> None:
        demand_text(meaning, f"argument '{meaning}'", "meaning")
        demand_domain(domain, f"argument '{meaning}'")
        self.domain, self.meaning, self.name = domain, meaning, ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        found = instance._machine.argument(instance, self.name)
        return self.domain.decode(found, instance._sizes) if self.domain.structured else found


def argument(of: Domain, meaning: str) -> Any:
    """Declare an argument that commands of this process kind may carry."""
    return Argument(of, meaning)


__all__ = ["Argument", "Local", "argument", "local"]
