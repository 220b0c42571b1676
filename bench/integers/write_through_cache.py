"""`examples/write_through_cache.py` without unions, records and sequences: a datum is three cells, an entry of the queue four."""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, IndexSet, Maybe, Member, OneOf, Range, Scope, Signal, Specification, State, Table, action,
                            constant, initial, invariant, table, transition, variable, witness)


class Processor(IndexSet, letter="p", symmetric=True):
    """A processor with a cache (Proc)."""


class Address(IndexSet, letter="a", symmetric=True):
    """A cell of the memory (Adr)."""


class Value(IndexSet, letter="v", symmetric=True):
    """What a cell contains (Val)."""


class Place(IndexSet, letter="#", size=lambda n: n["places"]):
    """A place in the queue; the head is at the first."""


class Contents(IndexSet, letter="X", first=0, size=lambda n: n["Value"] ** n["Address"]):
    """What the memory may contain, to choose initial states by."""


class Control(IntEnum):
    """What a processor does (ctl)."""

    READY = 0
    BUSY = 1
    WAITING = 2
    DONE = 3


class Kind(IntEnum):
    """What a datum is: nothing but perhaps a value, or a request."""

    VALUE = 0
    READ = 1
    WRITE = 2


class Memory(State):
    """The memory, its interface, and the caches."""

    said_by: int = variable(Member(Processor), "who sent or was sent the last datum at the interface (memInt[1])")
    said_kind: int = variable(OneOf(Kind), "which was that (memInt[2].op)")
    said_address: int = variable(Member(Address), "its address (memInt[2].adr)")
    said_value: int = variable(Maybe(Value), "its value (memInt[2].val)")
    memory: Table = table(Address, of=Member(Value), meaning="the memory (wmem)")
    control: Table = table(Processor, of=OneOf(Control), meaning="what each processor does (ctl)")
    kind: Table = table(Processor, of=OneOf(Kind), meaning="its request, or what came of it (buf.op)")
    address: Table = table(Processor, of=Member(Address), meaning="the address of that (buf.adr)")
    value: Table = table(Processor, of=Maybe(Value), meaning="the value of that (buf.val)")
    cache: Table = table(Processor, Address, of=Maybe(Value), meaning="what it has cached")
    queue_processor: Table = table(Place, of=Maybe(Processor), meaning="who requests (memQ[1])")
    queue_kind: Table = table(Place, of=OneOf(Kind), meaning="what (memQ[2].op)")
    queue_address: Table = table(Place, of=Member(Address), meaning="at which address (memQ[2].adr)")
    queue_value: Table = table(Place, of=Maybe(Value), meaning="the value to write (memQ[2].val)")


class Settings(Scope):
    """How long the queue is."""

    places: int = constant(Range(1, 9), default=1, meaning="so many requests wait for the memory at most (QLen)")


# --- the write-through cache ------------------------------------------------------------------------


def full(s: Memory, c: Settings) -> bool:
    """Has the queue no place for another request?"""
    return s.queue_kind[c.size(Place) - 1] != Kind.VALUE


def enqueue(s: Memory, c: Settings, p: int) -> None:
    """Append the processor's request to the queue (Append)."""
    tail = next(i for i in c.each(Place) if s.queue_kind[i] == Kind.VALUE)
    s.queue_processor[tail] = p
    s.queue_kind[tail] = s.kind[p]
    s.queue_address[tail] = s.address[p]
    s.queue_value[tail] = s.value[p]


def dequeue(s: Memory, c: Settings) -> None:
    """Take the head out of the queue (Tail)."""
    for i in range(c.size(Place) - 1):
        s.queue_processor[i] = s.queue_processor[i + 1]
        s.queue_kind[i] = s.queue_kind[i + 1]
        s.queue_address[i] = s.queue_address[i + 1]
        s.queue_value[i] = s.queue_value[i + 1]
    last = c.size(Place) - 1
    s.queue_processor[last] = -1
    s.queue_kind[last] = Kind.VALUE
    s.queue_address[last] = 0
    s.queue_value[last] = -1


def has_value(s: Memory, p: int, v: int) -> None:
    """The processor's datum becomes a value, or none (NoVal)."""
    s.kind[p] = Kind.VALUE
    s.address[p] = 0
    s.value[p] = v


def virtual(s: Memory, c: Settings, a: int) -> int:
    """What the memory will contain at an address when the queue is empty (vmem)."""
    found = s.memory[a]
    for i in c.each(Place):
        if s.queue_kind[i] == Kind.WRITE and s.queue_address[i] == a:
            found = s.queue_value[i]
    return found


@initial
def any_memory(s: Memory, c: Settings, contents: Contents) -> Signal:
    """Init: the memory contains anything, the caches and the queue nothing."""
    left = 1 * contents
    for a in c.each(Address):
        s.memory[a] = left % c.size(Value)
        left = left // c.size(Value)
    return DONE


def say(s: Memory, p: int) -> None:
    """A processor's datum is sent to it, or by it."""
    s.said_by = p
    s.said_kind = s.kind[p]
    s.said_address = s.address[p]
    s.said_value = s.value[p]


@action
def request_read(s: Memory, c: Settings, p: Processor, a: Address) -> Signal:
    """Req: a processor shall read."""
    if s.control[p] != Control.READY:
        return WAIT
    s.kind[p] = Kind.READ
    s.address[p] = a
    s.value[p] = -1
    say(s, p)
    s.control[p] = Control.BUSY
    return DONE


@action
def request_write(s: Memory, c: Settings, p: Processor, a: Address, v: Value) -> Signal:
    """Req: a processor shall write."""
    if s.control[p] != Control.READY:
        return WAIT
    s.kind[p] = Kind.WRITE
    s.address[p] = a
    s.value[p] = v
    say(s, p)
    s.control[p] = Control.BUSY
    return DONE


@action
def respond(s: Memory, c: Settings, p: Processor) -> Signal:
    """Rsp: a processor that is done responds."""
    if s.control[p] != Control.DONE:
        return WAIT
    say(s, p)
    s.control[p] = Control.READY
    return DONE


@action
def read_miss(s: Memory, c: Settings, p: Processor) -> Signal:
    """RdMiss: what shall be read is not cached, and is requested from the memory."""
    if s.control[p] != Control.BUSY or s.kind[p] != Kind.READ or s.cache[p, s.address[p]] >= 0 or full(s, c):
        return WAIT
    enqueue(s, c, p)
    s.control[p] = Control.WAITING
    return DONE


@action
def do_read(s: Memory, c: Settings, p: Processor) -> Signal:
    """DoRd: what shall be read is cached."""
    if s.control[p] not in (Control.BUSY, Control.WAITING) or s.kind[p] != Kind.READ or s.cache[p, s.address[p]] < 0:
        return WAIT
    has_value(s, p, s.cache[p, s.address[p]])
    s.control[p] = Control.DONE
    return DONE


@action
def do_write(s: Memory, c: Settings, p: Processor) -> Signal:
    """DoWr: a value is written to the own cache, to others that have the address, and to the queue."""
    if s.control[p] != Control.BUSY or s.kind[p] != Kind.WRITE or full(s, c):
        return WAIT
    for q in c.each(Processor):
        if q == p or s.cache[q, s.address[p]] >= 0:
            s.cache[q, s.address[p]] = s.value[p]
    enqueue(s, c, p)
    has_value(s, p, -1)
    s.control[p] = Control.DONE
    return DONE


@action
def memory_writes(s: Memory, c: Settings) -> Signal:
    """MemQWr: the memory carries out a write."""
    if s.queue_kind[0] != Kind.WRITE:
        return WAIT
    s.memory[s.queue_address[0]] = s.queue_value[0]
    dequeue(s, c)
    return DONE


@action
def memory_reads(s: Memory, c: Settings) -> Signal:
    """MemQRd: the memory carries out a read; it answers with what it will contain."""
    if s.queue_kind[0] != Kind.READ:
        return WAIT
    s.cache[s.queue_processor[0], s.queue_address[0]] = virtual(s, c, s.queue_address[0])
    dequeue(s, c)
    return DONE


@action
def evict(s: Memory, c: Settings, p: Processor, a: Address) -> Signal:
    """Evict: a cache forgets an address that its processor does not wait for."""
    if s.control[p] == Control.WAITING and s.address[p] == a:
        return WAIT
    s.cache[p, a] = -1
    return DONE


@invariant("coherence", "incoherent caches")
def caches_agree(s: Memory, c: Settings, p: Processor, q: Processor, a: Address) -> bool:
    """Coherence: two caches that have an address have the same value."""
    return s.cache[p, a] < 0 or s.cache[q, a] < 0 or s.cache[p, a] == s.cache[q, a]


@invariant("type", "misplaced datum")
def requests_are_where_they_belong(s: Memory, c: Settings, p: Processor, i: Place) -> bool:
    """TypeInvariant, as far as domains do not say it: who is busy or waits has a request; the queue has requests, and no gap."""
    return ((s.control[p] in (Control.BUSY, Control.WAITING)) <= (s.kind[p] != Kind.VALUE)
            and (s.queue_processor[i] >= 0) == (s.queue_kind[i] != Kind.VALUE)
            and (i == 0 or s.queue_kind[i] == Kind.VALUE or s.queue_kind[i - 1] != Kind.VALUE))


# --- the memory that it implements: omem is virtual(…), octl is told(…), obuf is the datum ----------


def told(s: Memory, p: int) -> int:
    """What the processor does, as InternalMemory sees it: who waits is busy (octl)."""
    return Control.BUSY if s.control[p] == Control.WAITING else s.control[p]


def memory_stays(before: Memory, after: Memory, c: Settings) -> bool:
    """Does the memory seen through the queue stay as it is?"""
    return all(virtual(before, c, a) == virtual(after, c, a) for a in c.each(Address))


def interface_stays(before: Memory, after: Memory) -> bool:
    """Is nothing said at the interface?"""
    return (before.said_by == after.said_by and before.said_kind == after.said_kind
            and before.said_address == after.said_address and before.said_value == after.said_value)


def datum_stays(before: Memory, after: Memory, q: int) -> bool:
    """Is the processor's datum what it was?"""
    return before.kind[q] == after.kind[q] and before.address[q] == after.address[q] and before.value[q] == after.value[q]


def says(after: Memory, p: int) -> bool:
    """Was the processor's datum said at the interface?"""
    return (after.said_by == p and after.said_kind == after.kind[p] and after.said_address == after.address[p]
            and after.said_value == after.value[p])


def processor_stays(before: Memory, after: Memory, q: int) -> bool:
    """Does a processor neither go on nor get a datum?"""
    return told(before, q) == told(after, q) and datum_stays(before, after, q)


def requests(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Req: the processor is sent a request."""
    return (told(before, p) == Control.READY and told(after, p) == Control.BUSY and memory_stays(before, after, c)
            and after.kind[p] != Kind.VALUE and says(after, p))


def does(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Do: the processor reads or writes the memory."""
    if told(before, p) != Control.BUSY or told(after, p) != Control.DONE or not interface_stays(before, after):
        return False
    if after.kind[p] != Kind.VALUE or after.address[p] != 0:
        return False
    if before.kind[p] == Kind.READ:
        return memory_stays(before, after, c) and after.value[p] == virtual(before, c, before.address[p])
    return after.value[p] == -1 and all(
        virtual(after, c, a) == (before.value[p] if a == before.address[p] else virtual(before, c, a)) for a in c.each(Address))


def responds(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Rsp: the processor responds with its datum."""
    return (told(before, p) == Control.DONE and told(after, p) == Control.READY and memory_stays(before, after, c)
            and datum_stays(before, after, p) and says(after, p))


@transition("implements", "no memory", steps=[request_read, request_write, respond, read_miss, do_read, do_write,
                                              memory_writes, memory_reads, evict])
def it_implements_a_memory(before: Memory, after: Memory, c: Settings) -> bool:
    """ISpec of InternalMemory: a step is one of a single processor there, or changes nothing that is seen there."""
    if all(processor_stays(before, after, q) for q in c.each(Processor)):
        return memory_stays(before, after, c) and interface_stays(before, after)
    return any(requests(before, after, c, p) or does(before, after, c, p) or responds(before, after, c, p)
               for p in c.each(Processor) if all(q == p or processor_stays(before, after, q) for q in c.each(Processor)))


@witness("waiting")
def a_read_waits_while_a_write_is_under_way(s: Memory, c: Settings, p: Processor) -> bool:
    """A processor waits for an address while a write is in the queue."""
    return s.control[p] == Control.WAITING and s.queue_kind[0] == Kind.WRITE


SPECIFICATION = Specification.of_module("write-through cache", Memory, Settings, __name__, Processor=2, Address=1, Value=2)
