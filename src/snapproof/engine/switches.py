"""How this engine is built: one switch for each embodiment, and for each way to build it wrong on purpose.

The names are those of the model, which a test compares, and the values are words that both share.  The defaults are the safe build.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_type_hints

from ..vocabulary.group_values import GroupMembers, Reopened, Step466, Step634, Step662, Test485, Test666
from ..vocabulary.restore_values import (
    CopyAccess,
    CopyLabels,
    CopySession,
    CopySource,
    Follows,
    MigratedBit,
    MigratedSession,
    Migrating,
    NewAccess,
    ReadIndirect,
    RestoreAccess,
    RestoreReady,
    Step557,
    Step568,
    Step591,
    Step782,
    Test551,
    Test581,
    WriteIndirect,
)
from ..vocabulary.switch_values import (
    Activation,
    BackAtOnce,
    Bit352,
    CopyOrder,
    Drain,
    EmptyMap,
    Exclusive,
    Exhaustion,
    FullTrack,
    Held,
    Label,
    ListOrder,
    ListScope,
    Lock384,
    MovePointers,
    NewTrack,
    Path,
    Pool,
    PoolAtStart,
    Raise,
    ReadUnsaved,
    Reentrant,
    Removal,
    RemovalList,
    RemovalReady,
    RemovalTables,
    Rollback,
    SavedSessions,
    SessionRelease,
    SharedTest,
    Slot,
    Start,
    Step248,
    Step304,
    Step308,
    Step316,
    Step742,
    Step744,
    YesNo,
)
from .errors import BadBuild


@dataclass(frozen=True)
class Build:
    """The switches of one engine; `Build()` is safe, `Build.of({...})` reads words as the command line has them."""

    start: Start = Start.BLANK
    pool_at_start: PoolAtStart = PoolAtStart.ALL
    foreign_bits: YesNo = YesNo.NO
    exclusive: Exclusive = Exclusive.FENCES
    drain_412: Drain = Drain.AFTER_FLAG
    raise_412: Raise = Raise.TESTED
    path_437: Path = Path.NOT_TAKEN
    path_463: Path = Path.NOT_TAKEN
    path_428: Path = Path.NOT_TAKEN
    path_513: Path = Path.NOT_TAKEN
    lock_322: Held = Held.HELD
    lock_302: Held = Held.HELD
    lock_282: Slot = Slot.REREAD
    lock_342: Slot = Slot.REREAD
    reread_172: YesNo = YesNo.YES
    reread_222: YesNo = YesNo.YES
    lock_216: Held = Held.HELD
    lock_384: Lock384 = Lock384.HELD
    lock_238: Held = Held.HELD
    recheck_238: YesNo = YesNo.YES
    lock_404: Held = Held.HELD
    lock_482: Held = Held.HELD
    new_track: NewTrack = NewTrack.KEPT
    lock_306: NewTrack = NewTrack.RELEASED
    step_248: Step248 = Step248.CORRECTED
    retest_322: YesNo = YesNo.YES
    step_304: Step304 = Step304.STATUS
    saved_sessions: SavedSessions = SavedSessions.ACTIVE
    copy_order: CopyOrder = CopyOrder.COPY_FIRST
    step_308: Step308 = Step308.STILL_STANDARD
    step_316: Step316 = Step316.ATOMIC
    label_344: Label = Label.BOTH
    step_346: FullTrack = FullTrack.COPIED
    step_352: Bit352 = Bit352.AFTER_348
    step_356: SharedTest = SharedTest.MAP_BITS
    step_366: MovePointers = MovePointers.WRITER
    empty_map_368: EmptyMap = EmptyMap.LEFT
    pool: Pool = Pool.GROWS
    exhaustion: Exhaustion = Exhaustion.FAIL
    retest_456: YesNo = YesNo.YES
    retest_487: YesNo = YesNo.YES
    reentrant_487: Reentrant = Reentrant.YES
    list_order: ListOrder = ListOrder.BY_DEVICE
    list_scope: ListScope = ListScope.LIST_ID
    activation: Activation = Activation.FIG_19A
    rollback_486: Rollback = Rollback.HELD_ONLY
    step_466: Step466 = Step466.LISTED
    step_634: Step634 = Step634.REFUSED
    open_634: Reopened = Reopened.REFUSED
    group_members: GroupMembers = GroupMembers.OWN
    step_662: Step662 = Step662.DEFERRED
    test_485: Test485 = Test485.WAITING
    test_666: Test666 = Test666.OPENED
    removal_list: RemovalList = RemovalList.TAKEN_OFF
    removal_ready: RemovalReady = RemovalReady.NOT_READY_FIRST
    removal_session: Removal = Removal.EXCLUSIVE
    lock_371: Held = Held.HELD
    removal_tables: RemovalTables = RemovalTables.DISCARDED
    removal_return: BackAtOnce = BackAtOnce.LAST_BIT
    session_release: SessionRelease = SessionRelease.AT_END
    path_746a: Path = Path.NOT_TAKEN
    path_746b: Path = Path.NOT_TAKEN
    retest_736: YesNo = YesNo.YES
    step_742: Step742 = Step742.NOT_READY
    read_unsaved: ReadUnsaved = ReadUnsaved.REFUSED
    step_744: Step744 = Step744.VIRTUAL
    lock_756: Slot = Slot.REREAD
    restore_access: RestoreAccess = RestoreAccess.EXCLUSIVE
    test_551: Test551 = Test551.ANY
    restore_ready: RestoreReady = RestoreReady.NOT_READY_FIRST
    lock_564: Held = Held.HELD
    step_568: Step568 = Step568.LOGGED
    step_557: Step557 = Step557.KEPT
    migrated_session: MigratedSession = MigratedSession.FREED
    new_access: NewAccess = NewAccess.BOTH
    test_581: Test581 = Test581.CLEAN
    step_591: Step591 = Step591.LOGGED
    copy_source: CopySource = CopySource.CLOSED
    copy_access: CopyAccess = CopyAccess.EXCLUSIVE
    copy_labels: CopyLabels = CopyLabels.BOTH
    copy_session: CopySession = CopySession.OWN
    migrating: Migrating = Migrating.COPIED_FIRST
    migrated_bit: MigratedBit = MigratedBit.CLEARED
    read_indirect: ReadIndirect = ReadIndirect.COPIED
    write_indirect: WriteIndirect = WriteIndirect.COPY_FIRST
    follows: Follows = Follows.ALL
    step_782: Step782 = Step782.NEWEST

    @staticmethod
    def of(words: Mapping[str, str]) -> Build:
        """The safe build with these switches set (`{"copy_order": "pointer_first"}`); BadBuild for an unknown word."""
        kinds = get_type_hints(Build)
        known = [f.name for f in fields(Build)]
        chosen: dict[str, Any] = {}
        for name, word in words.items():
            if name not in known:
                raise BadBuild(f"switch {name!r}", "there is no such switch.", _near(name, known))
            values = {m.name.lower(): m for m in kinds[name]}
            if word.lower() not in values:
                raise BadBuild(f"switch {name}", f"{word!r} is not one of its values.", f"They are {', '.join(values)}.")
            chosen[name] = values[word.lower()]
        return Build(**chosen)

    def words(self) -> dict[str, str]:
        """Every switch with its value, as `of` reads them."""
        return {f.name: getattr(self, f.name).name.lower() for f in fields(self)}

    def departures(self) -> dict[str, str]:
        """The switches that differ from the safe build."""
        safe = Build().words()
        return {name: word for name, word in self.words().items() if safe[name] != word}


def _near(name: str, known: list[str]) -> str:
    hits = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return "Did you mean " + " or ".join(map(repr, hits)) + "?" if hits else f"Switches: {', '.join(known)}."


__all__ = ["Build"]
