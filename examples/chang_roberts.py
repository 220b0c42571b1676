"""Chang and Roberts: nodes of a one-way ring elect the initiator with the smallest identity.

After `ChangRoberts` of the TLA+ examples (Stephan Merz; the algorithm is CACM 22(5), 1979; github.com/tlaplus/Examples):
a node's identity is its place in the ring.  Published counts, distinct (generated) states: 137 (227) for three nodes.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Next, OneOf, Process, Scope, SetOf, Signal, Specification, State, Table,
                            initial, invariant, local, step, table, witness)


class Identity(IndexSet, letter="I", size=lambda n: n["Node"]):
    """What tells nodes apart; each is also a place in the ring."""


class Standing(IntEnum):
    """How a node stands in the election."""

    CANDIDATE = 0
    LOST = 1
    WON = 2


class Ring(State):
    """What is under way."""

    messages: Table = table(Identity, of=SetOf(Identity), meaning="identities that wait to be received by each node (msgs)")


class Settings(Scope):
    """No switches."""


class Node(Process, letter="N"):
    """One node of the ring."""

    initiator: int = local(Flag(), "it begins an election")
    standing: int = local(OneOf(Standing), "how it stands (state)")


@initial
def some_initiate(s: Ring, c: Settings, initiators: SetOf(Identity)) -> Signal:
    """Init: any nodes are initiators, and the others have lost."""
    for n in s.all(Node):
        n.initiator = n.id in initiators
        n.standing = Standing.CANDIDATE if n.initiator else Standing.LOST
    return DONE


def send(s: Ring, c: Settings, n: Node, identity: int) -> None:
    """Send an identity to the next node of the ring."""
    to = (n.id + 1) % c.size(Identity)
    s.messages[to] = s.messages[to].with_(identity)


@step(Node, "n0", "")
def initiate(s: Ring, c: Settings, n: Node) -> Next:
    """An initiator sends its own identity."""
    if n.initiator:
        send(s, c, n, n.id)
    return receive


@step(Node, "n1", "", rest=True)
def receive(s: Ring, c: Settings, n: Node, identity: Identity) -> Next:
    """Forward a smaller identity, or any once the election is lost; one's own has won; a larger one ends here."""
    if identity not in s.messages[n.id]:
        return WAIT
    s.messages[n.id] = s.messages[n.id].without(identity)
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
