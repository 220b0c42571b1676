"""The values of the engine's switches; `switches.py` says what each decides by default."""

from __future__ import annotations

from enum import IntEnum


class YesNo(IntEnum):
    """No or yes."""

    NO = 0
    YES = 1


class Start(IntEnum):
    """How far the virtual devices of a new array are; each stands for the standard device of its number, modulo theirs."""

    BLANK = 0
    RELATED = 1
    MIXED = 2
    FIRST = 3
    ESTABLISHED = 4


class PoolAtStart(IntEnum):
    """Log tracks that a new array has created already."""

    ALL = 0
    ONE = 1
    NONE = 2


class Exclusive(IntEnum):
    """Who is kept away; each value adds to the ones before."""

    CALLERS = 0
    BLOCKS = 1
    DRAINS = 2
    FENCES = 3


class Drain(IntEnum):
    """When a call waits for those inside a standard device."""

    AFTER_FLAG = 0
    BEFORE_FLAG = 1


class Raise(IntEnum):
    """Whether a raised flag stops the next call."""

    TESTED = 0
    UNTESTED = 1


class Path(IntEnum):
    """Whether the way around exclusive access is taken."""

    NOT_TAKEN = 0
    TAKEN = 1


class Held(IntEnum):
    """Whether a lock is held."""

    NONE = 0
    HELD = 1


class Slot(IntEnum):
    """What a process that comes through a virtual device locks."""

    NONE = 0
    NO_REREAD = 1
    REREAD = 2


class NewTrack(IntEnum):
    """How long a log track just obtained stays locked."""

    RELEASED = 0
    KEPT = 1


class Step248(IntEnum):
    """When 252 unlocks."""

    AS_PRINTED = 0
    CORRECTED = 1


class Step304(IntEnum):
    """What 304 does."""

    STATUS = 0
    WRITE_AND_STATUS = 1
    WRITE_ONLY = 2
    NOTHING = 3


class SavedSessions(IntEnum):
    """Sessions whose old data is saved."""

    ACTIVE = 0
    ALL_SET = 1


class CopyOrder(IntEnum):
    """Order of copy 312, back pointer 314 and pointers 308."""

    COPY_FIRST = 0
    BACK_POINTER_LAST = 1
    POINTER_FIRST = 2


class Step308(IntEnum):
    """Pointers that 308 moves."""

    STILL_STANDARD = 0
    ALWAYS = 1


class Step316(IntEnum):
    """How bits leave the word."""

    ATOMIC = 0
    WRITE_BACK = 1


class Label(IntEnum):
    """What a log track obtained at 344 is told."""

    BOTH = 0
    NO_MAP_BITS = 1
    NO_BACK_POINTER = 2
    NEITHER = 3


class FullTrack(IntEnum):
    """The old data under a write of the whole track."""

    COPIED = 0
    SKIPPED = 1


class Bit352(IntEnum):
    """Protection bit after or before the pointer."""

    AFTER_348 = 0
    BEFORE_348 = 1


class SharedTest(IntEnum):
    """What 356 counts."""

    MAP_BITS = 0
    ESTABLISHED = 1


class MovePointers(IntEnum):
    """Who gets the new log track at 366."""

    WRITER = 0
    OTHERS = 1


class EmptyMap(IntEnum):
    """An old log track without users after 368."""

    LEFT = 0
    FREED = 1


class Pool(IntEnum):
    """Can log tracks be created?"""

    FIXED = 0
    GROWS = 1


class Exhaustion(IntEnum):
    """What happens without a log track."""

    FAIL = 0
    WAIT = 1


class Reentrant(IntEnum):
    """May a holder take its device again?"""

    NO = 0
    YES = 1


class ListOrder(IntEnum):
    """Order of a list."""

    BY_DEVICE = 0
    AS_RELATED = 1


class ListScope(IntEnum):
    """One list for all, or many."""

    LIST_ID = 0
    GLOBAL = 1


class Activation(IntEnum):
    """Which of the two flow charts Activate follows."""

    FIG_19A = 0
    FIG_19B = 1


class Rollback(IntEnum):
    """Devices that an unsuccessful Activate lets go."""

    HELD_ONLY = 0
    NONE = 1
    WHOLE_LIST = 2


class RemovalList(IntEnum):
    """Does a removed pair leave its list?"""

    TAKEN_OFF = 0
    TAKEN_OFF_ONCE = 1
    LEFT = 2


class RemovalReady(IntEnum):
    """When a removed device stops being ready."""

    NOT_READY_FIRST = 0
    READY_UNTIL_DONE = 1


class Removal(IntEnum):
    """How removal stops the session."""

    EXCLUSIVE = 0
    STORE_ONLY = 1
    UNCHANGED = 2


class RemovalTables(IntEnum):
    """The entries of a removed device."""

    DISCARDED = 0
    RETAINED = 1


class BackAtOnce(IntEnum):
    """When 386 returns the log track."""

    LAST_BIT = 0
    AT_ONCE = 1


class SessionRelease(IntEnum):
    """When the session number is free again."""

    AT_END = 0
    AT_START = 1
    NEVER = 2
