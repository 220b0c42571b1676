"""An array: created once, opened by one writer, its adapters running as threads until it is closed.

Commits are taken when the array is at rest: no command begins while somebody waits for that, and those under
way end.  So locks and half-finished work are never on disk, and an array that is opened is a consistent one.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from ..vocabulary.switch_values import ListScope, Pool, PoolAtStart, YesNo
from . import boxes  # noqa: F401  (declares the boxes)
from .box import BOXES
from .check import contradictions
from .commit import commit
from .errors import BadRequest, Damaged, EngineError, Failed, NotAnArray
from .geometry import Geometry
from .journal import MAGIC, SUPERBLOCK, TABLES, read_contents, seal, superblock
from .memory import Adapter, Backup, Command, DiskAdapter, HostAdapter, Locks, Memory, Ticket
from .schedule import FreeRunning, Schedule, Stopped, hung
from .slots import Slots
from .store import Store
from .switches import Build
from .table_format import encode
from .tables import new_tables


def create(store: Store, geometry: Geometry, build: Build | None = None) -> None:
    """Make a new array in an empty store; the superblock comes last and makes it one.

    What a creation left that was ended before its superblock is made anew.  Raises NotAnArray when the store
    holds anything else, BadRequest when build and geometry do not go together.
    """
    build = build or Build()
    fits_together(geometry, build)
    half_made = store.names() == [TABLES] and store.read_at(TABLES, 0, len(MAGIC[TABLES])) == MAGIC[TABLES]
    if store.names() and not half_made:
        raise NotAnArray(store.place, f"it is not empty ({', '.join(store.names()[:4])}).", "Choose a new or an empty directory.")
    identity = os.urandom(16)
    store.replace(TABLES, seal(TABLES, identity, 1, encode(new_tables(geometry, build))))
    store.replace(SUPERBLOCK, superblock(identity, geometry))


def fits_together(geometry: Geometry, build: Build) -> None:
    """BadRequest when an array of this geometry cannot be built so."""
    if build.foreign_bits == YesNo.YES and geometry.sessions < 2:
        raise BadRequest("build, foreign_bits", "it takes one session number, and there is no other.",
                         "Use two sessions or more.")
    if build.pool == Pool.FIXED and build.pool_at_start == PoolAtStart.NONE:
        raise BadRequest("build, pool", "a fixed pool that starts with no log track stays empty.",
                         "Let it grow, or start with tracks.")


class Together:
    """Calls that belong together: whose they are, and how many have changed something.  One at a time in an array."""

    def __init__(self) -> None:
        self.free = threading.Lock()
        self.host: HostAdapter | None = None
        self.calls = 0
        self.undone = False
        self._thread = 0

    def mine(self) -> bool:
        """Does the caller's thread carry them out?"""
        return self._thread == threading.get_ident()

    def begin(self, host: HostAdapter) -> None:
        """The first is about to be given."""
        self._thread, self.host, self.calls, self.undone = threading.get_ident(), host, 0, False
        host.passes = True

    def end(self) -> int:
        """All are over; how many changes there are none of, because all were undone."""
        assert self.host is not None
        self.host.passes = False
        self._thread, self.host = 0, None
        return self.calls if self.undone else 0


class Array:
    """An open array.

    `hosts`, `disks`: numbers of adapters.  `durable`: a call that changes something returns when it is on disk;
    otherwise `commit` and `close` write.  `limit`: seconds that a call may take before it is reported as hung.
    `generations`: sets of a rolling backup that its hosts keep in memory.
    Raises NotAnArray, Damaged, StoreError; whatever is wrong, opening has written nothing.
    """

    def __init__(self, store: Store, build: Build | None = None, *, hosts: int = 2, disks: int = 1,
                 schedule: Schedule | None = None, durable: bool = True, limit: float = 30.0,
                 generations: int = 8) -> None:
        self.store, self.limit, self.durable = store, limit, durable
        contents = read_contents(store)
        wrong = contradictions(contents.tables)
        if wrong:
            raise Damaged(store.place, f"its tables contradict each other: {'; '.join(wrong[:3])}.",
                          "Look at them with `snapproof engine show`; restore the directory from a copy.")
        self.identity, self.generation = contents.identity, contents.generation
        build = build or Build()
        if build.list_scope == ListScope.GLOBAL and contents.tables.geometry.lists > 1:
            raise BadRequest("build, list_scope", "one list for all, and the array has several.", "Make an array with one list.")
        g = contents.tables.geometry
        self.memory = Memory(g, build, contents.tables, Slots(store, contents.tables, contents.pending), Locks.none(g),
                             Backup.empty(g, generations))
        self._together = Together()
        self.schedule: Schedule = schedule or FreeRunning()
        self._add_adapters(hosts, disks)
        self.schedule.begin(self.memory)
        self._threads = {a.name: threading.Thread(target=self._live, args=(a,), name=a.name, daemon=True)
                         for a in self.memory.adapters}
        self._open = True
        for thread in self._threads.values():
            thread.start()

    def _add_adapters(self, hosts: int, disks: int) -> None:
        if not 1 <= hosts <= 64 or not 0 <= disks <= 64:
            raise BadRequest("array", f"{hosts} host and {disks} disk adapters are not possible.", "Give 1 to 64, and 0 to 64.")
        m = self.memory
        m.hosts += [HostAdapter(i + 1, f"HA{i + 1}", BOXES[HostAdapter]["next_command"]) for i in range(hosts)]
        m.disks += [DiskAdapter(hosts + i + 1, f"DA{i + 1}", BOXES[DiskAdapter]["take_request"]) for i in range(disks)]

    def _live(self, me: Adapter) -> None:
        try:
            while True:
                self.schedule.perform(me)
        except Stopped:
            return
        except BaseException as error:  # a thread must not end in silence: whoever waits for it is told
            self.schedule.crashed(me, error)

    # --- commands -------------------------------------------------------------------------------------

    def give(self, host: int, command: Command) -> Ticket:
        """Queue a command at a host adapter (by place), without waiting.  BadRequest when there is no such adapter."""
        adapter, ticket = self._adapter(host), Ticket(command)
        with self.schedule.bus:
            adapter.queue.append(ticket)
            self.schedule.bus.notify_all()
        return ticket

    def _adapter(self, host: int) -> HostAdapter:
        self._usable()
        if not 0 <= host < len(self.memory.hosts):
            raise BadRequest(f"host {host}", f"there are {len(self.memory.hosts)} host adapters.", "Count from 0.")
        return self.memory.hosts[host]

    def call(self, host: int, command: Command) -> Any:
        """Carry out a command; its result, or its error raised.  Hung when it takes longer than the limit."""
        ticket = self.give(host, command)
        self._await(ticket.done.is_set, ticket.done.wait, f"HA{host + 1}, {command.word.value}")
        if ticket.error is not None:
            raise ticket.error
        if command.changes and self._together.mine():
            self._together.calls += 1
        elif command.changes and self.durable:
            self.commit()
        return ticket.result

    @contextmanager
    def together(self, host: int) -> Iterator[Together]:
        """The calls of this host adapter inside become durable together at the end; a crash before leaves none of them.

        Others go on meanwhile, and whatever they commit waits for the end.  Whoever has undone all calls says so
        (`undone`), and then there is nothing to commit.
        """
        adapter, m, group = self._adapter(host), self.memory, self._together
        if group.mine():
            raise BadRequest("array", "calls that belong together are under way already.", "End them first.")
        if not group.free.acquire(timeout=self.limit):
            raise hung("calls that belong together", self.limit, m.adapters, self._threads)
        try:
            with self.schedule.bus:
                group.begin(adapter)
            try:
                yield group
            finally:
                with self.schedule.bus:
                    m.changed -= group.end()
                    m.rest.set()
        finally:
            group.free.release()
        if self.durable:
            self.commit()

    def _await(self, there: Any, wait: Any, place: str) -> None:
        end = time.monotonic() + self.limit
        while not there():
            wait(0.05)
            if not there():
                if self.memory.broken is not None:
                    raise self.memory.broken
                if time.monotonic() > end:
                    raise hung(place, self.limit, self.memory.adapters, self._threads)

    def _usable(self) -> None:
        if not self._open:
            raise Failed("array", "it is closed.", "Open it again.")
        if self.memory.broken is not None:
            raise self.memory.broken

    # --- commit and end ---------------------------------------------------------------------------------

    def commit(self) -> None:
        """Make everything up to now durable, when the array is at rest and no calls that belong together are under way.

        StoreError when the store fails: the array then stops itself, and on disk is this commit or the one before.
        Hung when that takes longer than the limit, whatever hangs: a command, or a box that has the bus.
        """
        if self._together.mine():
            return  # at their end
        self._usable()
        m, bus = self.memory, self.schedule.bus
        end = time.monotonic() + self.limit
        with bus:
            if not m.changed:
                return
            m.gate += 1
        try:
            while not self._written():
                if m.broken is not None:
                    raise m.broken
                if time.monotonic() > end:
                    raise hung("commit", self.limit, m.adapters, self._threads)
                m.rest.wait(0.05)
        finally:
            with bus:
                m.gate -= 1
                bus.notify_all()

    def _written(self) -> bool:
        """One try to write; False when somebody has to end first, who will say so (`rest`)."""
        m = self.memory
        with self.schedule.bus:
            m.rest.clear()
            if m.changed and (self._together.host is not None or not m.at_rest):
                return False
            if m.changed:
                self._write()
            return True

    def _write(self) -> None:
        m = self.memory
        try:
            commit(self.store, self.identity, self.generation + 1, m.tables, m.slots)
        except BaseException as error:
            cause = error if isinstance(error, EngineError) else repr(error)
            m.broken = Failed("array", f"a commit failed ({cause}).", "Open it again: this commit or the one before is there.")
            raise
        self.generation += 1
        m.changed = 0

    def close(self) -> None:
        """Commit, end the threads and let the store go.  After an error nothing more is written."""
        if not self._open:
            return
        try:
            if self.memory.broken is None:
                self.commit()
        finally:
            self.abandon()

    def abandon(self) -> None:
        """End without a commit."""
        self._open = False
        self.schedule.stop()
        for thread in self._threads.values():
            thread.join(1.0)
        self.store.close()

    def __enter__(self) -> Array:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None or issubclass(kind, EngineError) and self.memory.at_rest:
            self.close()
        else:
            self.abandon()


__all__ = ["Array", "create"]
