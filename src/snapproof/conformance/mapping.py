"""The engine's state in the words of the model (the refinement map of the engine).

A model block is a share of the engine's forty: block b of n covers blocks `40·b // n` up to `40·(b+1) // n`.
With one block, to write it is to write the whole track, which a build without the copy at 346 takes for `all`.
A value is a byte: all bytes of the share are the value's number.  Ghosts have no counterpart and are left out;
so are what a process's program holds (`position`) and addresses on disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..engine.errors import EngineError
from ..engine.extra_bytes import NOT_CREATED, back_device, back_track, backward, forward, is_free
from ..engine.geometry import BLOCK, BLOCKS, Device, Geometry
from ..engine.memory import NOBODY, Adapter, Command, DiskAdapter, HostAdapter, Memory, Ticket, Word
from ..engine.slots import LOG
from ..engine.tables import DIRECT, NONE, STANDARD, standard_of
from ..traces.trace import State
from ..vocabulary.states import SessionByte, VirtualState
from .answers import DONE, told_bit, told_entry, told_image
from .comparing import ANSWER
from .errors import NotMapped

ALL = "all"
"""The block argument of a command for the whole track."""


@dataclass(frozen=True)
class Sizes:
    """The dimensions of a scenario that the map needs."""

    geometry: Geometry
    blocks: int
    values: int
    hosts: int
    disks: int
    generations: int = 0

    @staticmethod
    def of(sizes: dict[str, int], place: str) -> Sizes:
        """From the sizes of index sets and process kinds; NotMapped when the engine cannot have them."""
        wanted = ("StandardDevice", "VirtualDevice", "Track", "Block", "LogTrack", "Session", "PairList", "Value",
                  "HostAdapter", "DiskAdapter")
        missing = [n for n in wanted if n not in sizes]
        if missing:
            raise NotMapped(place, f"it gives no size of {', '.join(missing)}.",
                            "Only scenarios of the storage device have an engine.")
        if sizes["Session"] > 16 or sizes["Block"] > BLOCKS or sizes["Value"] > 256:
            raise NotMapped(place, "the engine has sixteen sessions, forty blocks and 256 values.", "Make the scenario smaller.")
        return Sizes(Geometry(sizes["StandardDevice"], sizes["VirtualDevice"], sizes["Track"], sizes["LogTrack"],
                              sizes["Session"], sizes["PairList"]),
                     sizes["Block"], sizes["Value"], sizes["HostAdapter"], sizes["DiskAdapter"], sizes.get("generations", 0))

    def share(self, block: int) -> tuple[int, int]:
        """First block and number of blocks that a model block stands for."""
        first, end = BLOCKS * block // self.blocks, BLOCKS * (block + 1) // self.blocks
        return first, end - first


# --- commands ----------------------------------------------------------------------------------------------------


def command_of(words: str, sizes: Sizes) -> Command:
    """A command of a program (`write S1 T1 B1 v1`) for the engine; NotMapped when it has none, or not at these sizes."""
    try:
        command = _command(words.split(), sizes)
        _check(command, sizes.geometry)
    except (ValueError, IndexError, EngineError) as error:
        raise NotMapped(f"command {words!r}", f"the engine has no such command ({error}).",
                        "Give the engine this command.") from None
    return command


def _command(parts: list[str], sizes: Sizes) -> Command:
    word = Word(parts[0])
    if word in ON_TRACKS:
        first, count = (0, BLOCKS)
        if word in BLOCKWISE and parts[3] != ALL:
            first, count = sizes.share(_number(parts[3]))
        data = bytes([int(parts[4][1:])]) * (BLOCK * count) if word == Word.WRITE else b""
        return Command(word, Device.parse(parts[1]), _number(parts[2]), first, count, data)
    if word in (Word.REGISTER, Word.RELATE, Word.ESTABLISH):
        here = _number(parts[3]) if word == Word.RELATE else 0
        return Command(word, standard=_number(parts[1]), virtual=_number(parts[2]), pair_list=here)
    if word in (Word.RESTORE, Word.RESTORE_NEW):
        return Command(word, virtual=_number(parts[1]), standard=_number(parts[2]))
    if word == Word.RESTORE_VIRTUAL:
        return Command(word, virtual=_number(parts[1]), copy=_number(parts[2]))
    if word == Word.ROLL_BACK:
        return Command(word, virtual=_number(parts[1]), goal=_number(parts[2]))
    if word in (Word.ACTIVATE, Word.BEGIN_GROUP, Word.PROCESS_GROUP):
        return Command(word, pair_list=_number(parts[1]))
    return Command(word, virtual=_number(parts[1]))


ON_TRACKS = (Word.READ, Word.WRITE, Word.LOOK_UP, Word.WRITE_ENTRY, Word.MODIFY_ENTRY, Word.COPY_BACK, Word.READ_SAVED, Word.READ_BIT)

BLOCKWISE = (Word.READ, Word.WRITE, Word.READ_SAVED)


def _check(command: Command, g: Geometry) -> None:
    if command.word in ON_TRACKS:
        g.check_blocks(command.device, command.track, command.block, command.count)
        if command.device.kind == "V" and command.word == Word.COPY_BACK:
            raise ValueError("only standard devices have tracks that are copied back")
        if command.device.kind == "S" and command.word not in (Word.READ, Word.WRITE, Word.COPY_BACK):
            raise ValueError("only virtual devices have entries that point elsewhere")
    g.check_device(Device("S", command.standard))
    g.check_device(Device("V", command.virtual))
    g.check_device(Device("V", command.copy))
    if not 0 <= command.pair_list < g.lists:
        raise ValueError(f"there are {g.lists} lists")


def _number(name: str) -> int:
    """T3 -> 2."""
    return int(name.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1


# --- the state ---------------------------------------------------------------------------------------------------


class Map:
    """Reads the memory of one engine; log tracks have the engine's own numbers."""

    def __init__(self, memory: Memory, sizes: Sizes) -> None:
        self.memory, self.sizes = memory, sizes
        self.processes = ["nobody", *(a.name for a in memory.adapters)]
        self.words: dict[int, str] = {}
        """The command that an adapter carries out, by adapter number, in the words of the program."""
        self.tickets: dict[int, Ticket] = {}
        """The same command as the engine has it."""

    def takes_up(self, adapter: int, words: str, ticket: Ticket) -> None:
        """From now on a host adapter (by number) carries out this command."""
        self.words[adapter], self.tickets[adapter] = words, ticket

    def state(self) -> State:
        """Everything that is compared, in the readable form of traces."""
        m, t, g = self.memory, self.memory.tables, self.memory.geometry
        sessions, logs = range(g.sessions), range(g.log_tracks)
        return {
            "std_data": [[self._blocks(Device("S", s), track) for track in range(g.tracks)] for s in range(g.standard)],
            "protection": [[_set(w, "K") for w in d.protection] for d in t.standard],
            "session_byte": [[SessionByte(d.session_bytes[k]).name for k in sessions] for d in t.standard],
            "restored_to": [[_maybe(d.restored_to[k], "S") for k in sessions] for d in t.standard],
            "indirect": [[_entry(e) for e in d.indirect] for d in t.standard],
            "bound": [[_maybe(d.bound[k], "V") for k in sessions] for d in t.standard],
            "vdev_state": [VirtualState(v.state).name for v in t.virtual],
            "ready": [v.ready for v in t.virtual],
            "read_only": [v.read_only for v in t.virtual],
            "std_of": [f"S{v.standard + 1}" for v in t.virtual],
            "session_of": [f"K{v.session + 1}" for v in t.virtual],
            "pointer": [[_log(p, "standard") for p in v.pointers] for v in t.virtual],
            "log_data": [self._blocks(LOG, i) for i in logs],
            "extra": [_extra(t.log.extra[i]) for i in logs],
            "map_bits": [_set(t.log.map_words[i], "K") for i in logs],
            "free_head": _log(t.log.free_head, "none"),
            "pairs": [[f"V{v + 1}" for v in pairs] + ["none"] * (g.virtual - len(pairs)) for pairs in t.lists],
            "group": [self.processes[h] for h in m.locks.group],
            "kept": m.backup.kept,
            "saved": [[self._set_track(data) for data in row] for row in m.backup.saved] or [[[0] * self.sizes.blocks] * g.tracks],
            "rolled": [self._numbers(data) for data in m.backup.rolled],
            "track_lock": [[self.processes[h] for h in row] for row in m.locks.track],
            "device_lock": [self.processes[h] for h in m.locks.device],
            "log_lock": [self.processes[m.locks.log[i]] for i in logs],
            "virtual_lock": [self.processes[h] for h in m.locks.virtual],
            "list_lock": [self.processes[h] for h in m.locks.pair_list],
            "free_list_lock": self.processes[m.locks.free_list],
            "session_lock": self.processes[m.locks.session],
            **{a.name: self._locals(a) for a in m.hosts},
            **{a.name: self._disk(a) for a in m.disks},
        }

    def state_behind(self, me: Adapter) -> State:
        """The state behind a box of this adapter, with the answer when its command ended there."""
        found, ticket = self.state(), self.tickets.get(me.number)
        if ticket is not None and ticket.done.is_set():
            found[me.name + ANSWER] = self.answer(self.words[me.number], ticket.result, ticket.error)
            del self.tickets[me.number]
        return found

    def answer(self, words: str, result: Any, error: EngineError | None) -> str:
        """What a host got for a command, in the words of `answers.py`."""
        if error is not None:
            return type(error).__name__
        command = words.split()
        if result is None:
            return DONE
        if command[0] == Word.ROLL_BACK.value:
            return told_image([self._numbers(track) for track in result])
        if command[0] == Word.READ_BIT.value:
            return told_bit(result)
        if command[0] in (Word.READ.value, Word.READ_SAVED.value):
            expected = BLOCK * (BLOCKS if command[3] == ALL else self.sizes.share(_number(command[3]))[1])
            return self.value_of(result) if len(result) == expected else f"{len(result)} bytes instead of {expected}"
        if command[0] == Word.REGISTER.value:
            return f"K{result + 1}"
        if "map bits" in result:
            device, _, track = result["back pointer"].partition(" track ")
            back = f"{device} T{int(track) + 1}" if track else device
            return told_entry(f"L{result['track'] + 1}", _set(result["map bits"], "K"), back)
        return told_entry(f"{result['points to']} T{result['track'] + 1}", _set(result["protection bits"], "K"))

    def _locals(self, a: HostAdapter) -> dict[str, Any]:
        return {"step": a.at.name, "command": self.words.get(a.number, "none") if a.ticket is not None else "none",
                **_tracks(a), **_callers(a),
                "reserved": a.reserved, "due_track": a.due_track, "due_device": f"S{a.due_device + 1}",
                "list_length": a.list_length, "list_place": a.list_place, "set_place": a.set_place, "mail": a.mail.name}

    def _disk(self, a: DiskAdapter) -> dict[str, Any]:
        called = {cell: by for cell, by in _callers(a).items() if cell == CALLED["Fig. 9"]}
        return {"step": a.at.name, **_tracks(a), **called, "target": _maybe(a.target, "S"), "serving": self.processes[a.serving],
                "mask": _set(a.mask, "K"), "others": _set(a.others, "K"), "turn": a.turn}

    def _blocks(self, device: Device, track: int) -> list[str]:
        data = self.memory.slots.whole(device, track)
        return [self.value(data, block) for block in range(self.sizes.blocks)]

    def _numbers(self, track: bytes) -> list[Any]:
        """The blocks of an image, by their numbers."""
        values = [self.value(track, block) for block in range(self.sizes.blocks)]
        return [int(v[1:]) if v[1:].isdigit() else v for v in values]

    def _set_track(self, data: bytes | None) -> list[Any]:
        """The blocks of a track in a set: one more than their numbers, 0 where the track is not in it."""
        if data is None:
            return [0] * self.sizes.blocks
        return [v + 1 if isinstance(v, int) else v for v in self._numbers(data)]

    def value(self, data: bytes, block: int) -> str:
        """The value of a model block within a whole track."""
        first, count = self.sizes.share(block)
        return self.value_of(data[first * BLOCK:(first + count) * BLOCK])

    def value_of(self, part: bytes) -> str:
        """The value that these bytes are."""
        number = part[0]
        if number >= self.sizes.values or part.count(number) != len(part):
            return f"bytes of no value ({part[:4].hex(' ')} …)"
        return f"v{number}"


assert STANDARD == NONE and NOBODY == 0


def _set(mask: int, letter: str) -> list[str]:
    return [f"{letter}{k + 1}" for k in range(16) if mask >> k & 1]


def _tracks(a: Adapter) -> dict[str, Any]:
    """What Fig. 9 knows of its caller."""
    return {"fresh": _log(a.fresh, "none"), "entry": _log(a.entry, "standard"), "keeps": a.keeps}


CALLED = {"Fig. 9": "log_tracks_caller", "Figs. 20B, 20C": "copy_back_caller"}
"""Figures that several boxes of a host adapter enter -> the cell that says which one did; disk adapters have two ways into Fig. 9."""


ALIKE = dict.fromkeys(("test_protection_bits", "wait_for_status"), "test_protection_bits_or_wait_for_status")
"""Boxes that go on alike when the figure ends are one caller in the model."""


def _callers(a: Adapter) -> dict[str, str]:
    """Who has entered each figure; a figure entered on the way into another one is that of the caller behind it."""
    inside = [*(by.figure for by, _ in a.callers[1:]), a.at.figure]
    return {**dict.fromkeys(CALLED.values(), "none"),
            **{CALLED[figure]: ALIKE.get(by.name, by.name) for figure, (by, _) in zip(inside, a.callers, strict=False)}}


def _maybe(number: int, letter: str) -> str:
    return "none" if number == NONE else f"{letter}{number + 1}"


def _log(log: int, none: str) -> str:
    return none if log == NONE else f"L{log + 1}"


def _entry(entry: int) -> dict[str, Any]:
    if entry == DIRECT:
        return {"tag": "Direct", "value": {}}
    if entry >= 0:
        return {"tag": "OnLog", "value": {"log": _log(entry, "none")}}
    return {"tag": "OnStandard", "value": {"standard": f"S{standard_of(entry) + 1}"}}


def _extra(extra: int) -> dict[str, Any]:
    if extra == NOT_CREATED:
        return {"tag": "NotCreated", "value": {}}
    if is_free(extra):
        return {"tag": "Free", "value": {"next": _log(forward(extra), "none"), "previous": _log(backward(extra), "none")}}
    return {"tag": "Assigned", "value": {"device": f"S{back_device(extra) + 1}", "track": f"T{back_track(extra) + 1}"}}


__all__ = ["ALL", "Map", "Sizes", "command_of"]
