"""A bounded queue between two handshaking channels: what the sender sends, the receiver receives in order.

After `InnerFIFO` of "Specifying Systems" (Leslie Lamport, 2002, chapter 4; github.com/tlaplus/Examples).  Published counts,
distinct (generated) states: 3,864 (9,660) for three messages and a queue of three.  A constraint bounds the queue, as there; the
states with a longer one, which TLC does not count among the distinct ones, come on top here.
"""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Member, Range, Record, RecordOf, Scope, Sequence, SequenceOf, Signal,
                            Specification, State, action, constant, constraint, field, initial, invariant, variable, witness)


class Message(IndexSet, letter="m", symmetric=True):
    """What is sent."""


Queue = SequenceOf(Member(Message), lambda n: n["most"] + 1)
"""Messages in order, the head in front; the longest one is beyond what is explored."""


class Channel(Record):
    """A channel (Channel): a value is under way while `rdy` and `ack` differ."""

    val: int = field(Member(Message), "the value")
    rdy: int = field(Flag(), "how often it was sent, modulo 2")
    ack: int = field(Flag(), "how often it was received, modulo 2")


class Buffer(State):
    """Two channels, and the queue between them."""

    incoming: Channel = variable(RecordOf(Channel), "from the sender to the queue (in)")
    outgoing: Channel = variable(RecordOf(Channel), "from the queue to the receiver (out)")
    queue: Sequence = variable(Queue, "the queue (q)")


class Settings(Scope):
    """How far to look."""

    most: int = constant(Range(1, 9), default=3, meaning="so many messages in the queue are explored (qLen)")


def unacknowledged(channel: Channel) -> bool:
    """Is a message under way?"""
    return channel.rdy != channel.ack


def received(channel: Channel) -> Channel:
    """Channel!Rcv: the message has arrived."""
    return channel.with_(ack=1 - channel.ack)


@initial
def nothing_is_under_way(s: Buffer, c: Settings, m: Message, n: Message, i: Flag(), o: Flag()) -> Signal:
    """Init: the queue is empty; the channels are in any state without a message under way."""
    s.incoming = Channel(val=m, rdy=i, ack=i)
    s.outgoing = Channel(val=n, rdy=o, ack=o)
    return DONE


@action
def send(s: Buffer, c: Settings, m: Message) -> Signal:
    """SSend: the sender sends any message."""
    if unacknowledged(s.incoming):
        return WAIT
    s.incoming = s.incoming.with_(val=m, rdy=1 - s.incoming.rdy)
    return DONE


@action
def buffer(s: Buffer, c: Settings) -> Signal:
    """BufRcv: a message joins the tail of the queue."""
    if not unacknowledged(s.incoming):
        return WAIT
    s.incoming = received(s.incoming)
    s.queue = s.queue.append(s.incoming.val)
    return DONE


@action
def forward(s: Buffer, c: Settings) -> Signal:
    """BufSend: the head of the queue is sent on."""
    if unacknowledged(s.outgoing) or s.queue.empty:
        return WAIT
    s.outgoing = s.outgoing.with_(val=s.queue.first, rdy=1 - s.outgoing.rdy)
    s.queue = s.queue.rest
    return DONE


@action
def receive(s: Buffer, c: Settings) -> Signal:
    """RRcv: the receiver receives a message."""
    if not unacknowledged(s.outgoing):
        return WAIT
    s.outgoing = received(s.outgoing)
    return DONE


@invariant("sequence", "queue too long")
def the_queue_is_no_longer_than_that(s: Buffer, c: Settings) -> bool:
    """TypeInvariant is what the domains say; beyond what is explored there is one message more at most."""
    return len(s.queue) <= c.most + 1


@constraint
def short_queue(s: Buffer, c: Settings) -> bool:
    """qConstraint: the queue is no longer than this."""
    return len(s.queue) <= c.most


@witness("full")
def the_queue_can_be_full(s: Buffer, c: Settings) -> bool:
    """The queue can be full while another message is under way."""
    return unacknowledged(s.incoming) and len(s.queue) == c.most


SPECIFICATION = Specification.of_module("inner FIFO", Buffer, Settings, __name__, Message=3)
