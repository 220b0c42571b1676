"""`examples/chang_roberts.py` without sets: identities that wait are bits of a number."""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Mask, Next, OneOf, Process, Range, Scope, Signal, Specification, State, Table,
                            has, initial, invariant, local, step, table, with_bit, without_bit, witness)


class Identity(IndexSet, letter="I", size=lambda n: n["Node"]):
    """What tells nodes apart; each is also a place in the ring."""


class Standing(IntEnum):
    """How a node stands in the election."""

    CANDIDATE = 0
    LOST = 1
    WON = 2


class Ring(State):
    """What is under way."""

    messages: Table = table(Identity, of=Mask(Identity), meaning="identities that wait to be received by each node (msgs)")


class Settings(Scope):
    """No switches."""


class Node(Process, letter="N"):
    """One node of the ring."""

    initiator: int = local(Flag(), "it begins an election")
    standing: int = local(OneOf(Standing), "how it stands (state)")


@initial
def some_initiate(s: Ring, c: Settings, initiators: Range(0, lambda n: (1 << n["Node"]) - 1)) -> Signal:
    """Init: any nodes are initiators, and the others have lost."""
    for n in s.all(Node):
        n.initiator = has(initiators, n.id)
        n.standing = Standing.CANDIDATE if n.initiator else Standing.LOST
    return DONE


def send(s: Ring, c: Settings, n: Node, identity: int) -> None:
    """Send an identity to the next node of the ring."""
    to = (n.id + 1) % c.size(Identity)
    s.messages[to] = with_bit(s.messages[to], identity)


@step(Node, "n0", "")
def initiate(s: Ring, c: Settings, n: Node) -> Next:
    """An initiator sends its own identity."""
    if n.initiator:
        send(s, c, n, n.id)
    return receive


@step(Node, "n1", "", rest=True)
def receive(s: Ring, c: Settings, n: Node, identity: Identity) -> Next:
    """Forward a smaller identity, or any once the election is lost; one's own has won; a larger one ends here."""
    if not has(s.messages[n.id], identity):
        return WAIT
    s.messages[n.id] = without_bit(s.messages[n.id], identity)
    if n.standing == Standing.LOST or identity < n.id:
        n.standing = Standing.LOST
        send(s, c, n, identity)
    elif identity == n.id:
        n.standing = Standing.WON
    return receive


@invariant("correctness", "wrong leader")
def the_winner_is_the_smallest(s: Ring, c: Settings, n: Node, m: Node) -> bool:
    """Correctness: the winner is an initiator; every other node has lost, and is none with a smaller identity."""
    return n.standing != Standing.WON or n.initiator and (
        m.id == n.id or m.standing == Standing.LOST and (not m.initiator or m.id > n.id))


@witness("elected")
def somebody_wins(s: Ring, c: Settings, n: Node) -> bool:
    """A leader is elected."""
    return n.standing == Standing.WON


SPECIFICATION = Specification.of_module("Chang and Roberts", Ring, Settings, __name__, Node=3)
