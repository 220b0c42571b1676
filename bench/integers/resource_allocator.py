"""`examples/resource_allocator.py` without sets and sequences: masks, and a table of places.

After `AllocatorImplementation` of the TLA+ examples (Stephan Merz, github.com/tlaplus/Examples).  Published counts, distinct
(generated) states: 17,701 (64,414) for three clients and two resources.  That it implements `SchedulingAllocator` is a
property of each step; that clients obtain what they ask for, and return it, is not asked here.
"""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, IndexSet, Mask, Maybe, Scope, Signal, Specification, State, Table, action, count, has,
                            invariant, table, transition, with_bit, without, without_bit, witness)

REQUEST = 0
ALLOCATE = 1
RETURN = 2


class Client(IndexSet, letter="c"):
    """Who needs resources."""


class Resource(IndexSet, letter="r", symmetric=True):
    """What is allocated."""


class Resources(IndexSet, letter="X", first=0, size=lambda n: 1 << n["Resource"]):
    """A set of resources; bit i is resource i."""


class Kind(IndexSet, letter="K", first=0, size=lambda n: 3):
    """A kind of message: REQUEST, ALLOCATE or RETURN."""


class Place(IndexSet, letter="#", size=lambda n: n["Client"]):
    """A place in the schedule."""


class Order(IndexSet, letter="O", first=0, size=lambda n: n["Client"] ** n["Client"]):
    """An order of clients: a digit for each, how many of those that are left come before it."""


class System(State):
    """The allocator, the clients, and the network between them."""

    unsatisfied: Table = table(Client, of=Mask(Resource), meaning="requests that the allocator knows (unsat)")
    allocated: Table = table(Client, of=Mask(Resource), meaning="what is allocated to the client (alloc)")
    schedule: Table = table(Place, of=Maybe(Client), meaning="who is served, in order (sched)")
    requested: Table = table(Client, of=Mask(Resource), meaning="what the client waits for (requests)")
    held: Table = table(Client, of=Mask(Resource), meaning="what the client holds (holding)")
    network: Table = table(Kind, Client, of=Mask(Resources), meaning="the sets of resources that messages in transit are about")


class Settings(Scope):
    """No switches."""


def send(s: System, kind: int, who: int, what: int) -> None:
    """Put a message into the network."""
    s.network[kind, who] = with_bit(s.network[kind, who], what)


@action
def request(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """Request: a client that neither waits for resources nor holds any asks for some."""
    if s.requested[who] or s.held[who] or what == 0:
        return WAIT
    s.requested[who] = what
    send(s, REQUEST, who, what)
    return DONE


@action
def receive_request(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """RReq: the allocator receives a request, once the client has returned everything."""
    if not has(s.network[REQUEST, who], what) or s.allocated[who]:
        return WAIT
    s.unsatisfied[who] = what
    s.network[REQUEST, who] = without_bit(s.network[REQUEST, who], what)
    return DONE


def free(s: System, c: Settings, what: int) -> bool:
    """Is nothing of it allocated (available)?"""
    return all(s.allocated[q] & what == 0 for q in c.each(Client))


def its_turn(s: System, c: Settings, who: int, what: int) -> bool:
    """Is the client scheduled, and does nobody before it want anything of this?"""
    return any(s.schedule[i] == who and all(s.unsatisfied[s.schedule[j]] & what == 0 for j in c.each(Place) if j < i)
               for i in c.each(Place))


def drop(s: System, c: Settings, who: int) -> None:
    """Take the client out of the schedule (Drop)."""
    at = next(i for i in c.each(Place) if s.schedule[i] == who)
    for i in range(at, c.size(Place) - 1):
        s.schedule[i] = s.schedule[i + 1]
    s.schedule[c.size(Place) - 1] = -1


@action
def allocate(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """Allocate: free resources go to a client that wants them, and before which nobody in the schedule does."""
    if what == 0 or without(what, s.unsatisfied[who]) or not free(s, c, what) or not its_turn(s, c, who, what):
        return WAIT
    if s.unsatisfied[who] == what:
        drop(s, c, who)
    s.allocated[who] |= what
    s.unsatisfied[who] = without(s.unsatisfied[who], what)
    send(s, ALLOCATE, who, what)
    return DONE


@action
def receive_allocation(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """RAlloc: a client receives resources."""
    if not has(s.network[ALLOCATE, who], what):
        return WAIT
    s.held[who] |= what
    s.requested[who] = without(s.requested[who], what)
    s.network[ALLOCATE, who] = without_bit(s.network[ALLOCATE, who], what)
    return DONE


@action
def give_back(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """Return: a client returns some of what it holds."""
    if what == 0 or without(what, s.held[who]):
        return WAIT
    s.held[who] = without(s.held[who], what)
    send(s, RETURN, who, what)
    return DONE


@action
def receive_return(s: System, c: Settings, who: Client, what: Resources) -> Signal:
    """RRet: the allocator receives resources."""
    if not has(s.network[RETURN, who], what):
        return WAIT
    s.allocated[who] = without(s.allocated[who], what)
    s.network[RETURN, who] = without_bit(s.network[RETURN, who], what)
    return DONE


def scheduled(s: System, c: Settings, who: int) -> bool:
    """Is the client in the schedule?"""
    return any(s.schedule[i] == who for i in c.each(Place))


def to_schedule(s: System, c: Settings, who: int) -> bool:
    """Has the client requests, and is it not scheduled (toSchedule)?"""
    return s.unsatisfied[who] != 0 and not scheduled(s, c, who)


def nth(c: Settings, clients: int, n: int) -> int:
    """The member of a set of clients that comes after n others."""
    return next(q for q in c.each(Client) if has(clients, q) and count(clients & ((1 << q) - 1)) == n)


@action
def extend_schedule(s: System, c: Settings, order: Order) -> Signal:
    """Schedule: those who are to be scheduled are, in any order."""
    left = sum(1 << q for q in c.each(Client) if to_schedule(s, c, q))
    tail = sum(1 for i in c.each(Place) if s.schedule[i] >= 0)
    number = 1 * order
    for k in range(count(left)):
        if number % c.size(Client) >= count(left) - k:
            return WAIT
        number = number // c.size(Client)
    if left == 0 or number != 0:
        return WAIT
    number = 1 * order
    for i in c.each(Place):
        if i >= tail and left != 0:
            s.schedule[i] = nth(c, left, number % c.size(Client))
            number = number // c.size(Client)
            left = without_bit(left, s.schedule[i])
    return DONE


# --- what must hold ---------------------------------------------------------------------------------


@invariant("mutex", "shared resource")
def resources_are_held_by_one(s: System, c: Settings, p: Client, q: Client) -> bool:
    """ResourceMutex: no two clients hold the same resource."""
    return p == q or s.held[p] & s.held[q] == 0


def in_transit(s: System, c: Settings, kind: int, who: int) -> int:
    """All resources that messages of a kind are about (UNION RequestsInTransit …)."""
    found = 0
    for what in c.each(Resources):
        if has(s.network[kind, who], what):
            found = found | what
    return found


@invariant("views", "the views differ")
def what_differs_is_in_transit(s: System, c: Settings, who: Client) -> bool:
    """Invariant, of the clients: what the allocator and a client know differs by messages in transit, one request at most."""
    granted = in_transit(s, c, ALLOCATE, who)
    return (count(s.network[REQUEST, who]) <= 1
            and s.requested[who] == s.unsatisfied[who] | in_transit(s, c, REQUEST, who) | granted
            and s.allocated[who] == s.held[who] | granted | in_transit(s, c, RETURN, who))


@invariant("wanted", "idle client scheduled")
def who_is_scheduled_wants_something(s: System, c: Settings, i: Place) -> bool:
    """AllocatorInvariant: all clients in the schedule have requests."""
    return s.schedule[i] < 0 or s.unsatisfied[s.schedule[i]] != 0


@invariant("order", "overtaken client")
def nobody_has_what_an_earlier_one_wants(s: System, c: Settings, i: Place, j: Place) -> bool:
    """AllocatorInvariant: no scheduled client holds what one before it wants."""
    return j >= i or s.schedule[i] < 0 or s.allocated[s.schedule[i]] & s.unsatisfied[s.schedule[j]] == 0


@invariant("satisfiable", "unsatisfiable request")
def everybody_can_be_satisfied(s: System, c: Settings, i: Place, r: Resource) -> bool:
    """AllocatorInvariant: what a scheduled client wants is free, or with unscheduled ones, or before it (PrevResources)."""
    if s.schedule[i] < 0 or not has(s.unsatisfied[s.schedule[i]], r) or free(s, c, 1 << r):
        return True
    return (any(has(s.unsatisfied[s.schedule[j]] | s.allocated[s.schedule[j]], r) for j in c.each(Place) if j < i)
            or any(has(s.allocated[q], r) and not scheduled(s, c, q) for q in c.each(Client)))


@transition("implements", "no such step", steps=[request, receive_request, allocate, receive_allocation, give_back,
                                                 receive_return, extend_schedule])
def it_implements_a_scheduling_allocator(before: System, after: System, c: Settings, p: Client) -> bool:
    """SchedAllocator, as far as Allocate and Schedule are not its own steps here: what becomes of a client is a step there."""
    got = without(after.allocated[p], before.allocated[p])
    if before.unsatisfied[p] == after.unsatisfied[p]:
        return got == 0
    if got == 0:
        return before.unsatisfied[p] == 0 and before.allocated[p] == 0 and after.allocated[p] == 0
    return (free(before, c, got) and after.allocated[p] == before.allocated[p] | got
            and without(got, before.unsatisfied[p]) == 0 and after.unsatisfied[p] == without(before.unsatisfied[p], got))


@witness("partly")
def somebody_holds_a_part(s: System, c: Settings, p: Client) -> bool:
    """A client can hold a part of what it has asked for, and wait for the rest."""
    return s.held[p] != 0 and s.unsatisfied[p] != 0


SPECIFICATION = Specification.of_module("resource allocator", System, Settings, __name__, Client=3, Resource=2)
