"""What a host gets when its command ends, in words that model and engine share.

The model returns nothing to hosts, so what they get follows from the box at which the command ends and the state
before it: data of a read, the session number of a registration, the entry of a look-up, or the error of a refusal.
"""

from __future__ import annotations

from typing import Any

from ..engine import boxes  # noqa: F401  (declares the boxes)
from ..engine.box import BOXES
from ..engine.memory import HostAdapter, Word
from ..traces.trace import State
from ..vocabulary.restore_values import Follows
from ..words import fields_of

DONE = "done"
"""The command has no other answer."""

ESTABLISH = Word.ESTABLISH.value

REFUSALS = {b.name: b.refuses.__name__ for b in BOXES[HostAdapter].values() if b.refuses is not None}
"""The box that refuses -> the engine's error."""


def answer_of_model(box: str, command: str, process: str, before: State, follows: Follows = Follows.ALL) -> str:
    """The answer when a host adapter's command ends at this box; `before`: the model's state before the box.

    `follows`: who finds the data of indirect tracks, a switch of the model.
    """
    words, mine = command.split(), before[process]
    if box in REFUSALS:
        return "NoSession" if words[0] == ESTABLISH and box == "refuse_table_access" else REFUSALS[box]
    if box == "store_registration":
        return f"K{mine['reserved'] + 1}"
    if words[0] == Word.ROLL_BACK.value:
        return told_image(before["rolled"])
    if words[0] == Word.READ_BIT.value:
        v = _place(words[1])
        return told_bit(before["session_of"][v] in before["protection"][_place(before["std_of"][v])][_place(words[2])])
    if words[0] not in (Word.READ.value, Word.LOOK_UP.value, Word.READ_SAVED.value):
        return DONE
    entry = mine["entry"] if words[1][0] == "V" else "standard"
    std = words[1] if words[1][0] == "S" else before["std_of"][_place(words[1])]
    if words[0] != Word.LOOK_UP.value:
        if entry == "standard":
            finds = words[1][0] == "S" or follows == Follows.ALL
            blocks = _shown(before, _place(std), _place(words[2])) if finds else before["std_data"][_place(std)][_place(words[2])]
        else:
            blocks = before["log_data"][_place(entry)]
        return str(blocks[_place(words[3])])
    if entry == "standard":
        return told_entry(f"{std} {words[2]}", before["protection"][_place(std)][_place(words[2])])
    extra = before["extra"][_place(entry)]
    back = fields_of(extra, "Assigned") or {"none": "none"}
    return told_entry(entry, before["map_bits"][_place(entry)], " ".join(back.values()))


def _shown(before: State, std: int, track: int) -> list[str]:
    """The blocks of a standard track, where its entry leads to."""
    for _ in before["indirect"]:
        following = fields_of(before["indirect"][std][track], "OnStandard")
        std = std if following is None else _place(following["standard"])
    log = fields_of(before["indirect"][std][track], "OnLog")
    found: list[str] = before["std_data"][std][track] if log is None else before["log_data"][_place(log["log"])]
    return found


def told_entry(where: str, sessions: list[str], back: str = "") -> str:
    """The answer to a look-up: what the device points to, the protection or map bits, and the back pointer of a log track."""
    return f"{where}, bits {' '.join(sessions) or 'none'}{f', back pointer {back}' if back else ''}"


def told_image(rolled: list[list[Any]]) -> str:
    """The answer to a way back through a rolling backup: the numbers of all blocks."""
    return "image " + ", ".join(" ".join(str(block) for block in track) for track in rolled)


def told_bit(bit: bool) -> str:
    """The answer to a question for a protection bit."""
    return "bit set" if bit else "bit clear"


def _place(name: str) -> int:
    """T3 -> 2."""
    return int(name[1:]) - 1


__all__ = ["DONE", "REFUSALS", "answer_of_model", "told_bit", "told_entry", "told_image"]
