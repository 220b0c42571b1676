"""Fast Paxos, simplified: acceptors choose among values themselves; where they collide, a coordinator has them choose again.

After `FastPaxos` of the TLA+ examples (Lim Ngian Xin Terry and Gaurav Gandhi, github.com/tlaplus/Examples).  Published counts,
distinct (generated) states: 25,617 (320,053), where TLC takes states for one that differ by names of acceptors and values only;
here they are all explored, 3,043,684 (36,868,401), and `tests/checker/test_fast_paxos.py` counts them as TLC does.
"""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, IndexSet, Mask, Maybe, Member, Scope, Signal, Specification, State, Table, action, count,
                            has, invariant, table, transition, variable, with_bit, witness)


class Acceptor(IndexSet, letter="r", symmetric=True):
    """Who accepts values (Replicas)."""


class Value(IndexSet, letter="v", symmetric=True):
    """What can be decided."""


class Ballot(IndexSet, letter="b", first=0):
    """A round; 1 and 3 are fast (FastBallots)."""


class Quorum(IndexSet, letter="q", size=lambda n: n["Acceptor"]):
    """All acceptors but one, in fast and classic rounds."""


class Messages(State):
    """Messages, which stay, and what acceptors and the coordinator know."""

    any_sent: int = variable(Mask(Ballot), "rounds for which any value may be chosen (P2a with any)")
    value_sent: Table = table(Ballot, of=Mask(Value), meaning="values to be accepted in a round (P2a)")
    accepted: Table = table(Ballot, Acceptor, of=Mask(Value), meaning="values that the acceptor has accepted in a round (P2b)")
    decision: int = variable(Maybe(Value), "what is decided")
    ballot: Table = table(Acceptor, of=Member(Ballot), meaning="the last round it has seen (maxBallot)")
    vote_ballot: Table = table(Acceptor, of=Member(Ballot), meaning="the last round it has accepted in (maxVBallot)")
    vote: Table = table(Acceptor, of=Maybe(Value), meaning="what it has accepted last (maxValue)")
    chosen: int = variable(Maybe(Value), "what the coordinator has chosen (cValue)")


class Settings(Scope):
    """No switches."""


def fast(b: int) -> bool:
    """Is it a fast round?"""
    return b in (1, 3)


@action
def offer(s: Messages, c: Settings, b: Ballot) -> Signal:
    """FastAny: the coordinator lets acceptors choose in a fast round."""
    if not fast(b):
        return WAIT
    s.any_sent = with_bit(s.any_sent, b)
    return DONE


def accept(s: Messages, a: int, b: int, v: int) -> None:
    """An acceptor accepts a value in a round, and says so."""
    s.ballot[a] = b
    s.vote_ballot[a] = b
    s.vote[a] = v
    s.accepted[b, a] = with_bit(s.accepted[b, a], v)


@action
def propose(s: Messages, c: Settings, a: Acceptor, b: Ballot, v: Value) -> Signal:
    """FastPropose: an acceptor chooses a value in a fast round, the one that it has accepted before, if any."""
    if not has(s.any_sent, b) or s.ballot[a] > b or s.vote[a] not in (-1, v) or s.accepted[b, a]:
        return WAIT
    accept(s, a, b, v)
    return DONE


def accepted_by_all(s: Messages, c: Settings, b: int, q: int) -> bool:
    """Has every acceptor of a quorum accepted in this round?"""
    return all(a == q or s.accepted[b, a] != 0 for a in c.each(Acceptor))


def values(s: Messages, c: Settings, b: int, q: int) -> int:
    """The values that a quorum has accepted in a round (V)."""
    found = 0
    for a in c.each(Acceptor):
        if a != q:
            found = found | s.accepted[b, a]
    return found


@action
def decide_fast(s: Messages, c: Settings, b: Ballot, q: Quorum, a: Acceptor, v: Value) -> Signal:
    """FastDecide: a quorum has chosen the same value in a fast round, as one of it says."""
    if not fast(b) or a == q or not accepted_by_all(s, c, b, q) or values(s, c, b, q) != 1 << v:
        return WAIT
    s.decision = v
    return DONE


def votes(s: Messages, c: Settings, b: int, q: int, v: int) -> int:
    """How many of a quorum have chosen the value (of three, two are a majority)."""
    return sum(1 for a in c.each(Acceptor) if a != q and has(s.accepted[b, a], v))


@action
def resolve(s: Messages, c: Settings, b: Ballot, f: Ballot, q: Quorum, v: Value) -> Signal:
    """ClassicAccept: after a collision in a fast round the coordinator sends the majority's value, or any that was chosen."""
    if fast(b) or not fast(f) or f >= b or s.chosen not in (-1, v) or s.value_sent[b] != 0 or not accepted_by_all(s, c, f, q):
        return WAIT
    cast = sum(count(s.accepted[f, a]) for a in c.each(Acceptor) if a != q)
    collided = values(s, c, f, q)
    if count(collided) <= 1 or not has(collided, v):
        return WAIT
    if any(votes(s, c, f, q, w) > cast // 2 for w in c.each(Value)) and votes(s, c, f, q, v) <= cast // 2:
        return WAIT
    s.chosen = v
    s.value_sent[b] = with_bit(s.value_sent[b], v)
    return DONE


@action
def accept_classic(s: Messages, c: Settings, a: Acceptor, b: Ballot, v: Value) -> Signal:
    """ClassicAccepted: an acceptor accepts the coordinator's value."""
    if not has(s.value_sent[b], v) or s.ballot[a] > b:
        return WAIT
    accept(s, a, b, v)
    return DONE


@action
def decide_classic(s: Messages, c: Settings, b: Ballot, q: Quorum, a: Acceptor, v: Value) -> Signal:
    """ClassicDecide: a quorum has accepted in a classic round; what one of it has accepted is decided."""
    if fast(b) or not accepted_by_all(s, c, b, q) or a == q or not has(s.accepted[b, a], v):
        return WAIT
    s.decision = v
    return DONE


@invariant("nontrivial", "foreign value")
def decisions_were_proposed(s: Messages, c: Settings) -> bool:
    """FastNontriviality: what is decided was chosen by an acceptor in a fast round."""
    return s.decision < 0 or any(fast(b) and has(s.accepted[b, a], s.decision) for b in c.each(Ballot) for a in c.each(Acceptor))


@transition("consistent", "two decisions", steps=[offer, propose, decide_fast, resolve, accept_classic, decide_classic])
def at_most_one_is_decided(before: Messages, after: Messages, c: Settings) -> bool:
    """PaxosConsistency: what is decided stays."""
    return before.decision in (-1, after.decision)


@witness("fast")
def a_fast_round_decides(s: Messages, c: Settings) -> bool:
    """A value can be decided without the coordinator."""
    return s.decision >= 0 and s.chosen < 0


@witness("classic")
def a_classic_round_decides(s: Messages, c: Settings) -> bool:
    """A value can be decided after a collision."""
    return s.decision >= 0 and s.chosen >= 0


SPECIFICATION = Specification.of_module("fast Paxos", Messages, Settings, __name__, Acceptor=4, Value=3, Ballot=5)
