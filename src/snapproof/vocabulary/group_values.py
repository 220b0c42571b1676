"""The values of the switches of groups, each explained; `switch_values.py` has all others."""

from __future__ import annotations

from enum import IntEnum


class Step466(IntEnum):
    """What Relate does with a pair at its end."""

    LISTED = 0  # the pair waits on its list for Activate or Process Group
    ACTIVATED = 1  # outside of a group it is activated at once, and stands on no list
    ALWAYS = 2  # it is activated at once, in a group, too


class Step634(IntEnum):
    """What Begin Group does about pairs that wait on the list already."""

    REFUSED = 0  # it ends with an error: a group begins with an empty list
    CLEARED = 1  # the list is emptied: it is a new, empty one, as printed
    KEPT = 2  # they stay, and are in the group


class Reopened(IntEnum):
    """What Begin Group does about a group that is open on the list already."""

    REFUSED = 0  # it ends with an error
    TAKEN_OVER = 1  # the group is the caller's from now on


class GroupMembers(IntEnum):
    """Whose Relate puts a pair in an open group."""

    OWN = 0  # that of the host which has begun the group; the pairs of others wait until it is processed
    ANYBODY = 1  # everybody's: all pairs related after Begin Group are in it, as printed


class Step662(IntEnum):
    """What Activate does about pairs of an open group."""

    DEFERRED = 0  # nothing: Process Group activates them
    ACTIVATES = 1  # it activates them, as printed


class Test485(IntEnum):
    """What 485 asks of a pair."""

    WAITING = 0  # that it is related and waits for activation
    PERFORMED = 1  # that Relate was performed, as printed; it may be active since


class Test666(IntEnum):
    """What Process Group asks before it begins."""

    OPENED = 0  # that the caller has begun a group on the list
    NOT_TESTED = 1  # nothing: it activates the list
