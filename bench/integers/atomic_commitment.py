"""`examples/atomic_commitment.py` without records and sets: what a participant is stands in tables."""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, OneOf, Range, Scope, Signal, Specification, State, Table, action, has,
                            initial, invariant, table, transition, variable, witness)


class Participant(IndexSet, letter="p", first=0, symmetric=True):
    """Who votes, and shall come to the same decision."""


class Vote(IntEnum):
    """A vote, as far as the coordinator knows it."""

    WAITING = 0
    YES = 1
    NO = 2


class Decision(IntEnum):
    """A decision; of a broadcast, what was sent, if anything."""

    UNDECIDED = 0
    COMMIT = 1
    ABORT = 2


class System(State):
    """The participants, and the coordinator."""

    own_vote: Table = table(Participant, of=OneOf(Vote), meaning="its vote, yes or no")
    lives: Table = table(Participant, of=Flag(), meaning="it has not died", initial=1)
    decided: Table = table(Participant, of=OneOf(Decision), meaning="what it has decided")
    failed: Table = table(Participant, of=Flag(), meaning="it has died")
    vote_sent: Table = table(Participant, of=Flag(), meaning="it has sent its vote (voteSent)")
    request: Table = table(Participant, of=Flag(), meaning="the coordinator has asked the participant for its vote")
    vote: Table = table(Participant, of=OneOf(Vote), meaning="the vote that the coordinator has received")
    broadcast: Table = table(Participant, of=OneOf(Decision), meaning="the decision that the coordinator has sent")
    decision: int = variable(OneOf(Decision), "what the coordinator has decided")
    alive: int = variable(Flag(), "the coordinator has not died", initial=1)
    faulty: int = variable(Flag(), "the coordinator has died")


class Settings(Scope):
    """No switches."""


@initial
def anybody_votes_yes(s: System, c: Settings, yes: Range(0, lambda n: (1 << n["Participant"]) - 1)) -> Signal:
    """Init: any votes, nothing sent, nobody dead."""
    for i in c.each(Participant):
        s.own_vote[i] = Vote.YES if has(yes, i) else Vote.NO
    return DONE


# --- the coordinator --------------------------------------------------------------------------------


@action
def request(s: System, c: Settings, i: Participant) -> Signal:
    """request: it asks a participant for its vote."""
    if not s.alive or s.request[i]:
        return WAIT
    s.request[i] = 1
    return DONE


def waits_for(s: System, c: Settings, i: int) -> bool:
    """Has the coordinator asked everybody, and waits for the vote of this one?"""
    return (s.alive and s.decision == Decision.UNDECIDED and s.vote[i] == Vote.WAITING
            and all(s.request[j] == 1 for j in c.each(Participant)))


@action
def get_vote(s: System, c: Settings, i: Participant) -> Signal:
    """getVote: it receives a vote."""
    if not waits_for(s, c, i) or not s.vote_sent[i]:
        return WAIT
    s.vote[i] = s.own_vote[i]
    return DONE


@action
def detect_fault(s: System, c: Settings, i: Participant) -> Signal:
    """detectFault: a participant has died without sending its vote, and it decides to abort."""
    if not waits_for(s, c, i) or s.lives[i] or s.vote_sent[i]:
        return WAIT
    s.decision = Decision.ABORT
    return DONE


def has_all_votes(s: System, c: Settings) -> bool:
    """Can the coordinator decide?"""
    return s.alive and s.decision == Decision.UNDECIDED and all(s.vote[j] != Vote.WAITING for j in c.each(Participant))


@action
def decide_to_commit(s: System, c: Settings) -> Signal:
    """makeDecision: all votes are yes."""
    if not has_all_votes(s, c) or any(s.vote[j] == Vote.NO for j in c.each(Participant)):
        return WAIT
    s.decision = Decision.COMMIT
    return DONE


@action
def decide_to_abort(s: System, c: Settings, j: Participant) -> Signal:
    """makeDecision: there is a vote that is no."""
    if not has_all_votes(s, c) or s.vote[j] != Vote.NO:
        return WAIT
    s.decision = Decision.ABORT
    return DONE


@action
def broadcast(s: System, c: Settings, i: Participant) -> Signal:
    """coordBroadcast: it tells a participant what it has decided."""
    if not s.alive or s.decision == Decision.UNDECIDED or s.broadcast[i] != Decision.UNDECIDED:
        return WAIT
    s.broadcast[i] = s.decision
    return DONE


@action
def coordinator_dies(s: System, c: Settings) -> Signal:
    """coordDie: it dies."""
    if not s.alive:
        return WAIT
    s.alive = 0
    s.faulty = 1
    return DONE


# --- the participants -------------------------------------------------------------------------------


@action
def send_vote(s: System, c: Settings, i: Participant) -> Signal:
    """sendVote: a participant that was asked sends its vote (again)."""
    if not s.lives[i] or not s.request[i]:
        return WAIT
    s.vote_sent[i] = 1
    return DONE


def may_decide(s: System, i: int) -> bool:
    """Is the participant alive and undecided?"""
    return s.lives[i] and s.decided[i] == Decision.UNDECIDED


@action
def abort_on_vote(s: System, c: Settings, i: Participant) -> Signal:
    """abortOnVote: a participant that has voted no aborts."""
    if not may_decide(s, i) or not s.vote_sent[i] or s.own_vote[i] != Vote.NO:
        return WAIT
    s.decided[i] = Decision.ABORT
    return DONE


@action
def abort_on_timeout(s: System, c: Settings, i: Participant) -> Signal:
    """abortOnTimeoutRequest: the coordinator has died before it asked for the vote, and the participant aborts."""
    if not may_decide(s, i) or s.alive or s.request[i]:
        return WAIT
    s.decided[i] = Decision.ABORT
    return DONE


@action
def decide(s: System, c: Settings, i: Participant) -> Signal:
    """decide: a participant decides as it was told."""
    if not may_decide(s, i) or s.broadcast[i] == Decision.UNDECIDED:
        return WAIT
    s.decided[i] = s.broadcast[i]
    return DONE


@action
def participant_dies(s: System, c: Settings, i: Participant) -> Signal:
    """parDie: a participant dies."""
    if not s.lives[i]:
        return WAIT
    s.lives[i] = 0
    s.failed[i] = 1
    return DONE


# --- safety; the intermediate properties of the original say more than AC2 and AC3_1 -----------------


def has_decided(s: System, c: Settings, decision: int) -> bool:
    """Has a participant come to this decision?"""
    return any(s.decided[i] == decision for i in c.each(Participant))


@invariant("AC1", "split decision")
def all_decide_alike(s: System, c: Settings) -> bool:
    """AC1: no participant commits while another one aborts."""
    return not (has_decided(s, c, Decision.COMMIT) and has_decided(s, c, Decision.ABORT))


@invariant("AC2", "commitment against a vote")
def who_commits_has_all_votes(s: System, c: Settings, j: Participant) -> bool:
    """AC2, StrongerAC2: when one commits, all have voted yes, and the coordinator has decided so."""
    return not has_decided(s, c, Decision.COMMIT) or s.own_vote[j] == Vote.YES and s.decision == Decision.COMMIT


@invariant("AC3_1", "abort without a reason")
def who_aborts_has_a_reason(s: System, c: Settings) -> bool:
    """AC3_1, StrongerAC3_1: when one aborts, one has voted no, or died, or the coordinator has; and it has decided so, or not."""
    return (not has_decided(s, c, Decision.ABORT) or any(s.own_vote[j] == Vote.NO for j in c.each(Participant))
            or s.faulty and s.decision == Decision.UNDECIDED
            or s.decision == Decision.ABORT and any(s.failed[j] for j in c.each(Participant))) == 1


@invariant("recovery", "life after death")
def nobody_recovers(s: System, c: Settings, i: Participant) -> bool:
    """NoRecovery: who is alive is not faulty, and who is not is."""
    return s.lives[i] != s.failed[i] and s.alive != s.faulty


@transition("AC4", "changed mind", steps=[request, get_vote, detect_fault, decide_to_commit, decide_to_abort, broadcast,
                                          coordinator_dies, send_vote, abort_on_vote, abort_on_timeout, decide, participant_dies])
def decisions_votes_and_faults_stay(before: System, after: System, c: Settings, i: Participant) -> bool:
    """AC4, VoteStable, FaultyStable: what a participant has decided stays; so do votes, and being faulty."""
    return (before.decided[i] in (Decision.UNDECIDED, after.decided[i]) and before.own_vote[i] == after.own_vote[i]
            and before.failed[i] <= after.failed[i] and before.faulty <= after.faulty)


@witness("committed")
def somebody_commits(s: System, c: Settings) -> bool:
    """A participant can commit."""
    return has_decided(s, c, Decision.COMMIT)


SPECIFICATION = Specification.of_module("atomic commitment", System, Settings, __name__, deadlock=False, Participant=3)
