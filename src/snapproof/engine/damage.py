"""Everything that is wrong with an array at rest, file by file and track by track."""

from __future__ import annotations

from collections.abc import Iterator

from .check import contradictions
from .commit import short_of
from .errors import EngineError
from .geometry import Device
from .journal import Contents
from .slots import LOG, Slots, checks_of, file_of, record_length
from .store import Store


def damage(store: Store, contents: Contents, tracks: bool = True) -> list[str]:
    """One sentence for each thing; `tracks=False`: without reading the tracks.  StoreError is for those who ask a failing disk."""
    return [*contradictions(contents.tables), *_files(store, contents), *(_tracks(store, contents) if tracks else ())]


def _files(store: Store, contents: Contents) -> Iterator[str]:
    g = contents.tables.geometry
    for device, tracks in [*((Device("S", i), g.tracks) for i in range(g.standard)), (LOG, g.log_tracks)]:
        place, most = f"{store.place}/{file_of(device)}", tracks * record_length(device)
        try:
            lack, size = short_of(store, contents.below, device), store.size(file_of(device))
        except EngineError as error:
            yield f"{error.place}: {error.cause}"
            continue
        if lack:
            yield f"{place}: {lack}"
        if size > most:
            yield f"{place}: it has {size:,} bytes, and all tracks together have {most:,}."


def _tracks(store: Store, contents: Contents) -> Iterator[str]:
    """Each track that the tables know is read once, and let go at once."""
    g = contents.tables.geometry
    for device in [*(Device("S", i) for i in range(g.standard)), LOG]:
        for track, check in enumerate(checks_of(contents.tables, device)):
            if check >= 0 and (device, track) not in contents.pending:
                try:
                    Slots(store, contents.tables, {}).whole(device, track)
                except EngineError as error:
                    yield f"{error.place}: {error.cause}"


__all__ = ["damage"]
