"""`examples/termination_detection.py` without sets: who works at the start is a number."""

from __future__ import annotations

from snapproof.spec import (DONE, WAIT, Flag, IndexSet, Range, Scope, Signal, Specification, State, Table, action, constant,
                            constraint, has, initial, invariant, table, transition, variable, witness)


class Node(IndexSet, letter="N", first=0):
    """A node."""


class Settings(Scope):
    """How far to look."""

    most: int = constant(Range(0, 9), default=3, meaning="so many messages that wait at a node are explored")


class System(State):
    """What the nodes do, and what is known of it."""

    active: Table = table(Node, of=Flag(), meaning="the node works")
    pending: Table = table(Node, of=Range(0, lambda n: n["most"] + 1), meaning="messages that wait at the node")
    detected: int = variable(Flag(), "termination has been detected (terminationDetected)")


def terminated(s: System, c: Settings) -> bool:
    """Does no node work, and no message wait?"""
    return all(not s.active[n] and s.pending[n] == 0 for n in c.each(Node))


@initial
def some_work(s: System, c: Settings, working: Range(0, lambda n: (1 << n["Node"]) - 1), detected: Flag()) -> Signal:
    """Init: any nodes work, and no message waits; that nobody works may be detected."""
    for n in c.each(Node):
        s.active[n] = has(working, n)
    s.detected = detected
    return WAIT if detected and working else DONE


@action
def receive(s: System, c: Settings, i: Node) -> Signal:
    """RcvMsg: a node receives a message, and works."""
    if s.pending[i] == 0:
        return WAIT
    s.active[i] = 1
    s.pending[i] -= 1
    return DONE


@action
def stop(s: System, c: Settings, i: Node) -> Signal:
    """Terminate: a node stops."""
    if not s.active[i]:
        return WAIT
    s.active[i] = 0
    return DONE


@action
def stop_and_detect(s: System, c: Settings, i: Node) -> Signal:
    """Terminate: the last node stops, and termination is detected at once."""
    if not s.active[i] or any(s.pending[n] > 0 or s.active[n] and n != i for n in c.each(Node)):
        return WAIT
    s.active[i] = 0
    s.detected = 1
    return DONE


@action
def send(s: System, c: Settings, i: Node, j: Node) -> Signal:
    """SendMsg: a node sends a message to any node."""
    if not s.active[i]:
        return WAIT
    s.pending[j] += 1
    return DONE


@action
def detect(s: System, c: Settings) -> Signal:
    """DetectTermination: that nobody works is detected (again)."""
    if not terminated(s, c):
        return WAIT
    s.detected = 1
    return DONE


@invariant("safe", "false detection")
def detection_is_right(s: System, c: Settings) -> bool:
    """Safe: what is detected is so."""
    return not s.detected or terminated(s, c)


@transition("quiescence", "revived", steps=[receive, stop, stop_and_detect, send, detect])
def who_has_terminated_stays_so(before: System, after: System, c: Settings) -> bool:
    """Quiescence: when all have terminated, they have for ever."""
    return not terminated(before, c) or terminated(after, c)


@constraint
def few_messages(s: System, c: Settings, n: Node) -> bool:
    """StateConstraint: no more messages than this wait at any node."""
    return s.pending[n] <= c.most


@witness("noticed")
def termination_is_detected(s: System, c: Settings) -> bool:
    """Termination can be detected."""
    return s.detected == 1


SPECIFICATION = Specification.of_module("termination detection", System, Settings, __name__, Node=4)
