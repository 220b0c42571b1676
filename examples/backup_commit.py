"""Two-phase commit with a backup: a second transaction manager decides when the first one has failed.

After `2PCwithBTM` of the TLA+ examples (Murat Demirbas, after Gray and Lamport; github.com/tlaplus/Examples), with both
kinds of failure, as in its configuration.  Both transaction managers are processes of one kind, with the same boxes; F1 and
F2, which do the same, are one box.  Published counts, distinct (generated) states: 1,245 (5,841); TLC generates a successor
for each way in which `canCommit`, `canAbort` and the guard of aborting are true, here there is one, which makes 4,851.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import WAIT, Next, OneOf, Process, Scope, Specification, State, invariant, local, step, variable, witness


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
    """What all managers see."""

    decision: int = variable(OneOf(Decision), "what a transaction manager has decided, unless it has failed (tmState)")


class Settings(Scope):
    """No switches."""


class Manager(Process):
    """Each does its part and ends."""


class ResourceManager(Manager, letter="R"):
    """Those that must agree (RManager)."""

    state: int = local(OneOf(Resource), "how far it is (rmState)")


class TransactionManager(Manager, letter="TM"):
    """TM1 decides and fails (TManager); TM2 is the backup (BTManager)."""


@step(ResourceManager, "RS", "")
def work(s: Transaction, c: Settings, r: ResourceManager, then: OneOf(Resource)) -> Next:
    """RS: prepare, decide or fail, until that is done: what is it then?"""
    if r.state not in (Resource.WORKING, Resource.PREPARED):
        return done if then == r.state else WAIT
    prepares = then == Resource.PREPARED and r.state == Resource.WORKING
    commits = then == Resource.COMMITTED and s.decision == Decision.COMMIT
    aborts = then == Resource.ABORTED and (r.state == Resource.WORKING or s.decision == Decision.ABORT)
    if not (prepares or commits or aborts or then == Resource.FAILED):
        return WAIT
    if then != Resource.FAILED or not anybody(s, Resource.FAILED):  # one of them fails at most
        r.state = then
    return work


def anybody(s: Transaction, state: int) -> bool:
    """Is a resource manager in this state?"""
    return any(r.state == state for r in s.all(ResourceManager))


@step(TransactionManager, "TS", "")
def decide(s: Transaction, c: Settings, t: TransactionManager) -> Next:
    """TS, BTS: commit if all are prepared or somebody has committed; abort if somebody has aborted or failed."""
    if t.id == 1 and s.decision != Decision.HIDDEN:
        return WAIT
    if anybody(s, Resource.COMMITTED) or all(r.state == Resource.PREPARED for r in s.all(ResourceManager)):
        return decide_to_commit
    return decide_to_abort if anybody(s, Resource.ABORTED) or anybody(s, Resource.FAILED) else WAIT


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


@step(Manager, "Done", "", rest=True)
def done(s: Transaction, c: Settings, m: Manager) -> Next:
    """Terminating: when all have ended, nothing happens any more, which is one step for all."""
    ended = all(r.at(done) for r in s.all(ResourceManager)) and all(t.at(done) for t in s.all(TransactionManager))
    return done if ended and m.number == 1 else WAIT


@invariant("consistency", "split decision")
def never_both(s: Transaction, c: Settings) -> bool:
    """Consistency: no resource manager has committed while another has aborted."""
    return not (anybody(s, Resource.COMMITTED) and anybody(s, Resource.ABORTED))


@witness("committed")
def somebody_commits(s: Transaction, c: Settings) -> bool:
    """The transaction can commit."""
    return anybody(s, Resource.COMMITTED)


SPECIFICATION = Specification.of_module("two-phase commit with a backup", Transaction, Settings, __name__,
                                        ResourceManager=3, TransactionManager=2)
