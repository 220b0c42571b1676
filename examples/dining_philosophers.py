"""Dining philosophers: each needs the fork on either side to eat.

After Edsger Dijkstra (EWD 310), in the form of the model "Philosophers" of the Model Checking Contest
(mcc.lip6.fr): a philosopher takes one fork, either one, then the other, eats, and puts both back.  A fork
is free or in one of two hands, and the forks determine everything else, so in `any` order there are
3^n distinct states: 243 for five, 59,049 for ten.  Two of them are deadlocks: everybody holds the fork
on the left, or on the right.  Where everybody takes the fork with the lower number first, none is.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (
    WAIT,
    IndexSet,
    Next,
    Process,
    ProcessNumber,
    Scope,
    Specification,
    State,
    invariant,
    step,
    switch,
    table,
    witness,
)


class Fork(IndexSet, letter="F", size=lambda n: n["Philosopher"]):
    """Fork i lies between philosophers i - 1 and i."""


class Side(IndexSet, letter="Side", size=lambda n: 2):
    """Left or right of a philosopher."""


class Table(State):
    """The table."""

    holder = table(Fork, of=ProcessNumber(), meaning="who holds the fork")


class Order(IntEnum):
    """Which fork is taken first."""

    ANY = 0
    LOWER_FIRST = 1


class Settings(Scope):
    """The etiquette."""

    order: int = switch(Order, default=Order.LOWER_FIRST, figure="EWD 310", meaning="which of the two forks a philosopher takes first")


class Philosopher(Process, letter="P"):
    """One who thinks and eats."""


def fork(c: Settings, p: Philosopher, side: int) -> int:
    """The fork on one side of a philosopher."""
    return (p.id + side) % c.size(Philosopher)


def lower(c: Settings, p: Philosopher, side: int) -> bool:
    """Is the fork on this side the one with the lower number of the two?"""
    return fork(c, p, side) < fork(c, p, 1 - side)


@step(Philosopher, "1", "EWD 310", rest=True)
def think(s: Table, c: Settings, p: Philosopher, side: Side) -> Next:
    """Take a first fork when it is free (and when etiquette allows it)."""
    if s.holder[fork(c, p, side)] or (c.order == Order.LOWER_FIRST and not lower(c, p, side)):
        return WAIT
    s.holder[fork(c, p, side)] = p.number
    return take_other


@step(Philosopher, "2", "EWD 310")
def take_other(s: Table, c: Settings, p: Philosopher) -> Next:
    """Take the other fork when it is free."""
    other = fork(c, p, 0) if s.holder[fork(c, p, 0)] != p.number else fork(c, p, 1)
    if s.holder[other]:
        return WAIT
    s.holder[other] = p.number
    return eat


@step(Philosopher, "3", "EWD 310")
def eat(s: Table, c: Settings, p: Philosopher) -> Next:
    """Eat, and put both forks back."""
    s.holder[fork(c, p, 0)] = 0
    s.holder[fork(c, p, 1)] = 0
    return think


@invariant("own_forks", "fork in two hands")
def eats_with_both_forks(s: Table, c: Settings, p: Philosopher, side: Side) -> bool:
    """Who eats holds the forks on both sides."""
    return not p.at(eat) or s.holder[fork(c, p, side)] == p.number


@witness("eats")
def everybody_can_eat(s: Table, c: Settings, p: Philosopher) -> bool:
    """A philosopher eats."""
    return p.at(eat)


SPECIFICATION = Specification.of_module("dining philosophers", Table, Settings, __name__, Philosopher=5)
