"""Who waits, and why, in a trace file (docs/traces.md)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NoReturn, Protocol

from .trace import Read, Waiting, Why


class Taking(Protocol):
    """What takes a trace apart and refuses what does not fit."""

    def refuse(self, where: str, cause: str) -> NoReturn: ...

    def take(self, data: Any, key: str, kind: type, where: str) -> Any: ...

    def names(self, data: Any, key: str, where: str) -> list[str]: ...


def to_json(waiting: tuple[Waiting, ...]) -> list[dict[str, Any]]:
    """The JSON form."""
    return [{"process": w.process, "step": w.step, "id": w.id, "callers": list(w.callers), "reason": w.why.reason,
             "conditions": [{"place": place, "line": line} for place, line in w.why.conditions],
             "reads": [{"name": r.name, "value": r.value, "holder": r.holder} for r in w.why.reads]} for w in waiting]


def from_json(take: Taking, data: list[Any], processes: Collection[str]) -> tuple[Waiting, ...]:
    """The other way round; everything is checked."""
    out = []
    for i, one in enumerate(data, 1):
        where = f"violation waiting, entry {i}"
        process, step, id, reason = _texts(take, one, ("process", "step", "id", "reason"), where)
        if process not in processes:
            take.refuse(where, f"there is no process {process!r}.")
        conditions = [_texts(take, c, ("place", "line"), f"{where} conditions") for c in take.take(one, "conditions", list, where)]
        reads = [_texts(take, r, ("name", "value", "holder"), f"{where} reads") for r in take.take(one, "reads", list, where)]
        why = Why(tuple((place, line) for place, line in conditions), tuple(Read(*r) for r in reads), reason)
        out.append(Waiting(process, step, id, tuple(take.names(one, "callers", where)), why))
    return tuple(out)


def _texts(take: Taking, data: Any, keys: tuple[str, ...], where: str) -> list[str]:
    return [take.take(data, key, str, where) for key in keys]
