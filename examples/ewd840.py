"""EWD 840: a token travels a ring of nodes to find out that all of them have finished.

After `EWD840` of the TLA+ examples (Stephan Merz, after Dijkstra, Feijen and van Gasteren, EWD 840;
github.com/tlaplus/Examples): the token is black at first, everything else is any value of its type.
Published counts, distinct (generated) states: 302 (2,001) for three nodes, 1,566 (15,986) for four.
TLC generates a successor for every disjunct of a guard that is true; here an action has one, which makes
1,817 and 14,962.  The original is checked without deadlock detection, because nothing happens after
termination has been detected; here the action `rest` says so, and adds one generated state.
"""

from __future__ import annotations

from snapproof.spec import (
    DONE,
    WAIT,
    Flag,
    IndexSet,
    Member,
    Scope,
    Signal,
    Specification,
    State,
    action,
    has,
    initial,
    invariant,
    table,
    variable,
    witness,
)


class Node(IndexSet, letter="N", first=0):
    """A node of the ring; the token travels downwards."""


class Subset(IndexSet, letter="X", first=0, size=lambda n: 1 << n["Node"]):
    """A set of nodes, to choose initial states by."""


class Ring(State):
    """The nodes and the token."""

    active = table(Node, of=Flag(), meaning="the node works")
    black = table(Node, of=Flag(), meaning="the node's colour is black")
    position: int = variable(Member(Node), "where the token is (tpos)")
    token_black: int = variable(Flag(), "the token's colour is black (tcolor)")


class Settings(Scope):
    """No switches."""


@initial
def anything_with_a_black_token(s: Ring, c: Settings, working: Subset, stained: Subset, position: Node) -> Signal:
    """Init: the token is black, the rest is any value of its type."""
    for n in c.each(Node):
        s.active[n] = 1 if has(working, n) else 0
        s.black[n] = 1 if has(stained, n) else 0
    s.position = position
    s.token_black = 1
    return DONE


@action
def initiate_probe(s: Ring, c: Settings) -> Signal:
    """InitiateProbe: node 0 sends a white token after an inconclusive round, and whitens itself."""
    if s.position != 0 or not (s.token_black or s.black[0]):
        return WAIT
    s.position = c.size(Node) - 1
    s.token_black = 0
    s.black[0] = 0
    return DONE


@action
def pass_token(s: Ring, c: Settings, n: Node) -> Signal:
    """PassToken: a node that is passive or black, or has a black token, passes it on and whitens itself."""
    if n == 0 or s.position != n or (s.active[n] and not s.black[n] and not s.token_black):
        return WAIT
    s.position = n - 1
    if s.black[n]:
        s.token_black = 1
    s.black[n] = 0
    return DONE


@action
def send_message(s: Ring, c: Settings, n: Node, to: Node) -> Signal:
    """SendMsg: an active node makes another one active; against the token's direction, it turns black."""
    if to == n or not s.active[n]:
        return WAIT
    s.active[to] = 1
    if to > n:
        s.black[n] = 1
    return DONE


@action
def deactivate(s: Ring, c: Settings, n: Node) -> Signal:
    """Deactivate: a node finishes its work."""
    if not s.active[n]:
        return WAIT
    s.active[n] = 0
    return DONE


def detected(s: Ring) -> bool:
    """Does node 0 know that every node has finished?"""
    return s.position == 0 and not s.token_black and not s.black[0] and not s.active[0]


@action
def rest(s: Ring, c: Settings) -> Signal:
    """Not in the original: after detection nothing has to happen, which is no deadlock."""
    if not detected(s):
        return WAIT
    return DONE


@invariant("detection", "false detection")
def detection_is_right(s: Ring, c: Settings, n: Node) -> bool:
    """TerminationDetection: when termination is detected, no node is active."""
    return not (detected(s) and s.active[n])


def stain_ahead(s: Ring, c: Settings) -> bool:
    """P1: the node that has the token, or one before it on its way, is black."""
    return any(s.black[n] for n in c.each(Node) if n <= s.position)


@invariant("inv", "broken invariant")
def dijkstra(s: Ring, c: Settings, n: Node) -> bool:
    """Inv: (P0) a node that the token has passed is passive, or P1, or (P2) the token is black."""
    return n <= s.position or not s.active[n] or stain_ahead(s, c) or s.token_black == 1


@witness("detected")
def termination_is_detected(s: Ring, c: Settings) -> bool:
    """Termination can be detected."""
    return detected(s)


SPECIFICATION = Specification.of_module("EWD 840", Ring, Settings, __name__, Node=3)
