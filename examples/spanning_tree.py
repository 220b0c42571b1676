"""A spanning tree: nodes take nearer neighbours for parents until each knows how far the root is.

After `SpanTree` of the TLA+ examples (Leslie Lamport, github.com/tlaplus/Examples), with the graph of its configuration.
Published counts, distinct (generated) states: 1,236 (10,278).  Nodes rest, because the original is checked without
deadlock detection; that the algorithm ends, its other property, is not asked here.
"""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, IndexSet, Next, Process, ProcessNumber, Range, Scope, Signal, Specification, State,
                            initial, invariant, local, step, witness)

ROOT = 1
FAR = 6


class Distance(IndexSet, letter="d", first=0, size=lambda n: FAR):
    """A distance from the root."""


class Shared(State):
    """Nothing: the graph does not change, and the rest is the nodes'."""


class Settings(Scope):
    """No switches."""


class Node(Process, letter="n"):
    """A node of the graph."""

    mom: int = local(ProcessNumber(), "its parent in the tree; itself where it has none")
    dist: int = local(Range(0, FAR), "how far the root is, as far as it knows", initial=FAR)


def neighbours(n: Node, m: Node) -> bool:
    """Does an edge join them?  Edge 12 joins n1 and n2 (Edges, Nbrs)."""
    return 10 * min(n.number, m.number) + max(n.number, m.number) in (12, 13, 23, 24, 34, 35, 45)


@initial
def only_the_root_knows(s: Shared, c: Settings) -> Signal:
    """Init: the root knows its distance, and nobody has a parent."""
    for n in s.all(Node):
        n.mom = n.number
        if n.number == ROOT:
            n.dist = 0
    return DONE


@step(Node, "Next", "", rest=True)
def come_nearer(s: Shared, c: Settings, n: Node, m: Node, d: Distance) -> Next:
    """Next: take a neighbour for the parent, and any distance beyond its own that is less than before."""
    if not (neighbours(n, m) and m.dist < d < n.dist):
        return WAIT
    n.dist = d
    n.mom = m.number
    return come_nearer


def ended(s: Shared) -> bool:
    """Can nobody come nearer (~ENABLED Next)?"""
    return all(n.dist <= m.dist + 1 for n in s.all(Node) for m in s.all(Node) if neighbours(n, m))


@invariant("safety", "no spanning tree")
def it_ends_with_a_tree(s: Shared, c: Settings, n: Node) -> bool:
    """Safety: at the end a node is the root, or out of reach with all its neighbours, or one further than its parent."""
    if not ended(s) or n.number == ROOT:
        return not ended(s) or n.dist == 0 and n.mom == n.number
    if n.dist == FAR:
        return n.mom == n.number and all(m.dist == FAR for m in s.all(Node) if neighbours(n, m))
    return n.dist > 0 and any(neighbours(n, m) and n.dist == m.dist + 1 for m in s.all(Node) if m.number == n.mom)


@witness("ended")
def it_can_end(s: Shared, c: Settings) -> bool:
    """The algorithm can end."""
    return ended(s)


SPECIFICATION = Specification.of_module("spanning tree", Shared, Settings, __name__, Node=5)
