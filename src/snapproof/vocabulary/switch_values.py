"""The values of the switches, each explained; `switches.py` says where they apply."""

from __future__ import annotations

from enum import IntEnum


class YesNo(IntEnum):
    """A plain choice."""

    NO = 0  # it does not
    YES = 1  # it does


class Start(IntEnum):
    """Virtual device i stands for standard device i modulo their number, in its next session."""

    BLANK = 0  # all virtual devices unused
    RELATED = 1  # all related, on the first list
    MIXED = 2  # the first active, the others related
    FIRST = 3  # the first active, the others unused
    ESTABLISHED = 4  # all active


class PoolAtStart(IntEnum):
    """How many of the log tracks that there is room for exist at the start."""

    ALL = 0  # all of them
    ONE = 1  # one; others are created when they are required (Fig. 4)
    NONE = 2  # none: each is created when it is required


class Exclusive(IntEnum):
    """What exclusive access to a standard device means; each value includes the ones before it."""

    CALLERS = 0  # other system calls that want it wait
    BLOCKS = 1  # host adapters take no new track of the device
    DRAINS = 2  # it is given only when no track of the device is held
    FENCES = 3  # disk adapters take no new track of the device


class Drain(IntEnum):
    """Order of the two halves of enabling exclusive access."""

    AFTER_FLAG = 0  # raise the flag, then wait until those who hold a track have let it go
    BEFORE_FLAG = 1  # wait until no track is held, then raise the flag


class Raise(IntEnum):
    """How the flag of a standard device is raised."""

    TESTED = 0  # only when nobody has it, test and set in one (Fig. 6: the hardware lock)
    UNTESTED = 1  # at once, whoever has it


class Path(IntEnum):
    """Whether an alternative path around exclusive access is taken."""

    NOT_TAKEN = 0  # exclusive access is enabled first and disabled behind, as drawn
    TAKEN = 1  # what is written is stored in one, and nothing is excluded


class Held(IntEnum):
    """Whether a lock is held."""

    NONE = 0  # nothing is held, and nobody is waited for
    HELD = 1  # it is taken before, and let go behind


class Slot(IntEnum):
    """How a process that goes through a virtual device holds what the table entry points to."""

    NONE = 0  # no lock
    NO_REREAD = 1  # lock it, and trust the entry read before
    REREAD = 2  # lock it, read the entry again, start anew when it has changed


class NewTrack(IntEnum):
    """How long the lock of a log track just obtained is kept."""

    RELEASED = 0  # until 252, as Fig. 9 prints it
    KEPT = 1  # until the activity ends


class Step248(IntEnum):
    """The condition of 248."""

    AS_PRINTED = 0  # unlock when only tracks of the free list were touched (and none was locked)
    CORRECTED = 1  # unlock when other tracks were touched (and locked at 234)


class Step304(IntEnum):
    """A disk adapter whose test 302 finds nothing to save."""

    STATUS = 0  # sends status; the host adapter writes
    WRITE_AND_STATUS = 1  # writes, and sends status
    WRITE_ONLY = 2  # writes, as printed: no status
    NOTHING = 3  # does nothing


class SavedSessions(IntEnum):
    """Which sessions the old data is saved for."""

    ACTIVE = 0  # those with a set bit that are active
    ALL_SET = 1  # all with a set bit, as printed


class CopyOrder(IntEnum):
    """Order of 308, 312 and 314."""

    COPY_FIRST = 0  # 312, 314, 308: the log track is complete before anything points to it
    BACK_POINTER_LAST = 1  # 312, 308, 314
    POINTER_FIRST = 2  # 308, 312, 314: as printed


class Step308(IntEnum):
    """Which pointers are moved."""

    STILL_STANDARD = 0  # those that still point to the standard track
    ALWAYS = 1  # those of every bit found at 302


class Step316(IntEnum):
    """How bits of the sixteen-bit word are cleared."""

    ATOMIC = 0  # and-not
    WRITE_BACK = 1  # store the word read at 302 without the bits


class Label(IntEnum):
    """What is written about a new log track besides its data."""

    BOTH = 0  # its map bit and its back pointer
    NO_MAP_BITS = 1  # its back pointer
    NO_BACK_POINTER = 2  # its map bit
    NEITHER = 3  # neither: no box of the branch says so


class FullTrack(IntEnum):
    """A write that covers the whole track."""

    COPIED = 0  # it is copied whatever is written
    SKIPPED = 1  # what is overwritten as a whole is not copied


class Bit352(IntEnum):
    """Order of 348 and 352."""

    AFTER_348 = 0  # the pointer first, as drawn
    BEFORE_348 = 1  # and the track is let go in between, each access locked alone as in Fig. 7


class SharedTest(IntEnum):
    """What 356 counts."""

    MAP_BITS = 0  # map bits of the log track
    ESTABLISHED = 1  # virtual devices established to the standard device


class MovePointers(IntEnum):
    """Which virtual devices get the new log track at 366."""

    WRITER = 0  # that of the device being written
    OTHERS = 1  # those of all others that share the log track


class EmptyMap(IntEnum):
    """An old log track that nobody uses after 368."""

    LEFT = 0  # nothing, as printed
    FREED = 1  # returned to the free list


class Pool(IntEnum):
    """Whether the pool can create log tracks."""

    FIXED = 0  # there are those of the start
    GROWS = 1  # one is created from the pool's room


class Exhaustion(IntEnum):
    """No log track is free and none can be created."""

    FAIL = 0  # the write ends with an error, nothing changed
    WAIT = 1  # it waits until one is free
    OVERWRITE = 2  # the write to a standard device is executed, its old data is saved nowhere, and nobody is told


class Reentrant(IntEnum):
    """A caller that already holds a device takes it again."""

    NO = 0  # it waits for itself
    YES = 1  # whoever has it goes on


class ListOrder(IntEnum):
    """Order of pairs on a list."""

    BY_DEVICE = 0  # by standard device: a new pair is put where its device belongs
    AS_RELATED = 1  # a new pair is put behind the others


class ListScope(IntEnum):
    """Which list Relate and Activate use."""

    LIST_ID = 0  # each call names a list
    GLOBAL = 1  # there is one list of the array


class Activation(IntEnum):
    """In which order Activate goes about its list."""

    FIG_19A = 0  # get exclusive access for all pairs, activate all, end exclusive access for all
    FIG_19B = 1  # test all pairs; then get exclusive access, activate and end exclusive access pair by pair


class Rollback(IntEnum):
    """What Activate lets go before the error 486."""

    HELD_ONLY = 0  # the devices it has taken
    NONE = 1  # nothing, as drawn
    WHOLE_LIST = 2  # the devices of the whole list, as 502-508 do


class Lock384(IntEnum):
    """A log track from which a removal takes its map bit."""

    NONE = 0  # nothing is held, and nobody is waited for
    HELD = 1  # it is taken before, and let go behind, or returned
    SKIPPED = 2  # the same; one that another process holds is left as it is


class RemovalList(IntEnum):
    """A pair on a list whose virtual device is removed."""

    TAKEN_OFF = 0  # and seen to be off it under exclusive access
    TAKEN_OFF_ONCE = 1  # before exclusive access; the pair may have come back since
    LEFT = 2  # it stays there


class RemovalReady(IntEnum):
    """Readiness during removal."""

    NOT_READY_FIRST = 0  # before the first track is touched
    READY_UNTIL_DONE = 1  # when all of it is done


class Removal(IntEnum):
    """The session byte during removal."""

    EXCLUSIVE = 0  # made inactive under exclusive access
    STORE_ONLY = 1  # made inactive without it
    UNCHANGED = 2  # left as it is


class RemovalTables(IntEnum):
    """The table of a removed virtual device."""

    DISCARDED = 0  # entries point to the standard device again
    RETAINED = 1  # entries stay as they are


class BackAtOnce(IntEnum):
    """When 388 is executed."""

    LAST_BIT = 0  # when the bit cleared was the last one
    AT_ONCE = 1  # always


class SessionRelease(IntEnum):
    """When a session number becomes free."""

    AT_END = 0  # when no bit of it is left
    AT_START = 1  # before the tracks are processed
    NEVER = 2  # no figure has the step


class Step742(IntEnum):
    """What 742 makes the virtual device."""

    NOT_READY = 0  # not ready to hosts at all
    READ_ONLY = 1  # not ready for writes only: hosts read what it has saved
    LEFT_READY = 2  # nothing: the inactive session of 736 is thought to be enough


class ReadUnsaved(IntEnum):
    """A host reads a track that a device which is ready for reads only has not saved."""

    REFUSED = 0  # an error, as 754; asked at 282, and again with the slot in hand
    REFUSED_ONCE = 1  # asked at 282 only
    STANDARD = 2  # 284, as Fig. 10 prints: the standard track, whatever has been written to it since


class Step744(IntEnum):
    """The device whose exclusive access 744 ends."""

    VIRTUAL = 0  # the one that 732 has taken
    AS_PRINTED = 1  # the standard one, once more
