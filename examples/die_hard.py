"""Die Hard: measure four gallons with a jug of five and a jug of three.

After `DieHard` of the TLA+ examples (Leslie Lamport, github.com/tlaplus/Examples).  16 distinct states;
TLC generates 97 (one, and six successors of each) when `not_solved` is left out.  With it, the check
ends in a counterexample, which is the solution: six steps, seven states.
"""

from __future__ import annotations

from snapproof.spec import DONE, Range, Scope, Signal, Specification, State, action, invariant, variable

BIG = 5
SMALL = 3


class Jugs(State):
    """What is in the two jugs."""

    big: int = variable(Range(0, BIG), "gallons in the bigger jug")
    small: int = variable(Range(0, SMALL), "gallons in the smaller jug")


class Settings(Scope):
    """No switches."""


@action
def fill_small(s: Jugs, c: Settings) -> Signal:
    """Fill the smaller jug from the faucet."""
    s.small = SMALL
    return DONE


@action
def fill_big(s: Jugs, c: Settings) -> Signal:
    """Fill the bigger jug from the faucet."""
    s.big = BIG
    return DONE


@action
def empty_small(s: Jugs, c: Settings) -> Signal:
    """Empty the smaller jug onto the ground."""
    s.small = 0
    return DONE


@action
def empty_big(s: Jugs, c: Settings) -> Signal:
    """Empty the bigger jug onto the ground."""
    s.big = 0
    return DONE


@action
def small_to_big(s: Jugs, c: Settings) -> Signal:
    """Pour from the smaller jug until it is empty or the bigger one is full."""
    poured = min(s.small, BIG - s.big)
    s.big += poured
    s.small -= poured
    return DONE


@action
def big_to_small(s: Jugs, c: Settings) -> Signal:
    """Pour from the bigger jug until it is empty or the smaller one is full."""
    poured = min(s.big, SMALL - s.small)
    s.small += poured
    s.big -= poured
    return DONE


@invariant("not_solved", "solved")
def big_is_never_four(s: Jugs, c: Settings) -> bool:
    """The bigger jug never holds four gallons: false, and the counterexample is the solution."""
    return s.big != 4


SPECIFICATION = Specification.of_module("die hard", Jugs, Settings, __name__)
