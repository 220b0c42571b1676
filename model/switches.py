"""What may differ between embodiments, and every named fault: one switch each, with its value in three profiles.

`safe` is the discipline under which everything holds; each part of it is needed, which `faults.toml` shows by
taking it away.  `text-strict` reads the description literally and adds no lock.  `text-charitable` assumes
locks wherever the text says "when needed", but keeps its orders, masks and releases.
"""

from __future__ import annotations

from snapproof.spec import Contradiction, Range, Scope, constant, switch
from snapproof.vocabulary.group_values import GroupMembers, Reopened, Step466, Step634, Step662, Test485, Test666
from snapproof.vocabulary.restore_values import (
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
from snapproof.vocabulary.switch_values import (
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

from .sets import PairList, Session, StandardDevice, VirtualDevice


class Embodiment(Scope):
    """Dimensions and switches of one exploration of the storage device."""

    profiles = ("safe", "text-strict", "text-charitable")

    generations: int = constant(Range(0, 8), default=0, meaning="sets of saved tracks that a host keeps for a rolling backup (Fig. 29)")

    # --- where an exploration begins -------------------------------------------------------------
    start = switch(Start, default=Start.BLANK, figure="Figs. 15-19A",
                   meaning="how far the virtual devices have come in the initial state", setup=True)
    pool_at_start = switch(PoolAtStart, default=PoolAtStart.ALL,
                           figure="Fig. 4", meaning="how many log tracks exist in the initial state", setup=True)
    foreign_bits = switch(YesNo, default=YesNo.NO, figure="Fig. 8",
                          meaning="the last session number of each standard device is used by an unrelated feature", setup=True)

    # --- exclusive access ------------------------------------------------------------------------
    exclusive = switch(Exclusive, safe=Exclusive.FENCES, text_strict=Exclusive.CALLERS, text_charitable=Exclusive.FENCES,
                       figure="Figs. 15B-19A", meaning="whom exclusive access to a standard device keeps away")
    drain_412 = switch(Drain, default=Drain.AFTER_FLAG,
                       figure="Fig. 15B (412, silent)",
                       meaning="whether those inside a standard device are waited for before or after its flag is raised")
    raise_412 = switch(Raise, default=Raise.TESTED, figure="Fig. 6 (before), Fig. 15B (412)",
                       meaning="whether a flag that another call has raised is respected")
    path_437 = switch(Path, default=Path.NOT_TAKEN,
                      figure="Fig. 15B (419), Fig. 17", meaning="Register sets the session byte without exclusive access")
    path_463 = switch(Path, default=Path.NOT_TAKEN, figure="Fig. 18",
                      meaning="Relate sets pointers and headers without exclusive access")
    path_428 = switch(Path, default=Path.NOT_TAKEN, figure="Fig. 15C",
                      meaning="activating one pair sets the session byte without exclusive access")
    path_513 = switch(Path, default=Path.NOT_TAKEN, figure="Fig. 19A",
                      meaning="Activate sets the session bytes without exclusive access")

    # --- locks -----------------------------------------------------------------------------------
    lock_322 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.HELD, figure="Fig. 12",
                      meaning="the host adapter holds the track from the test 322 to the write 324")
    lock_302 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.HELD, figure="Fig. 11",
                      meaning="the disk adapter holds the track from the test 302 to the status 318")
    lock_282 = switch(Slot, safe=Slot.REREAD, text_strict=Slot.NONE, text_charitable=Slot.REREAD, figure="Fig. 6 (note), Fig. 10",
                      meaning="a reader of a virtual device locks the slot it was pointed to")
    lock_342 = switch(Slot, safe=Slot.REREAD, text_strict=Slot.NONE, text_charitable=Slot.REREAD, figure="Fig. 7, Fig. 13",
                      meaning="a writer of a virtual device locks the slot it was pointed to")
    reread_172 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.NO, figure="Fig. 7",
                        meaning="a writer of the entry pointed to reads the pointer again under the lock of 178 or 194")
    reread_222 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.NO, figure="Fig. 8",
                        meaning="a modifier of a virtual device's entry reads it again under the lock of 222")
    lock_216 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.HELD, figure="Fig. 8",
                      meaning="establishing in one call has exclusive access to the standard device while bits are set")
    lock_384 = switch(Lock384, safe=Lock384.HELD, text_strict=Lock384.NONE, text_charitable=Lock384.HELD, figure="Fig. 9 (234), Fig. 14",
                      meaning="a removal holds the log track from 384 to 388")
    lock_238 = switch(Held, default=Held.HELD, figure="Fig. 9",
                      meaning="the free list is locked while it is changed")
    recheck_238 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.YES, figure="Fig. 9",
                         meaning="the track chosen before the free list was locked is seen to be still the first")
    lock_404 = switch(Held, default=Held.HELD, figure="Fig. 15A",
                      meaning="session resources are locked while a number is chosen and reserved")
    lock_482 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.HELD, figure="Fig. 19A",
                      meaning="Activate holds the list from 482 to 512")
    new_track = switch(NewTrack, safe=NewTrack.KEPT, text_strict=NewTrack.RELEASED, text_charitable=NewTrack.KEPT,
                       figure="Fig. 9 (252), Fig. 13",
                       meaning="a writer of a virtual device keeps the new log track locked until it has written")
    # Nobody knows the log track before 308, and 308 comes last: with the writer's own pointer moved at 366 nothing
    # is gained by keeping it.  Moving the pointers of all others needs it (docs/findings.md).
    lock_306 = switch(NewTrack, default=NewTrack.RELEASED,
                      figure="Fig. 9 (252), Fig. 11",
                      meaning="a disk adapter keeps the new log track locked until its status 318")
    step_248 = switch(Step248, safe=Step248.CORRECTED, text_strict=Step248.AS_PRINTED, text_charitable=Step248.CORRECTED, figure="Fig. 9",
                      meaning="which manipulations unlock their tracks at 252")

    # --- writing a standard device ---------------------------------------------------------------
    retest_322 = switch(YesNo, default=YesNo.YES, figure="Fig. 12",
                        meaning="after the status the host adapter tests the bits again")
    step_304 = switch(Step304, safe=Step304.STATUS, text_strict=Step304.WRITE_ONLY, text_charitable=Step304.STATUS, figure="Fig. 11",
                      meaning="what a disk adapter does with a request for a track without bits")
    saved_sessions = switch(SavedSessions, safe=SavedSessions.ACTIVE, text_strict=SavedSessions.ALL_SET,
                            text_charitable=SavedSessions.ALL_SET, figure="Figs. 11, 16A",
                            meaning="for which of the set bits 308, 312 and 316 act")
    copy_order = switch(CopyOrder, safe=CopyOrder.COPY_FIRST, text_strict=CopyOrder.POINTER_FIRST, text_charitable=CopyOrder.POINTER_FIRST,
                        figure="Fig. 11", meaning="the order of the pointers 308, the copy 312 and the back pointer 314")
    step_308 = switch(Step308, safe=Step308.STILL_STANDARD, text_strict=Step308.ALWAYS, text_charitable=Step308.ALWAYS, figure="Fig. 11",
                      meaning="which pointers 308 moves")
    step_316 = switch(Step316, safe=Step316.ATOMIC, text_strict=Step316.WRITE_BACK, text_charitable=Step316.ATOMIC, figure="Fig. 11",
                      meaning="how 316 clears bits")

    # --- writing a virtual device ----------------------------------------------------------------
    label_344 = switch(Label, safe=Label.BOTH, text_strict=Label.NEITHER, text_charitable=Label.BOTH, figure="Fig. 13",
                       meaning="what a log track obtained at 344 is labelled with before it is pointed to")
    step_346 = switch(FullTrack, default=FullTrack.COPIED, figure="Fig. 13",
                      meaning="whether a write of a whole track copies the old data first")
    step_352 = switch(Bit352, default=Bit352.AFTER_348, figure="Fig. 13",
                      meaning="which comes first: the pointer 348 or the protection bit 352")
    step_356 = switch(SharedTest, safe=SharedTest.MAP_BITS, text_strict=SharedTest.ESTABLISHED, text_charitable=SharedTest.MAP_BITS,
                      figure="Fig. 13", meaning="how 356 finds out whether the log track is shared")
    step_366 = switch(MovePointers, default=MovePointers.WRITER,
                      figure="Fig. 13", meaning="whose pointers 366 moves to the new log track")
    # With the test of the map bits a map cannot become empty at 368, so `safe` needs no free step there.
    empty_map_368 = switch(EmptyMap, default=EmptyMap.LEFT, figure="Fig. 13",
                           meaning="what becomes of a log track whose map is empty after 368")

    # --- the log pool ----------------------------------------------------------------------------
    pool = switch(Pool, default=Pool.GROWS, figure="Fig. 4",
                  meaning="whether log tracks are created when none is free")
    exhaustion = switch(Exhaustion, safe=Exhaustion.FAIL, text_strict=Exhaustion.WAIT, text_charitable=Exhaustion.WAIT,
                        figure="Fig. 4 (silent)",
                        meaning="what a writer does when there is no log track and none can be created")

    # --- register, relate, activate --------------------------------------------------------------
    retest_456 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.NO, figure="Fig. 18",
                        meaning="Relate repeats the test 452 when it has exclusive access")
    retest_487 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.NO, figure="Fig. 19A",
                        meaning="Activate repeats the test 485 when it has exclusive access")
    reentrant_487 = switch(Reentrant, safe=Reentrant.YES, text_strict=Reentrant.NO, text_charitable=Reentrant.YES, figure="Fig. 19A",
                           meaning="a standard device that stands on the list twice is taken once")
    list_order = switch(ListOrder, safe=ListOrder.BY_DEVICE, text_strict=ListOrder.AS_RELATED, text_charitable=ListOrder.AS_RELATED,
                        figure="Figs. 18, 19A", meaning="the order of a list")
    list_scope = switch(ListScope, default=ListScope.LIST_ID,
                        figure="Figs. 18, 19A", meaning="whether callers name a list or share one")
    activation = switch(Activation, default=Activation.FIG_19A,
                        figure="Figs. 19A, 19B", meaning="whether all pairs of a list are activated together, or one by one")
    rollback_486 = switch(Rollback, safe=Rollback.HELD_ONLY, text_strict=Rollback.NONE, text_charitable=Rollback.HELD_ONLY,
                          figure="Fig. 19A", meaning="which devices an unsuccessful Activate lets go")

    # --- groups ----------------------------------------------------------------------------------
    step_466 = switch(Step466, default=Step466.LISTED, figure="Fig. 18",
                      meaning="whether Relate activates a pair that is not in a group at once")
    step_634 = switch(Step634, safe=Step634.REFUSED, text_strict=Step634.CLEARED, text_charitable=Step634.CLEARED, figure="Fig. 25",
                      meaning="what Begin Group does about pairs that wait on the list")
    open_634 = switch(Reopened, safe=Reopened.REFUSED, text_strict=Reopened.TAKEN_OVER, text_charitable=Reopened.TAKEN_OVER,
                      figure="Fig. 25 (silent)", meaning="what Begin Group does about a group that is open on the list")
    group_members = switch(GroupMembers, safe=GroupMembers.OWN, text_strict=GroupMembers.ANYBODY, text_charitable=GroupMembers.ANYBODY,
                           figure="Fig. 18 (groups)", meaning="whose Relate puts a pair in an open group")
    step_662 = switch(Step662, safe=Step662.DEFERRED, text_strict=Step662.ACTIVATES, text_charitable=Step662.DEFERRED, figure="Fig. 25",
                      meaning="what Activate does about pairs of an open group")
    test_485 = switch(Test485, safe=Test485.WAITING, text_strict=Test485.PERFORMED, text_charitable=Test485.WAITING, figure="Fig. 19A",
                      meaning="what Activate asks of each pair of a list")
    test_666 = switch(Test666, safe=Test666.OPENED, text_strict=Test666.NOT_TESTED, text_charitable=Test666.NOT_TESTED,
                      figure="Fig. 25 (silent)", meaning="what Process Group asks before it activates")

    # --- removal ---------------------------------------------------------------------------------
    removal_list = switch(RemovalList, safe=RemovalList.TAKEN_OFF, text_strict=RemovalList.LEFT, text_charitable=RemovalList.LEFT,
                          figure="Fig. 14 (silent)", meaning="whether removal takes the pair off its list")
    removal_ready = switch(RemovalReady, safe=RemovalReady.NOT_READY_FIRST, text_strict=RemovalReady.READY_UNTIL_DONE,
                           text_charitable=RemovalReady.NOT_READY_FIRST, figure="Fig. 14",
                           meaning="when a virtual device being removed stops being ready")
    removal_session = switch(Removal, safe=Removal.EXCLUSIVE, text_strict=Removal.UNCHANGED, text_charitable=Removal.UNCHANGED,
                             figure="Fig. 14 (silent)", meaning="how removal stops the session before it starts")
    lock_371 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.NONE, figure="Figs. 14 (silent), 27",
                      meaning="a removal waits while somebody has exclusive access to the virtual device")
    removal_tables = switch(RemovalTables, default=RemovalTables.DISCARDED, figure="Fig. 14",
                            meaning="what becomes of the table of a removed virtual device")
    removal_return = switch(BackAtOnce, default=BackAtOnce.LAST_BIT,
                            figure="Fig. 14", meaning="when 386 returns a log track to the free list")
    session_release = switch(SessionRelease, safe=SessionRelease.AT_END, text_strict=SessionRelease.NEVER,
                             text_charitable=SessionRelease.NEVER, figure="Figs. 14, 15A (silent)",
                             meaning="when removal gives the session number back")

    # --- deactivation ----------------------------------------------------------------------------
    path_746a = switch(Path, default=Path.NOT_TAKEN, figure="Fig. 27 (746)",
                       meaning="deactivation goes without exclusive access to the virtual device")
    path_746b = switch(Path, default=Path.NOT_TAKEN, figure="Fig. 27 (746)",
                       meaning="deactivation goes without exclusive access to the standard device")
    retest_736 = switch(YesNo, safe=YesNo.YES, text_strict=YesNo.NO, text_charitable=YesNo.NO, figure="Fig. 27 (silent)",
                        meaning="deactivation asks with both devices in hand whether the virtual device still is active")
    step_742 = switch(Step742, default=Step742.NOT_READY, figure="Fig. 27", meaning="what a deactivated device is ready for")
    read_unsaved = switch(ReadUnsaved, safe=ReadUnsaved.REFUSED, text_strict=ReadUnsaved.STANDARD, text_charitable=ReadUnsaved.STANDARD,
                          figure="Figs. 10, 28 (754)",
                          meaning="how a host reads a track that a device which is ready for reads only has not saved")
    step_744 = switch(Step744, safe=Step744.VIRTUAL, text_strict=Step744.AS_PRINTED, text_charitable=Step744.VIRTUAL, figure="Fig. 27",
                      meaning="the device whose exclusive access 744 ends")
    lock_756 = switch(Slot, safe=Slot.REREAD, text_strict=Slot.NONE, text_charitable=Slot.REREAD, figure="Fig. 6 (note), Fig. 28",
                      meaning="a reader of a saved track locks the log track")

    # --- restore to the standard device ----------------------------------------------------------
    restore_access = switch(RestoreAccess, safe=RestoreAccess.EXCLUSIVE, text_strict=RestoreAccess.NONE,
                            text_charitable=RestoreAccess.EXCLUSIVE, figure="Fig. 21 (locking)",
                            meaning="what keeps others away from a standard device that is restored")
    test_551 = switch(Test551, safe=Test551.ANY, text_strict=Test551.NOT_TESTED, text_charitable=Test551.ACTIVE,
                      figure="Fig. 20B", meaning="which other sessions of the standard device forbid a restore to it")
    restore_ready = switch(RestoreReady, safe=RestoreReady.NOT_READY_FIRST, text_strict=RestoreReady.READY_UNTIL_DONE,
                           text_charitable=RestoreReady.READY_UNTIL_DONE, figure="Fig. 21 (silent)",
                           meaning="when a virtual device that is restored stops being ready")
    lock_564 = switch(Held, safe=Held.HELD, text_strict=Held.NONE, text_charitable=Held.HELD, figure="Fig. 21 (locking)",
                      meaning="a restore waits for those who hold the log track before a standard track points to it")
    step_568 = switch(Step568, default=Step568.LOGGED, figure="Fig. 21",
                      meaning="error processing of a protection bit that is not what the pointer says")
    step_557 = switch(Step557, safe=Step557.KEPT, text_strict=Step557.CLEARED, text_charitable=Step557.CLEARED, figure="Fig. 21",
                      meaning="what becomes of the map bits of the virtual device that was restored")
    new_access = switch(NewAccess, safe=NewAccess.BOTH, text_strict=NewAccess.NONE, text_charitable=NewAccess.BOTH,
                        figure="Fig. 22 (locking)", meaning="what keeps others away while a virtual device is restored to a new device")
    test_581 = switch(Test581, safe=Test581.CLEAN, text_strict=Test581.NOT_TESTED, text_charitable=Test581.NOT_TESTED,
                      figure="Fig. 20C (silent)", meaning="what a new standard device must be before it is restored to")
    step_591 = switch(Step591, default=Step591.LOGGED, figure="Fig. 22",
                      meaning="error processing of a protection bit that is not what the pointer says, beside a new device")
    copy_source = switch(CopySource, safe=CopySource.CLOSED, text_strict=CopySource.OPEN, text_charitable=CopySource.OPEN,
                         figure="Fig. 20E (silent)",
                         meaning="whether hosts may write to a virtual device while it is restored to a new virtual device")
    copy_access = switch(CopyAccess, safe=CopyAccess.EXCLUSIVE, text_strict=CopyAccess.NONE, text_charitable=CopyAccess.EXCLUSIVE,
                         figure="Fig. 20E (silent)",
                         meaning="what keeps others away from the standard device of a virtual device that is restored to a new one")
    copy_labels = switch(CopyLabels, safe=CopyLabels.BOTH, text_strict=CopyLabels.NEITHER, text_charitable=CopyLabels.BOTH,
                         figure="Fig. 20E (silent)", meaning="what a new virtual device has besides the pointers of the one restored to it")
    copy_session = switch(CopySession, safe=CopySession.OWN, text_strict=CopySession.SHARED, text_charitable=CopySession.OWN,
                          figure="Fig. 20E (silent)", meaning="whose session number a new virtual device has")
    migrating = switch(Migrating, default=Migrating.COPIED_FIRST, figure="Figs. 16, 20C",
                       meaning="what a write does about a set bit of a session whose tracks migrate to another device")
    migrated_bit = switch(MigratedBit, safe=MigratedBit.CLEARED, text_strict=MigratedBit.LEFT, text_charitable=MigratedBit.CLEARED,
                          figure="Fig. 20C", meaning="the protection bit of a track that has been copied to the new device")
    migrated_session = switch(MigratedSession, safe=MigratedSession.FREED, text_strict=MigratedSession.KEPT,
                              text_charitable=MigratedSession.KEPT, figure="Fig. 21 (silent)",
                              meaning="what becomes of the session number when all tracks are direct again")
    read_indirect = switch(ReadIndirect, default=ReadIndirect.COPIED, figure="Fig. 20B",
                           meaning="how a host reads a standard track that is indirect")
    write_indirect = switch(WriteIndirect, default=WriteIndirect.COPY_FIRST, figure="Fig. 21",
                            meaning="how a host writes a standard track that is indirect")
    follows = switch(Follows, safe=Follows.ALL, text_strict=Follows.HOSTS, text_charitable=Follows.ALL, figure="Figs. 10, 11, 13, 20B",
                     meaning="who finds the data of an indirect standard track on the log device")

    step_782 = switch(Step782, safe=Step782.NEWEST, text_strict=Step782.STANDARD, text_charitable=Step782.STANDARD, figure="Fig. 30",
                      meaning="where the way back through a rolling backup begins")

    contradictions = (
        Contradiction(lambda c: c.foreign_bits == YesNo.YES and c.size(Session) < 2,
                      "foreign_bits takes one session number, and there is no other.", "Give Session = 2 or more."),
        Contradiction(lambda c: c.pool == Pool.FIXED and c.pool_at_start == PoolAtStart.NONE,
                      "a fixed pool that starts with no log track stays empty.",
                      'Write pool = "grows" or pool_at_start = "all" or "one".'),
        Contradiction(lambda c: c.list_scope == ListScope.GLOBAL and c.size(PairList) > 1,
                      "list_scope is global, and PairList is more than one.", 'Write PairList = 1 or list_scope = "list_id".'),
        Contradiction(lambda c: c.drain_412 == Drain.BEFORE_FLAG and c.exclusive < Exclusive.DRAINS,
                      "exclusive access drains nothing here, so drain_412 decides nothing.",
                      'Leave out drain_412, or write exclusive = "drains" or "fences".'),
        Contradiction(lambda c: c.activation == Activation.FIG_19B and (
                          c.rollback_486 != Rollback.HELD_ONLY or c.reentrant_487 == Reentrant.NO),
                      "in Fig. 19B Activate holds one device at a time, so rollback_486 and reentrant_487 decide nothing.",
                      "Leave them out, or write activation = \"fig_19a\"."),
        Contradiction(lambda c: c.path_513 == Path.TAKEN and c.rollback_486 != Rollback.HELD_ONLY,
                      "on path 513 Activate holds no device, so rollback_486 decides nothing.",
                      "Leave out one of path_513 and rollback_486."),
        Contradiction(lambda c: c.path_513 == Path.TAKEN and c.reentrant_487 == Reentrant.NO,
                      "on path 513 Activate takes no device, so reentrant_487 decides nothing.",
                      "Leave out one of path_513 and reentrant_487."),
    )
    needs = (
        Contradiction(lambda c: c.start == Start.MIXED and c.size(VirtualDevice) < 2,
                      "start is mixed, an active virtual device and related ones, and there is one virtual device.",
                      'Give VirtualDevice = 2 or more, or write start = "first".'),
        Contradiction(lambda c: c.start not in (Start.BLANK, Start.FIRST) and
                      c.size(VirtualDevice) > c.size(StandardDevice) * (c.size(Session) - c.foreign_bits),
                      "start takes a session number for every virtual device, and the standard devices have fewer.",
                      'Give a larger Session or StandardDevice, a smaller VirtualDevice, or write start = "first" or "blank".'),
    )


__all__ = ["Embodiment"]
