"""A specification: L and R wait for each other while a third never ends.  `WAITS` is its text."""

WAITS = '''
from __future__ import annotations
from snapproof.spec import *

class S(State):
    left: int = variable(Flag(), "held by L")
    right: int = variable(Flag(), "held by R")
    lamp: int = variable(Flag(), "the third's")

class C(Scope):
    pass

class L(Process, letter="L"):
    "Takes left, then right."

class R(Process, letter="R"):
    "Takes right, then left."

class T(Process, letter="T"):
    "Switches a lamp for ever."

@step(L, "1", "Fig. 1")
def l_left(s: S, c: C, p: L) -> Next:
    "Takes left."
    if s.left == 1:
        return WAIT
    s.left = 1
    return l_right

@step(L, "2", "Fig. 1")
def l_right(s: S, c: C, p: L) -> Next:
    "Takes right."
    if s.right == 1:
        return WAIT
    s.left = 0
    return l_left

@step(R, "1", "Fig. 1")
def r_right(s: S, c: C, p: R) -> Next:
    "Takes right."
    if s.right == 1:
        return WAIT
    s.right = 1
    return r_left

@step(R, "2", "Fig. 1")
def r_left(s: S, c: C, p: R) -> Next:
    "Takes left."
    if s.left == 1:
        return WAIT
    s.right = 0
    return r_right

@step(T, "1", "Fig. 1")
def flip(s: S, c: C, p: T) -> Next:
    "Flips the lamp."
    s.lamp = 1 - s.lamp
    return flip

@invariant("free", "impossible")
def free(s: S, c: C) -> bool:
    "A lamp is on or off."
    return s.lamp < 2

SPECIFICATION = Specification.of_module("waits", S, C, __name__, L=1, R=1, T=1)
'''
