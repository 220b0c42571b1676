"""`examples/inner_fifo.py` without records and sequences: a channel is three variables, the queue a table."""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Maybe, Member, Range, Scope, Signal, Specification, State, Table, action,
                            constant, constraint, initial, invariant, table, variable, witness)


class Message(IndexSet, letter="m", symmetric=True):
    """What is sent."""


class Place(IndexSet, letter="#", size=lambda n: n["most"] + 1):
    """A place in the queue; the head is at the first, and the last one is beyond what is explored."""


class Buffer(State):
    """Two channels, and the queue between them."""

    in_val: int = variable(Member(Message), "the value from the sender to the queue (in.val)")
    in_rdy: int = variable(Flag(), "how often it was sent, modulo 2")
    in_ack: int = variable(Flag(), "how often it was received, modulo 2")
    out_val: int = variable(Member(Message), "the value from the queue to the receiver (out.val)")
    out_rdy: int = variable(Flag(), "how often it was sent, modulo 2")
    out_ack: int = variable(Flag(), "how often it was received, modulo 2")
    queue: Table = table(Place, of=Maybe(Message), meaning="the queue (q)")
    length: int = variable(Range(0, lambda n: n["most"] + 1), "how many messages are in it")


class Settings(Scope):
    """How far to look."""

    most: int = constant(Range(1, 9), default=3, meaning="so many messages in the queue are explored (qLen)")


@initial
def nothing_is_under_way(s: Buffer, c: Settings, m: Message, n: Message, i: Flag(), o: Flag()) -> Signal:
    """Init: the queue is empty; the channels are in any state without a message under way."""
    s.in_val = m
    s.in_rdy = i
    s.in_ack = i
    s.out_val = n
    s.out_rdy = o
    s.out_ack = o
    return DONE


@action
def send(s: Buffer, c: Settings, m: Message) -> Signal:
    """SSend: the sender sends any message."""
    if s.in_rdy != s.in_ack:
        return WAIT
    s.in_val = m
    s.in_rdy = 1 - s.in_rdy
    return DONE


@action
def buffer(s: Buffer, c: Settings) -> Signal:
    """BufRcv: a message joins the tail of the queue."""
    if s.in_rdy == s.in_ack:
        return WAIT
    s.in_ack = s.in_rdy
    s.queue[s.length] = s.in_val
    s.length += 1
    return DONE


@action
def forward(s: Buffer, c: Settings) -> Signal:
    """BufSend: the head of the queue is sent on."""
    if s.out_rdy != s.out_ack or s.length == 0:
        return WAIT
    s.out_val = s.queue[0]
    s.out_rdy = 1 - s.out_rdy
    for i in range(c.most):
        s.queue[i] = s.queue[i + 1]
    s.queue[c.most] = -1
    s.length -= 1
    return DONE


@action
def receive(s: Buffer, c: Settings) -> Signal:
    """RRcv: the receiver receives a message."""
    if s.out_rdy == s.out_ack:
        return WAIT
    s.out_ack = s.out_rdy
    return DONE


@invariant("sequence", "queue too long")
def the_queue_is_no_longer_than_that(s: Buffer, c: Settings) -> bool:
    """TypeInvariant is what the domains say; beyond what is explored there is one message more at most."""
    return s.length <= c.most + 1


@constraint
def short_queue(s: Buffer, c: Settings) -> bool:
    """qConstraint: the queue is no longer than this."""
    return s.length <= c.most


@witness("full")
def the_queue_can_be_full(s: Buffer, c: Settings) -> bool:
    """The queue can be full while another message is under way."""
    return s.in_rdy != s.in_ack and s.length == c.most


SPECIFICATION = Specification.of_module("inner FIFO", Buffer, Settings, __name__, Message=3)
