"""The system below a `FileStore`: every call that changes the disk is counted, may be refused, and is remembered.

What a power cut leaves then follows from the calls alone, by rules weaker than those of `faulty_store.py`: the bytes
of a file are durable when that file was flushed, a name when the directory was; of anything else any part is kept.
"""

from __future__ import annotations

import errno
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from snapproof.engine import store as engine_store
from snapproof.engine.faulty_store import SECTOR
from snapproof.engine.store import TEMPORARY


@dataclass
class File:
    """An inode: what is durable, and sectors that are not."""

    durable: bytes = b""
    pending: list[tuple[int, bytes]] = field(default_factory=list)

    def flush(self) -> None:
        """All sectors are durable."""
        self.durable, self.pending = _with(self.durable, self.pending), []

    def after_cut(self, rng: random.Random, kept: float) -> bytes:
        """Any of the sectors."""
        return _with(self.durable, [w for w in self.pending if rng.random() < kept])


def _with(data: bytes, writes: list[tuple[int, bytes]]) -> bytes:
    whole = bytearray(data)
    for offset, part in writes:
        whole.extend(bytes(max(0, offset - len(whole))))
        whole[offset:offset + len(part)] = part
    return bytes(whole)


class System:
    """Stands in for `os` in `engine/store.py`.

    `refuse(number, what)` -> an error number for the call that is the number-th to change the disk, or 0.
    """

    CHANGING = ("pwrite", "fsync", "rename", "unlink", "create")

    def __init__(self, files: dict[str, bytes], refuse: Callable[[int, str], int] = lambda number, what: 0) -> None:
        self.files = {name: File(data) for name, data in files.items()}
        self.names = dict(self.files)
        """Names as they are durable."""
        self.moves: list[dict[str, File | None]] = []
        """Changes of names that are not."""
        self.refuse = refuse
        self.calls: list[str] = []
        self.open_files: dict[int, File | None] = {}
        self.cuts: list[Callable[[random.Random, float], dict[str, bytes]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def _call(self, what: str) -> None:
        number = len(self.calls)
        self.calls.append(what)
        refused = self.refuse(number, what)
        if refused:
            raise OSError(refused, os.strerror(refused))

    # --- the calls ----------------------------------------------------------------------------------------

    def open(self, path: Any, flags: int, *more: Any, **places: Any) -> int:
        if flags & os.O_CREAT:
            self._call("create")
        found = os.open(path, flags, *more, **places)
        self.open_files[found] = None
        if not flags & os.O_DIRECTORY:
            if flags & os.O_CREAT:
                self._move({path: File()})
            self.open_files[found] = self.files[path]
        return found

    def close(self, descriptor: int) -> None:
        self.open_files.pop(descriptor, None)
        os.close(descriptor)

    def pwrite(self, descriptor: int, data: Any, offset: int) -> int:
        file = self.open_files[descriptor]
        assert file is not None
        try:
            self._call("pwrite")
        except OSError:
            data = data[:len(data) // 2]  # a write that is refused may have begun
            self._write(file, descriptor, data, offset)
            raise
        return self._write(file, descriptor, data, offset)

    def _write(self, file: File, descriptor: int, data: Any, offset: int) -> int:
        file.pending += [(offset + i, bytes(data[i:i + SECTOR])) for i in range(0, len(data), SECTOR)]
        return os.pwrite(descriptor, data, offset)

    def fsync(self, descriptor: int) -> None:
        self._call("fsync")
        file = self.open_files[descriptor]
        if file is not None:
            file.flush()
        else:
            for move in self.moves:
                _rename(self.names, move)
            self.moves.clear()

    def rename(self, old: str, new: str, **places: Any) -> None:
        self._call("rename")
        os.rename(old, new, **places)
        self._move({new: self.files[old], old: None})

    def unlink(self, name: str, **places: Any) -> None:
        if name in self.files:
            self._call("unlink")
            self._move({name: None})
        os.unlink(name, **places)

    def _move(self, move: dict[str, File | None]) -> None:
        _rename(self.files, move)
        self.moves.append(move)

    # --- what is left ---------------------------------------------------------------------------------------

    def after_cut(self, rng: random.Random, kept: float) -> dict[str, bytes]:
        """The files after a power cut now: of the names that were not flushed any changes, of the bytes any sectors."""
        names = dict(self.names)
        for move in self.moves:
            if rng.random() < kept:
                _rename(names, move)
        return {n: f.after_cut(rng, kept) for n, f in names.items() if not n.endswith(TEMPORARY)}


def _rename(names: dict[str, File], move: dict[str, File | None]) -> None:
    for name, file in move.items():
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file


def under(monkeypatch: pytest.MonkeyPatch, system: System) -> System:
    """This system below every store from now on."""
    monkeypatch.setattr(engine_store, "os", system)
    return system


REFUSALS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES, errno.EFBIG, errno.EDQUOT)
