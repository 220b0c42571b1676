"""Two-phase commit with a backup: a second transaction manager decides when the first one has failed.

After `2PCwithBTM` of the TLA+ examples (Murat Demirbas, after Gray and Lamport; github.com/tlaplus/Examples), with both
kinds of failure, as in its configuration.  Both transaction managers are processes of one kind, with the same boxes; F1 and
F2, which do the same, are one box.  Published counts, distinct (generated) states: 1,245 (5,841); TLC generates a successor
for each way in which `canCommit`, `canAbort` and the guard of aborting are true, here there is one, which makes 4,851.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Next, OneOf, Process, Scope, Signal, Specification, State, Table,
                            action, invariant, step, table, variable, witness)


class ResourceManager(IndexSet, letter="R", symmetric=True):
    """Those that must agree."""


class Resource(IntEnum):
    """The state of a resource manager."""

    WORKING = 0
    PREPARED = 1
    COMMITTED = 2
    ABORTED = 3
    FAILED = 4


class Decision(IntEnum):
    """The state of the transaction."""

    INIT = 0
    COMMIT = 1
    ABORT = 2
    HIDDEN = 3


class Transaction(State):
    """The managers."""

    resource: Table = table(ResourceManager, of=OneOf(Resource), meaning="state of each resource manager (rmState)")
    ended: Table = table(ResourceManager, of=Flag(), meaning="the resource manager has nothing more to do (pc is Done)")
    decision: int = variable(OneOf(Decision), "what a transaction manager has decided, unless it has failed (tmState)")


class Settings(Scope):
    """No switches."""


class TransactionManager(Process, letter="TM"):
    """TM1 decides and fails (TManager); TM2 is the backup (BTManager)."""


def undecided(s: Transaction, r: int) -> bool:
    """May the resource manager still do something?"""
    return s.resource[r] in (Resource.WORKING, Resource.PREPARED)


@action
def prepare(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """Prepare: a resource manager is ready."""
    if s.resource[r] != Resource.WORKING:
        return WAIT
    s.resource[r] = Resource.PREPARED
    return DONE


@action
def commit(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """Decide: it commits as it was decided."""
    if not undecided(s, r) or s.decision != Decision.COMMIT:
        return WAIT
    s.resource[r] = Resource.COMMITTED
    return DONE


@action
def abort(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """Decide: it aborts of its own accord, or as it was decided."""
    if s.resource[r] != Resource.WORKING and not (undecided(s, r) and s.decision == Decision.ABORT):
        return WAIT
    s.resource[r] = Resource.ABORTED
    return DONE


@action
def fail(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """Fail: it fails, unless another one has failed; then nothing happens."""
    if not undecided(s, r):
        return WAIT
    if all(s.resource[q] != Resource.FAILED for q in c.each(ResourceManager)):
        s.resource[r] = Resource.FAILED
    return DONE


@action
def end(s: Transaction, c: Settings, r: ResourceManager) -> Signal:
    """RS: a resource manager that has decided or failed ends."""
    if undecided(s, r) or s.ended[r]:
        return WAIT
    s.ended[r] = 1
    return DONE


def anybody(s: Transaction, c: Settings, state: int) -> bool:
    """Is a resource manager in this state?"""
    return any(s.resource[r] == state for r in c.each(ResourceManager))


@step(TransactionManager, "TS", "")
def decide(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """TS, BTS: commit if all are prepared or somebody has committed; abort if somebody has aborted or failed."""
    if t.id == 1 and s.decision != Decision.HIDDEN:
        return WAIT
    if anybody(s, c, Resource.COMMITTED) or all(s.resource[r] == Resource.PREPARED for r in c.each(ResourceManager)):
        return decide_to_commit
    return decide_to_abort if anybody(s, c, Resource.ABORTED) or anybody(s, c, Resource.FAILED) else WAIT


@step(TransactionManager, "TC", "")
def decide_to_commit(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """TC, BTC: tell it."""
    s.decision = Decision.COMMIT
    return hide if t.id == 0 else done


@step(TransactionManager, "TA", "")
def decide_to_abort(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """TA, BTA: tell it."""
    s.decision = Decision.ABORT
    return hide if t.id == 0 else done


@step(TransactionManager, "F1", "")
def hide(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """F1, F2: the transaction manager fails, and its decision is no longer seen."""
    s.decision = Decision.HIDDEN
    return done


@step(TransactionManager, "Done", "", rest=True)
def done(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """Terminating: when all have ended, nothing happens any more."""
    if t.id == 1 or not all(s.ended[r] for r in c.each(ResourceManager)) or not all(q.at(done) for q in s.all(TransactionManager)):
        return WAIT
    return done


@invariant("consistency", "split decision")
def never_both(s: Transaction, c: Settings, r: ResourceManager, q: ResourceManager) -> bool:
    """Consistency: no resource manager has committed while another has aborted."""
    return s.resource[r] != Resource.ABORTED or s.resource[q] != Resource.COMMITTED


@witness("committed")
def somebody_commits(s: Transaction, c: Settings, r: ResourceManager) -> bool:
    """The transaction can commit."""
    return s.resource[r] == Resource.COMMITTED


SPECIFICATION = Specification.of_module("two-phase commit with a backup", Transaction, Settings, __name__,
                                        ResourceManager=3, TransactionManager=2)
