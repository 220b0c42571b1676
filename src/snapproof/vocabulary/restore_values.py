"""The values of the switches of restores and indirect tracks, each explained; `switch_values.py` has all others."""

from __future__ import annotations

from enum import IntEnum


class RestoreAccess(IntEnum):
    """What keeps others away from a standard device while a virtual device is restored to it."""

    EXCLUSIVE = 0  # exclusive access, from before the first track until after 558
    NONE = 1  # nothing, as drawn


class Test551(IntEnum):
    """Which other sessions of the standard device forbid a restore to it."""

    ANY = 0  # every one that has a virtual device, or had one whose tracks still migrate
    ACTIVE = 1  # active ones: other virtual devices that are established
    NOT_TESTED = 2  # none: that there are no others is a statement, as printed


class RestoreReady(IntEnum):
    """Readiness of the virtual device that is restored."""

    NOT_READY_FIRST = 0  # before the first track is touched
    READY_UNTIL_DONE = 1  # until 557 deallocates it


class Step557(IntEnum):
    """The map bits of the virtual device that 557 deallocates."""

    KEPT = 0  # they stand for the indirect tracks from then on
    CLEARED = 1  # cleared as in Fig. 14; only the log tracks are not returned


class Step568(IntEnum):
    """Error processing of a protection bit that is not what the pointer says."""

    LOGGED = 0  # noted; the restore goes on
    SUSPENDED = 1  # the restore ends with an error where it is
    CORRECTED = 2  # the bit is cleared, which is right for either entry


class MigratedSession(IntEnum):
    """The session number of a restored virtual device."""

    FREED = 0  # given back when the last track is direct
    KEPT = 1  # no text has the step


class ReadIndirect(IntEnum):
    """A host reads a standard track that is indirect."""

    COPIED = 0  # the track is copied back first
    READ_THROUGH = 1  # the log track is read, and stays where it is


class WriteIndirect(IntEnum):
    """A host writes a standard track that is indirect."""

    COPY_FIRST = 0  # the track is copied back, then written
    IN_LOG_TRACK = 1  # the log track is written if nobody else uses it, as in the other embodiment


class Test581(IntEnum):
    """What is asked of a new standard device before a virtual device is restored to it."""

    CLEAN = 0  # it has no session of a virtual device, and no indirect track
    NO_SESSION = 1  # it has no session of a virtual device
    NOT_TESTED = 2  # nothing, as printed


class NewAccess(IntEnum):
    """What keeps others away while a virtual device is restored to a new standard device."""

    BOTH = 0  # exclusive access to the old and the new device, in their order, until 586
    OLD = 1  # exclusive access to the old device
    NEW = 2  # exclusive access to the new device
    NONE = 3  # nothing, as drawn


class Step591(IntEnum):
    """Error processing of a protection bit that is not what the pointer says, in a restore to a new device."""

    LOGGED = 0  # noted; the restore goes on
    SUSPENDED = 1  # the restore ends with an error where it is
    CORRECTED = 2  # the bit is set to the correct value


class CopySource(IntEnum):
    """A virtual device while it is restored to a new virtual device."""

    CLOSED = 0  # no host reads or writes it, as while it is deactivated (732)
    OPEN = 1  # hosts go on


class CopyAccess(IntEnum):
    """What keeps others away from its standard device meanwhile."""

    EXCLUSIVE = 0  # exclusive access, from before the first track until the new device is ready
    NONE = 1  # nothing: no text has the step


class CopyLabels(IntEnum):
    """What is set for the new virtual device besides its pointers."""

    BOTH = 0  # its protection bits and its map bits
    NO_MAP_BITS = 1  # its protection bits
    NO_PROTECTION_BITS = 2  # its map bits
    NEITHER = 3  # nothing: the text speaks of pointers only


class CopySession(IntEnum):
    """The session number of the new virtual device."""

    OWN = 0  # a free one of the standard device
    SHARED = 1  # that of the virtual device restored to it: a copy has what the original has


class Migrating(IntEnum):
    """What 302'' and 322'' do where a set bit belongs to a session whose tracks migrate to another device."""

    COPIED_FIRST = 0  # the track is copied there first, then the bits are tested again
    AS_ACTIVE = 1  # it is saved as for an active session
    AS_INACTIVE = 2  # nothing: the session is not active


class MigratedBit(IntEnum):
    """The protection bit of a track that has been copied to the new device."""

    CLEARED = 0  # cleared with the copy
    LEFT = 1  # as "may be cleared" allows; whoever meets it looks at the entry of the new device


class Follows(IntEnum):
    """Who finds the data of an indirect standard track on the log device."""

    ALL = 0  # hosts, and whoever copies or reads the track for a virtual device
    HOSTS = 1  # hosts that address the standard device, as the text says; 284, 312 and 346 see its own track


class Step782(IntEnum):
    """The current data image with which the way back begins."""

    NEWEST = 0  # what the newest virtual device shows: its point in time
    STANDARD = 1  # what is on the standard device, as printed
