"""Two-phase commit: a transaction manager and its resource managers decide as one.

After `TwoPhase` of the TLA+ examples (Jim Gray and Leslie Lamport, "Consensus on Transaction Commit",
2004; github.com/tlaplus/Examples), with its exact actions and messages.  Messages are a set: they are
never removed, and may be received again.  Published counts, distinct (generated) states: 288 (1,146)
for three resource managers, 8,832 for five, 50,816 for six; 1,745,408 (18,507,778) for eight.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (
    DONE,
    WAIT,
    Flag,
    IndexSet,
    Mask,
    OneOf,
    Scope,
    Signal,
    Specification,
    State,
    Table,
    action,
    has,
    invariant,
    table,
    variable,
    with_bit,
    witness,
)


class ResourceManager(IndexSet, letter="R", symmetric=True):
    """Those that must agree."""


class Resource(IntEnum):
    """The state of a resource manager."""

    WORKING = 0
    PREPARED = 1
    COMMITTED = 2
    ABORTED = 3


class Decision(IntEnum):
    """The state of the transaction manager."""

    INIT = 0
    COMMITTED = 1
    ABORTED = 2


class Transaction(State):
    """The managers, and every message ever sent."""

    resource: Table = table(ResourceManager, of=OneOf(Resource), meaning="state of each resource manager (rmState)")
    decision: int = variable(OneOf(Decision), "state of the transaction manager (tmState)")
    prepared: int = variable(Mask(ResourceManager), "whose Prepared messages the transaction manager has received (tmPrepared)")
    prepared_sent: int = variable(Mask(ResourceManager), "who has sent a Prepared message (msgs)")
    commit_sent: int = variable(Flag(), "the Commit message has been sent (msgs)")
    abort_sent: int = variable(Flag(), "the Abort message has been sent (msgs)")


class Settings(Scope):
    """No switches."""


@action
def commit(s: Transaction, c: Settings) -> Signal:
    """TMCommit: everybody is prepared, and the transaction manager commits."""
    if s.decision != Decision.INIT or s.prepared != (1 << c.size(ResourceManager)) - 1:
        return WAIT
    s.decision = Decision.COMMITTED
    s.commit_sent = 1
    return DONE


@action
def abort(s: Transaction, c: Settings) -> Signal:
    """TMAbort: the transaction manager aborts of its own accord."""
    if s.decision != Decision.INIT:
        return WAIT
    s.decision = Decision.ABORTED
    s.abort_sent = 1
    return DONE


@action
def receive_prepared(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """TMRcvPrepared: the transaction manager receives a Prepared message."""
    if s.decision != Decision.INIT or not has(s.prepared_sent, r):
        return WAIT
    s.prepared = with_bit(s.prepared, r)
    return DONE


@action
def prepare(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """RMPrepare: a resource manager prepares, and says so."""
    if s.resource[r] != Resource.WORKING:
        return WAIT
    s.resource[r] = Resource.PREPARED
    s.prepared_sent = with_bit(s.prepared_sent, r)
    return DONE


@action
def choose_to_abort(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """RMChooseToAbort: a resource manager aborts of its own accord, and sends nothing."""
    if s.resource[r] != Resource.WORKING:
        return WAIT
    s.resource[r] = Resource.ABORTED
    return DONE


@action
def receive_commit(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """RMRcvCommitMsg: a resource manager is told to commit."""
    if not s.commit_sent:
        return WAIT
    s.resource[r] = Resource.COMMITTED
    return DONE


@action
def receive_abort(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """RMRcvAbortMsg: a resource manager is told to abort."""
    if not s.abort_sent:
        return WAIT
    s.resource[r] = Resource.ABORTED
    return DONE


@invariant("consistent", "split decision")
def never_both(s: Transaction, c: Settings, r: ResourceManager, q: ResourceManager) -> bool:
    """TCConsistent: no resource manager has committed while another has aborted."""
    return not (s.resource[r] == Resource.COMMITTED and s.resource[q] == Resource.ABORTED)


@witness("committed")
def somebody_commits(s: Transaction, c: Settings, r: ResourceManager) -> bool:
    """The transaction can commit."""
    return s.resource[r] == Resource.COMMITTED


SPECIFICATION = Specification.of_module("two-phase commit", Transaction, Settings, __name__, ResourceManager=3)
