"""What model and engine both say: states of session bytes and virtual devices, the exchange of adapters, what hosts ask for."""

from __future__ import annotations

from enum import Enum, IntEnum


class SessionByte(IntEnum):
    """The byte of a session in the header of a standard device: what a write to a protected track does.

    A `RESERVED` session without a virtual device whose bits are set belongs to an unrelated feature.  `RESTORED` says that
    its virtual device has been restored (555), `MIGRATING` that tracks are indirect because of that (558).
    """

    FREE = 0
    RESERVED = 1
    INACTIVE = 2
    ACTIVE = 3
    RESTORED = 4
    MIGRATING = 5


class VirtualState(IntEnum):
    """What has become of a virtual device."""

    UNUSED = 0
    REGISTERED = 1
    RELATING = 2
    RELATED = 3
    ACTIVE = 4
    REMOVING = 5
    RESTORING = 6
    DEACTIVATED = 7


class Mail(IntEnum):
    """The exchange of one host adapter with a disk adapter: request 326, status 318."""

    EMPTY = 0
    REQUEST = 1
    TAKEN = 2
    STATUS_OK = 3
    STATUS_ERROR = 4


class Word(Enum):
    """What a host may ask for."""

    READ = "read"
    WRITE = "write"
    LOOK_UP = "look-up"
    REGISTER = "register"
    RELATE = "relate"
    ACTIVATE = "activate"
    ACTIVATE_ONE = "activate-one"
    BEGIN_GROUP = "begin-group"
    PROCESS_GROUP = "process-group"
    REMOVE = "remove"
    WRITE_ENTRY = "write-entry"
    MODIFY_ENTRY = "modify-entry"
    ESTABLISH = "establish"
    RESTORE = "restore"
    RESTORE_NEW = "restore-new"
    RESTORE_VIRTUAL = "restore-virtual"
    COPY_BACK = "copy-back"
    DEACTIVATE = "deactivate"
    READ_SAVED = "read-saved"
    READ_BIT = "read-bit"
    SAVE = "save"
    ROLL_BACK = "roll-back"
