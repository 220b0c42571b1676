"""An allocator of resources: clients ask by message for sets of resources, and get them in parts, by a schedule.

After `AllocatorImplementation` of the TLA+ examples (Stephan Merz, github.com/tlaplus/Examples).  Published counts, distinct
(generated) states: 17,701 (64,414) for three clients and two resources.  That it implements `SchedulingAllocator` is a
property of each step; that clients obtain what they ask for, and return it, is not asked here.
"""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, BagOf, IndexSet, Member, Range, Scope, Sequence, SequenceOf, SetOf, Signal, Specification, State,
                            Table, TableOf, action, invariant, table, transition, variable, witness)


class Client(IndexSet, letter="c"):
    """Who needs resources."""


class Resource(IndexSet, letter="r", symmetric=True):
    """What is allocated."""


Schedule = SequenceOf(Member(Client), lambda n: n["Client"])
Messages = BagOf(SetOf(Resource), 1)


class System(State):
    """The allocator, the clients, and the network between them."""

    unsatisfied: Table = table(Client, of=SetOf(Resource), meaning="requests that the allocator knows (unsat)")
    allocated: Table = table(Client, of=SetOf(Resource), meaning="what is allocated to the client (alloc)")
    schedule: Sequence = variable(Schedule, "who is served, in order (sched)")
    requested: Table = table(Client, of=SetOf(Resource), meaning="what the client waits for (requests)")
    held: Table = table(Client, of=SetOf(Resource), meaning="what the client holds (holding)")
    asking: Table = table(Client, of=Messages, meaning="requests in transit, each a set of resources (network)")
    granting: Table = table(Client, of=Messages, meaning="allocations in transit")
    returning: Table = table(Client, of=Messages, meaning="resources in transit that the client returns")


class Settings(Scope):
    """No switches."""


@action
def request(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """Request: a client that neither waits for resources nor holds any asks for some."""
    if len(s.requested[who] | s.held[who]) > 0 or len(what) == 0:
        return WAIT
    s.requested[who] = what
    s.asking[who] = s.asking[who].with_(what)
    return DONE


@action
def receive_request(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """RReq: the allocator receives a request, once the client has returned everything."""
    if what not in s.asking[who] or len(s.allocated[who]) > 0:
        return WAIT
    s.unsatisfied[who] = what
    s.asking[who] = s.asking[who].without(what)
    return DONE


def free(s: System, c: Settings, what: SetOf(Resource)) -> bool:
    """Is nothing of it allocated (available)?"""
    return all(len(s.allocated[q] & what) == 0 for q in c.each(Client))


def its_turn(s: System, who: int, what: SetOf(Resource)) -> bool:
    """Is the client scheduled, and does nobody before it want anything of this?"""
    for q in s.schedule:
        if q == who:
            return True
        if len(s.unsatisfied[q] & what) > 0:
            return False
    return False


@action
def allocate(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """Allocate: free resources go to a client that wants them, and before which nobody in the schedule does."""
    if len(what) == 0 or not what <= s.unsatisfied[who] or not free(s, c, what) or not its_turn(s, who, what):
        return WAIT
    if what == s.unsatisfied[who]:
        s.schedule = c.sequence(Schedule, (q for q in s.schedule if q != who))
    s.allocated[who] = s.allocated[who] | what
    s.unsatisfied[who] = s.unsatisfied[who] - what
    s.granting[who] = s.granting[who].with_(what)
    return DONE


@action
def receive_allocation(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """RAlloc: a client receives resources."""
    if what not in s.granting[who]:
        return WAIT
    s.held[who] = s.held[who] | what
    s.requested[who] = s.requested[who] - what
    s.granting[who] = s.granting[who].without(what)
    return DONE


@action
def give_back(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """Return: a client returns some of what it holds."""
    if len(what) == 0 or not what <= s.held[who]:
        return WAIT
    s.held[who] = s.held[who] - what
    s.returning[who] = s.returning[who].with_(what)
    return DONE


@action
def receive_return(s: System, c: Settings, who: Client, what: SetOf(Resource)) -> Signal:
    """RRet: the allocator receives resources."""
    if what not in s.returning[who]:
        return WAIT
    s.allocated[who] = s.allocated[who] - what
    s.returning[who] = s.returning[who].without(what)
    return DONE


@action
def extend_schedule(s: System, c: Settings, place: TableOf(Client, of=Range(0, lambda n: n["Client"] - 1))) -> Signal:
    """Schedule: those who have requests and are not scheduled are (toSchedule), in any order; the others have no place."""
    new = c.subset(Client, (q for q in c.each(Client) if len(s.unsatisfied[q]) > 0 and q not in s.schedule))
    in_order = all(place[q] < len(new) and all(place[p] != place[q] for p in new if p < q) for q in new)
    if len(new) == 0 or not in_order or any(place[q] > 0 for q in c.each(Client) if q not in new):
        return WAIT
    for i in range(len(new)):
        s.schedule = s.schedule.append(next(q for q in new if place[q] == i))
    return DONE


# --- what must hold ---------------------------------------------------------------------------------


@invariant("mutex", "shared resource", distinct=True)
def resources_are_held_by_one(s: System, c: Settings, p: Client, q: Client) -> bool:
    """ResourceMutex: no two clients hold the same resource."""
    return len(s.held[p] & s.held[q]) == 0


def about(c: Settings, messages: Messages) -> SetOf(Resource):
    """All resources that messages are about (UNION RequestsInTransit …)."""
    return c.subset(Resource, (r for what in messages for r in what))


@invariant("views", "the views differ")
def what_differs_is_in_transit(s: System, c: Settings, who: Client) -> bool:
    """Invariant, of the clients: what the allocator and a client know differs by messages in transit, one request at most."""
    granted = about(c, s.granting[who])
    return (len(s.asking[who]) <= 1
            and s.requested[who] == s.unsatisfied[who] | about(c, s.asking[who]) | granted
            and s.allocated[who] == s.held[who] | granted | about(c, s.returning[who]))


@invariant("wanted", "idle client scheduled")
def who_is_scheduled_wants_something(s: System, c: Settings) -> bool:
    """AllocatorInvariant: all clients in the schedule have requests."""
    return all(len(s.unsatisfied[q]) > 0 for q in s.schedule)


@invariant("order", "overtaken client")
def nobody_has_what_an_earlier_one_wants(s: System, c: Settings) -> bool:
    """AllocatorInvariant: no scheduled client holds what one before it wants."""
    return all(len(s.allocated[s.schedule[i]] & s.unsatisfied[s.schedule[j]]) == 0 for i in range(len(s.schedule)) for j in range(i))


@invariant("satisfiable", "unsatisfiable request")
def everybody_can_be_satisfied(s: System, c: Settings, r: Resource) -> bool:
    """AllocatorInvariant: what a scheduled client wants is free, or with unscheduled ones, or before it (PrevResources)."""
    first = next((q for q in s.schedule if r in s.unsatisfied[q] | s.allocated[q]), -1)
    if first < 0 or r not in s.unsatisfied[first] or free(s, c, c.subset(Resource, r)):
        return True
    return any(r in s.allocated[q] and q not in s.schedule for q in c.each(Client))


@transition("implements", "no such step", steps=[request, receive_request, allocate, receive_allocation, give_back,
                                                 receive_return, extend_schedule])
def it_implements_a_scheduling_allocator(before: System, after: System, c: Settings, p: Client) -> bool:
    """SchedAllocator, as far as Allocate and Schedule are not its own steps here: what becomes of a client is a step there."""
    got = after.allocated[p] - before.allocated[p]
    if before.unsatisfied[p] == after.unsatisfied[p]:
        return len(got) == 0
    if len(got) == 0:
        return len(before.unsatisfied[p] | before.allocated[p] | after.allocated[p]) == 0
    return (free(before, c, got) and after.allocated[p] == before.allocated[p] | got
            and got <= before.unsatisfied[p] and after.unsatisfied[p] == before.unsatisfied[p] - got)


@witness("partly")
def somebody_holds_a_part(s: System, c: Settings, p: Client) -> bool:
    """A client can hold a part of what it has asked for, and wait for the rest."""
    return len(s.held[p]) > 0 and len(s.unsatisfied[p]) > 0


SPECIFICATION = Specification.of_module("resource allocator", System, Settings, __name__, Client=3, Resource=2)
