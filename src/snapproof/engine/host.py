"""What a host sees of an array: devices to read and write, and the system calls (Figs. 10, 12-15, 17-21, 27, 28)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

from ..vocabulary.states import VirtualState
from .array import Array
from .errors import BadRequest, EngineError, Refused
from .geometry import BLOCK, BLOCKS, Device
from .memory import Command, Word
from .tables import DIRECT


class Host:
    """The calls of one host; `place` is its host adapter, from 0.

    Devices are given as `S1`, `V2`, …; tracks and blocks count from 0, lists from 1.  Every call raises Refused
    (BadRequest, NotReady, …) when it cannot be carried out, and Failed or Hung when the array cannot go on.
    A read or write of several tracks is carried out track by track, and others may come in between.
    """

    def __init__(self, array: Array, place: int = 0) -> None:
        self.array, self.place = array, place

    # --- data -------------------------------------------------------------------------------------------

    def read(self, device: str, track: int, block: int = 0, count: int = BLOCKS) -> bytes:
        """`count` blocks of 512 bytes."""
        where = Device.parse(device)
        self.array.memory.geometry.check_blocks(where, track, block, count)
        return b"".join(self._call(Command(Word.READ, where, t, b, n)) for t, b, n in _pieces(track, block, count))

    def write(self, device: str, track: int, data: bytes, block: int = 0) -> None:
        """Whole blocks of 512 bytes."""
        where = Device.parse(device)
        if len(data) % BLOCK:
            raise BadRequest(f"{where}, track {track}", f"{len(data)} bytes are no whole number of blocks.",
                             f"A block is {BLOCK} bytes.")
        self.array.memory.geometry.check_blocks(where, track, block, len(data) // BLOCK)
        done = 0
        for t, b, n in _pieces(track, block, len(data) // BLOCK):
            try:
                self._call(Command(Word.WRITE, where, t, b, n, bytes(data[done:done + n * BLOCK])))
            except EngineError as error:
                if done and error is not self.array.memory.broken:
                    error.cause += f" The {done // BLOCK} blocks before track {t} have been written."
                raise
            done += n * BLOCK

    def look_up(self, device: str, track: int) -> dict[str, Any]:
        """The table entry of the track that a virtual device points to (Fig. 6)."""
        where = self._device(device, "V")
        self.array.memory.geometry.check_blocks(where, track, 0, 1)
        found: dict[str, Any] = self._call(Command(Word.LOOK_UP, where, track))
        return found

    # --- system calls -----------------------------------------------------------------------------------

    def register(self, standard: str, virtual: str) -> int:
        """Reserve a session number (from 0) of the standard device for the virtual device; NoSession."""
        session: int = self._call(Command(Word.REGISTER, standard=self._device(standard, "S").number,
                                          virtual=self._device(virtual, "V").number))
        return session

    def relate(self, standard: str, virtual: str, pair_list: int = 1) -> None:
        """Relate a registered pair, and put it on a list; NotRegistered."""
        self._call(Command(Word.RELATE, standard=self._device(standard, "S").number,
                           virtual=self._device(virtual, "V").number, pair_list=self._list(pair_list)))

    def establish(self, standard: str, virtual: str) -> None:
        """Register, relate and activate in one call (Fig. 8); NoSession."""
        self._call(Command(Word.ESTABLISH, standard=self._device(standard, "S").number,
                           virtual=self._device(virtual, "V").number))

    def activate(self, pair_list: int = 1) -> None:
        """The point in time of all pairs of a list; NotRelated."""
        self._call(Command(Word.ACTIVATE, pair_list=self._list(pair_list)))

    def begin_group(self, pair_list: int = 1) -> None:
        """Begin a group: the pairs that this host relates on the list from now on are activated together; GroupRefused."""
        self._call(Command(Word.BEGIN_GROUP, pair_list=self._list(pair_list)))

    def process_group(self, pair_list: int = 1) -> None:
        """End this host's group on a list: the point in time of all its pairs; GroupRefused, NotRelated."""
        self._call(Command(Word.PROCESS_GROUP, pair_list=self._list(pair_list)))

    def activate_one(self, virtual: str) -> None:
        """The point in time of one related virtual device; NotRelated."""
        self._call(Command(Word.ACTIVATE_ONE, virtual=self._device(virtual, "V").number))

    def remove(self, virtual: str) -> None:
        """Remove a virtual device; NotEstablished."""
        self._call(Command(Word.REMOVE, virtual=self._device(virtual, "V").number))

    def restore(self, virtual: str, target: str) -> None:
        """Restore a virtual device to its own standard device (Fig. 21), a new one (Fig. 22), or a virtual one (20E); NotRestorable.

        Behind a restore to a standard device the virtual device is gone.  Tracks whose data is on the log device, or on its own
        standard device, are copied when hosts access them, or by `copy_back`.  A new virtual device becomes a copy of it, and it stays.
        """
        vdev = self._device(virtual, "V").number
        if Device.parse(target).kind == "V":
            self._call(Command(Word.RESTORE_VIRTUAL, virtual=vdev, copy=self._device(target, "V").number))
            return
        std = self._device(target, "S").number
        own = self.array.memory.tables.virtual[vdev].standard == std
        self._call(Command(Word.RESTORE if own else Word.RESTORE_NEW, virtual=vdev, standard=std))

    def copy_back(self, standard: str) -> int:
        """Copy all tracks of a standard device to it that a restore has left elsewhere; how many there were."""
        device = self._device(standard, "S")
        waiting = [t for t, log in enumerate(self.array.memory.tables.standard[device.number].indirect) if log != DIRECT]
        for track in waiting:
            self._call(Command(Word.COPY_BACK, device, track))
        return len(waiting)

    def deactivate(self, virtual: str) -> None:
        """Freeze what a virtual device has saved, and save nothing for it any more (Fig. 27); NotActive."""
        self._call(Command(Word.DEACTIVATE, virtual=self._device(virtual, "V").number))

    def changed_tracks(self, virtual: str) -> list[int]:
        """The tracks that a deactivated virtual device has saved, because they changed; by their protection bits; NotSaved."""
        device = self._device(virtual, "V")
        return [t for t in range(self.array.memory.geometry.tracks) if not self._call(Command(Word.READ_BIT, device, t))]

    def read_saved(self, virtual: str, track: int, block: int = 0, count: int = BLOCKS) -> bytes:
        """`count` blocks of a track that a deactivated virtual device has saved (Fig. 28); NotSaved."""
        device = self._device(virtual, "V")
        self.array.memory.geometry.check_blocks(device, track, block, count)
        return b"".join(self._call(Command(Word.READ_SAVED, device, t, b, n)) for t, b, n in _pieces(track, block, count))

    def save(self, virtual: str) -> int:
        """Keep what a deactivated virtual device has saved as the most recent set of a rolling backup (Fig. 29); its number; NotKept."""
        self._call(Command(Word.SAVE, virtual=self._device(virtual, "V").number))
        return self.array.memory.backup.kept

    def roll_back(self, virtual: str, generation: int) -> list[bytes]:
        """The tracks of the image of a set (from 1), made from what the newest virtual device shows (Fig. 30); NotKept."""
        if not 1 <= generation <= self.array.memory.backup.room:
            raise BadRequest(f"generation {generation}", f"there is room for {self.array.memory.backup.room}.", "Count from 1.")
        image: list[bytes] = self._call(Command(Word.ROLL_BACK, virtual=self._device(virtual, "V").number, goal=generation - 1))
        return image

    def give_up(self, virtual: str) -> None:
        """Remove a virtual device however far it has come; one that is only registered is related first, as one commit."""
        vdev = self._device(virtual, "V")
        header = self.array.memory.tables.virtual[vdev.number]
        if header.state != VirtualState.REGISTERED:
            self.remove(virtual)
            return
        with self.array.together(self.place):
            for std, device in enumerate(self.array.memory.tables.standard):
                if vdev.number in device.bound:
                    self._call(Command(Word.RELATE, standard=std, virtual=vdev.number, pair_list=self._empty_list()))
            self._call(Command(Word.REMOVE, virtual=vdev.number))

    # --- a snapshot ---------------------------------------------------------------------------------------

    def snapshot(self, pairs: list[tuple[str, str]]) -> None:
        """Register and relate pairs (standard, virtual) as a group, and process it: the point in time of all (Fig. 25).

        All of it is one commit, so that a crash leaves all of it or nothing.  When one pair is refused, what had
        been done for the others is undone.
        """
        wanted = [(self._device(s, "S"), self._device(v, "V")) for s, v in pairs]
        with self.array.together(self.place) as group:
            here = self._empty_list()
            begun: list[Command] = []
            self._call(Command(Word.BEGIN_GROUP, pair_list=here))
            try:
                for standard, virtual in wanted:
                    pair = Command(Word.REGISTER, standard=standard.number, virtual=virtual.number, pair_list=here)
                    self._call(pair)
                    begun.append(pair)
                for pair in begun:
                    self._call(replace(pair, word=Word.RELATE))
                self._call(Command(Word.PROCESS_GROUP, pair_list=here))
            except Refused:
                group.undone = self._undo(begun)
                if self.array.memory.locks.group[here]:
                    self._call(Command(Word.PROCESS_GROUP, pair_list=here))
                raise

    def _empty_list(self) -> int:
        for number, pairs in enumerate(self.array.memory.tables.lists):
            if not pairs and not self.array.memory.locks.group[number]:
                return number
        raise BadRequest("snapshot", "every list has pairs that wait for activation, or a group.",
                         "Process the groups, remove a virtual device that is related and not active, or make an array with more lists.")

    def _undo(self, begun: list[Command]) -> bool:
        """A registered pair can be removed once it is related; so relate what is not, and remove all."""
        done = True
        for pair in begun:
            try:
                with suppress(Refused):  # it is related already
                    self._call(replace(pair, word=Word.RELATE))
                self._call(replace(pair, word=Word.REMOVE))
            except EngineError:
                done = False
        return done

    def _call(self, command: Command) -> Any:
        return self.array.call(self.place, command)

    def _device(self, text: str, kind: str) -> Device:
        device = Device.parse(text)
        if device.kind != kind:
            raise BadRequest(f"device {device}", f"this call wants a {'standard' if kind == 'S' else 'virtual'} device.",
                             f"Write {kind}1, {kind}2, …")
        self.array.memory.geometry.check_device(device)
        return device

    def _list(self, number: int) -> int:
        lists = self.array.memory.geometry.lists
        if not 1 <= number <= lists:
            raise BadRequest(f"list {number}", f"there are {lists} lists.", f"Choose 1 to {lists}.")
        return number - 1


def _pieces(track: int, block: int, count: int) -> list[tuple[int, int, int]]:
    """(track, first block, blocks) for each track that a range touches."""
    found = []
    while count:
        here = min(count, BLOCKS - block)
        found.append((track, block, here))
        track, block, count = track + 1, 0, count - here
    return found


__all__ = ["Host"]
