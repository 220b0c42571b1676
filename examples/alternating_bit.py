"""The alternating bit protocol: a value gets across two channels that lose messages.

After `AB` of Leslie Lamport's TLA+ video course (the protocol is Bartlett, Scantlebury and Wilkinson's,
CACM 12(5), 1969).  There the channels are sequences bounded by a state constraint; here a full channel
takes no message, which gives the same states.  A message is a record of a value and a bit, as there.  No count is
published for bounded channels; the ones pinned by the tests come from both readings.
"""

from __future__ import annotations

from snapproof.spec import (
    DONE,
    WAIT,
    Flag,
    IndexSet,
    Maybe,
    Member,
    Range,
    Record,
    RecordOf,
    Scope,
    Signal,
    Specification,
    State,
    action,
    field,
    initial,
    invariant,
    table,
    variable,
    witness,
)


class Datum(IndexSet, letter="d", symmetric=True):
    """What is sent."""


class Slot(IndexSet, letter="#"):
    """A place in a channel; the message in the first one arrives next."""


class Message(Record):
    """What A sends: a value and its bit.  A place without a message has no value."""

    datum: int = field(Maybe(Datum), "the value")
    bit: int = field(Flag(), "the bit that goes with it")


class Line(State):
    """Sender A, receiver B, and a channel each way."""

    sent: int = variable(Member(Datum), "what A sends at present (AVar[1])")
    sent_bit: int = variable(Flag(), "the bit that goes with it (AVar[2])")
    received: int = variable(Member(Datum), "what B received last (BVar[1])")
    received_bit: int = variable(Flag(), "the bit that came with it (BVar[2])")
    forth = table(Slot, of=RecordOf(Message), meaning="AtoB")
    back = table(Slot, of=Range(0, 2), meaning="BtoA: 0 is none, else 1 + bit")


class Settings(Scope):
    """No switches."""


def nothing() -> Message:
    """What is in a place without a message."""
    return Message(datum=-1, bit=0)


def forth_length(s: Line, c: Settings) -> int:
    """How many messages are under way to B."""
    n = 0
    for i in c.each(Slot):
        if s.forth[i] != nothing():
            n = n + 1
    return n


def back_length(s: Line, c: Settings) -> int:
    """How many acknowledgements are under way to A."""
    n = 0
    for i in c.each(Slot):
        if s.back[i]:
            n = n + 1
    return n


def remove_forth(s: Line, c: Settings, slot: int) -> None:
    """Take a message out of the channel to B; those behind it move up."""
    for i in range(slot, c.size(Slot) - 1):
        s.forth[i] = s.forth[i + 1]
    s.forth[c.size(Slot) - 1] = nothing()


def remove_back(s: Line, c: Settings, slot: int) -> None:
    """Take an acknowledgement out of the channel to A; those behind it move up."""
    for i in range(slot, c.size(Slot) - 1):
        s.back[i] = s.back[i + 1]
    s.back[c.size(Slot) - 1] = 0


@initial
def agreed(s: Line, c: Settings, d: Datum) -> Signal:
    """Init: both sides hold the same value and bit; the channels are empty."""
    s.sent = d
    s.received = d
    s.sent_bit = 1
    s.received_bit = 1
    return DONE


@action
def send(s: Line, c: Settings) -> Signal:
    """ASnd: A sends its value and bit (again)."""
    n = forth_length(s, c)
    if n == c.size(Slot):
        return WAIT
    s.forth[n] = Message(datum=s.sent, bit=s.sent_bit)
    return DONE


@action
def receive(s: Line, c: Settings) -> Signal:
    """BRcv: B takes a message; a new bit makes its value the received one."""
    message = s.forth[0]
    if message == nothing():
        return WAIT
    if message.bit != s.received_bit:
        s.received = message.datum
        s.received_bit = message.bit
    remove_forth(s, c, 0)
    return DONE


@action
def acknowledge(s: Line, c: Settings) -> Signal:
    """BSnd: B sends the bit it received last (again)."""
    n = back_length(s, c)
    if n == c.size(Slot):
        return WAIT
    s.back[n] = 1 + s.received_bit
    return DONE


@action
def next_value(s: Line, c: Settings, d: Datum) -> Signal:
    """ARcv, the bit matches: A goes on to any value, with the other bit."""
    if s.back[0] != 1 + s.sent_bit:
        return WAIT
    s.sent = d
    s.sent_bit = 1 - s.sent_bit
    remove_back(s, c, 0)
    return DONE


@action
def old_acknowledgement(s: Line, c: Settings) -> Signal:
    """ARcv, the bit is the old one: A ignores it."""
    if not s.back[0] or s.back[0] == 1 + s.sent_bit:
        return WAIT
    remove_back(s, c, 0)
    return DONE


@action
def lose_forth(s: Line, c: Settings, slot: Slot) -> Signal:
    """LoseMsg: any message to B is lost."""
    if s.forth[slot] == nothing():
        return WAIT
    remove_forth(s, c, slot)
    return DONE


@action
def lose_back(s: Line, c: Settings, slot: Slot) -> Signal:
    """LoseMsg: any acknowledgement is lost."""
    if not s.back[slot]:
        return WAIT
    remove_back(s, c, slot)
    return DONE


@invariant("received_is_sent", "foreign data")
def received_is_what_was_sent(s: Line, c: Settings) -> bool:
    """When the bits agree, the value received is the value sent."""
    return s.sent_bit != s.received_bit or s.sent == s.received


@witness("transmitted")
def every_value_arrives(s: Line, c: Settings) -> bool:
    """A value that differs from the first one is acknowledged."""
    return s.received > 0 and s.back[0] == 1 + s.received_bit and s.sent_bit == s.received_bit


SPECIFICATION = Specification.of_module("alternating bit", Line, Settings, __name__, Datum=2, Slot=3)
