"""A write-through cache: processors read and write a memory through caches of their own and a queue to the memory.

After `WriteThroughCache` of "Specifying Systems" (Leslie Lamport, 2002, chapter 5; github.com/tlaplus/Examples) with the
configuration of `MCWriteThroughCache`.  Published counts, distinct (generated) states: 5,196 (28,170) for two processors,
one address, two values and a queue of one.  That it implements `InternalMemory` is a property of each step.
"""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, IndexSet, Maybe, Member, OneOf, Range, Record, RecordOf, Scope, Sequence, SequenceOf, Signal,
                            Specification, State, Table, TableOf, TaggedUnion, UnionOf, action, constant, field, initial, invariant,
                            table, transition, variable, witness)


class Processor(IndexSet, letter="p", symmetric=True):
    """A processor with a cache (Proc)."""


class Address(IndexSet, letter="a", symmetric=True):
    """A cell of the memory (Adr)."""


class Value(IndexSet, letter="v", symmetric=True):
    """What a cell contains (Val)."""


class Control(IntEnum):
    """What a processor does (ctl)."""

    READY = 0
    BUSY = 1
    WAITING = 2
    DONE = 3


class Datum(TaggedUnion):
    """What is said at the interface, or kept by a processor."""


class Answer(Datum):
    """No request."""

    value: int = field(Maybe(Value), "a value, or none (NoVal)")


class Read(Datum):
    """A request to read (MReq)."""

    address: int = field(Member(Address), "what is read (adr)")


class Write(Datum):
    """A request to write (MReq)."""

    address: int = field(Member(Address), "what is written (adr)")
    new: int = field(Member(Value), "the value (val)")


class Entry(Record):
    """What is in the queue."""

    processor: int = field(Member(Processor), "who requests")
    request: Datum = field(UnionOf(Datum), "what")


class Settings(Scope):
    """How long the queue may be."""

    places: int = constant(Range(1, 9), default=1, meaning="so many requests are in the queue at most (QLen)")


Queue = SequenceOf(RecordOf(Entry), lambda n: n["places"])


class Memory(State):
    """The memory, its interface, and the caches."""

    said_by: int = variable(Member(Processor), "who sent or was sent the last datum at the interface (memInt[1])")
    said: Datum = variable(UnionOf(Datum), "which was that (memInt[2])")
    memory: Table = table(Address, of=Member(Value), meaning="the memory (wmem)")
    control: Table = table(Processor, of=OneOf(Control), meaning="what each processor does (ctl)")
    datum: Table = table(Processor, of=UnionOf(Datum), meaning="its request, or what came of it (buf)")
    cache: Table = table(Processor, Address, of=Maybe(Value), meaning="what it has cached")
    queue: Sequence = variable(Queue, "requests for the memory (memQ)")


# --- the write-through cache ------------------------------------------------------------------------


def virtual(s: Memory, c: Settings, a: int) -> int:
    """What the memory will contain at an address when the queue is empty (vmem)."""
    found = s.memory[a]
    for entry in s.queue:
        request = entry.request
        if isinstance(request, Write) and request.address == a:
            found = request.new
    return found


@initial
def any_memory(s: Memory, c: Settings, contents: TableOf(Address, of=Member(Value))) -> Signal:
    """Init: the memory contains anything, the caches and the queue nothing."""
    s.memory = contents
    return DONE


def request(s: Memory, p: int, wanted: Datum) -> Signal:
    """Req: a processor that is ready is sent a request."""
    if s.control[p] != Control.READY:
        return WAIT
    s.said_by = p
    s.said = wanted
    s.datum[p] = wanted
    s.control[p] = Control.BUSY
    return DONE


@action
def request_read(s: Memory, c: Settings, p: Processor, a: Address) -> Signal:
    """Req: a processor shall read."""
    return request(s, p, Read(address=a))


@action
def request_write(s: Memory, c: Settings, p: Processor, a: Address, v: Value) -> Signal:
    """Req: a processor shall write."""
    return request(s, p, Write(address=a, new=v))


@action
def respond(s: Memory, c: Settings, p: Processor) -> Signal:
    """Rsp: a processor that is done responds."""
    if s.control[p] != Control.DONE:
        return WAIT
    s.said_by = p
    s.said = s.datum[p]
    s.control[p] = Control.READY
    return DONE


@action
def read_miss(s: Memory, c: Settings, p: Processor) -> Signal:
    """RdMiss: what shall be read is not cached, and is requested from the memory."""
    asked = s.datum[p]
    if s.control[p] != Control.BUSY or not isinstance(asked, Read) or s.cache[p, asked.address] >= 0 or s.queue.full:
        return WAIT
    s.queue = s.queue.append(Entry(processor=p, request=asked))
    s.control[p] = Control.WAITING
    return DONE


@action
def do_read(s: Memory, c: Settings, p: Processor) -> Signal:
    """DoRd: what shall be read is cached."""
    asked = s.datum[p]
    if s.control[p] not in (Control.BUSY, Control.WAITING) or not isinstance(asked, Read) or s.cache[p, asked.address] < 0:
        return WAIT
    s.datum[p] = Answer(value=s.cache[p, asked.address])
    s.control[p] = Control.DONE
    return DONE


@action
def do_write(s: Memory, c: Settings, p: Processor) -> Signal:
    """DoWr: a value is written to the own cache, to others that have the address, and to the queue."""
    asked = s.datum[p]
    if s.control[p] != Control.BUSY or not isinstance(asked, Write) or s.queue.full:
        return WAIT
    for q in c.each(Processor):
        if q == p or s.cache[q, asked.address] >= 0:
            s.cache[q, asked.address] = asked.new
    s.queue = s.queue.append(Entry(processor=p, request=asked))
    s.datum[p] = Answer(value=-1)
    s.control[p] = Control.DONE
    return DONE


@action
def memory_writes(s: Memory, c: Settings) -> Signal:
    """MemQWr: the memory carries out a write."""
    if s.queue.empty or not isinstance(s.queue.first.request, Write):
        return WAIT
    request = s.queue.first.request
    s.memory[request.address] = request.new
    s.queue = s.queue.rest
    return DONE


@action
def memory_reads(s: Memory, c: Settings) -> Signal:
    """MemQRd: the memory carries out a read; it answers with what it will contain."""
    if s.queue.empty or not isinstance(s.queue.first.request, Read):
        return WAIT
    head = s.queue.first
    s.cache[head.processor, head.request.address] = virtual(s, c, head.request.address)
    s.queue = s.queue.rest
    return DONE


@action
def evict(s: Memory, c: Settings, p: Processor, a: Address) -> Signal:
    """Evict: a cache forgets an address that its processor does not wait for."""
    if s.control[p] == Control.WAITING and s.datum[p] == Read(address=a):
        return WAIT
    s.cache[p, a] = -1
    return DONE


@invariant("coherence", "incoherent caches", distinct=True)
def caches_agree(s: Memory, c: Settings, p: Processor, q: Processor, a: Address) -> bool:
    """Coherence: two caches that have an address have the same value."""
    return s.cache[p, a] < 0 or s.cache[q, a] < 0 or s.cache[p, a] == s.cache[q, a]


@invariant("type", "misplaced datum")
def requests_are_where_they_belong(s: Memory, c: Settings, p: Processor) -> bool:
    """TypeInvariant, as far as domains do not say it: who is busy or waits has a request, and so has the queue."""
    return ((s.control[p] not in (Control.BUSY, Control.WAITING) or not isinstance(s.datum[p], Answer))
            and all(not isinstance(entry.request, Answer) for entry in s.queue))


# --- the memory that it implements: omem is virtual(…), octl is told(…), obuf is the datum ----------


def told(s: Memory, p: int) -> int:
    """What the processor does, as InternalMemory sees it: who waits is busy (octl)."""
    return Control.BUSY if s.control[p] == Control.WAITING else s.control[p]


def memory_stays(before: Memory, after: Memory, c: Settings) -> bool:
    """Does the memory seen through the queue stay as it is?"""
    return all(virtual(before, c, a) == virtual(after, c, a) for a in c.each(Address))


def interface_stays(before: Memory, after: Memory) -> bool:
    """Is nothing said at the interface?"""
    return before.said_by == after.said_by and before.said == after.said


def processor_stays(before: Memory, after: Memory, q: int) -> bool:
    """Does a processor neither go on nor get a datum?"""
    return told(before, q) == told(after, q) and before.datum[q] == after.datum[q]


def requests(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Req: the processor is sent a request."""
    return (told(before, p) == Control.READY and told(after, p) == Control.BUSY and memory_stays(before, after, c)
            and not isinstance(after.datum[p], Answer) and after.said == after.datum[p] and after.said_by == p)


def does(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Do: the processor reads or writes the memory."""
    asked = before.datum[p]
    if told(before, p) != Control.BUSY or told(after, p) != Control.DONE or not interface_stays(before, after):
        return False
    if isinstance(asked, Read):
        return memory_stays(before, after, c) and after.datum[p] == Answer(value=virtual(before, c, asked.address))
    return after.datum[p] == Answer(value=-1) and all(
        virtual(after, c, a) == (asked.new if a == asked.address else virtual(before, c, a)) for a in c.each(Address))


def responds(before: Memory, after: Memory, c: Settings, p: int) -> bool:
    """InternalMemory!Rsp: the processor responds with its datum."""
    return (told(before, p) == Control.DONE and told(after, p) == Control.READY and memory_stays(before, after, c)
            and after.datum[p] == before.datum[p] and after.said == before.datum[p] and after.said_by == p)


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
    return s.control[p] == Control.WAITING and any(isinstance(entry.request, Write) for entry in s.queue)


SPECIFICATION = Specification.of_module("write-through cache", Memory, Settings, __name__, Processor=2, Address=1, Value=2)
