"""A rolling backup: a host keeps what each virtual device in turn has saved, and goes back with it (Figs. 29, 30).

A program is the loop of Fig. 29: it establishes the new virtual device (762), deactivates the old one (764), and saves what that has
(766).  What is kept is the host's, in the order in which it was saved, and stays when the device is removed.  Fig. 30 begins with
the current image and applies what is kept, the most recent first, until it is as old as it should be.

A host's own memory takes no part in what adapters do: a set is applied in one step, and one host works with the backup at a time.
"""

from __future__ import annotations

from snapproof.spec import DONE, WAIT, Next, step
from snapproof.vocabulary.restore_values import Step782
from snapproof.vocabulary.states import VirtualState

from .indirect_tracks import contents_for_devices
from .locks import track_available
from .parts import BACKS_UP, ENDS, REFUSES, TESTS, WORKS
from .sets import Block, Track
from .state import NOBODY, STANDARD, Array, HostAdapter
from .switches import Embodiment


def backup_in_use(s: Array, ha: HostAdapter) -> bool:
    """Does another host work with the backup?"""
    return any(hb.at(BACKS_UP) and hb.number != ha.number for hb in s.all(HostAdapter))


# --- Fig. 29 -----------------------------------------------------------------------------------------------------


@step(HostAdapter, "766 test", "Fig. 29", TESTS)
def test_to_save(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the virtual device deactivated, and is there room for another set?"""
    if backup_in_use(s, ha):
        return WAIT
    if s.vdev_state[ha.virtual] != VirtualState.DEACTIVATED or s.kept == c.generations:
        return refuse_backup
    return save_track


def keep_set(s: Array, c: Embodiment, vdev: int) -> None:
    """The set is complete, and the most recent one."""
    for t in c.each(Track):
        for b in c.each(Block):
            s.kept_image[s.kept, t, b] = s.image[vdev, t, b]
    s.kept = s.kept + 1


@step(HostAdapter, "766", "Fig. 29", WORKS, ENDS, BACKS_UP)
def save_track(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Read the next track, if the device has saved it (Fig. 28); behind the last one the set is kept."""
    if s.vdev_state[ha.virtual] != VirtualState.DEACTIVATED:
        return refuse_backup
    entry = s.pointer[ha.virtual, ha.due_track]
    if entry != STANDARD and s.log_lock[max(entry, 0)] != NOBODY:
        return WAIT
    for b in c.each(Block):
        s.saved[s.kept, ha.due_track, b] = 0 if entry == STANDARD else s.log_data[max(entry, 0), b] + 1
    ha.due_track = ha.due_track + 1
    if ha.due_track < c.size(Track):
        return save_track
    keep_set(s, c, ha.virtual)
    return DONE


# --- Fig. 30 -----------------------------------------------------------------------------------------------------


@step(HostAdapter, "782 test", "Fig. 30", TESTS)
def test_to_roll_back(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is there a set that old, and is the virtual device active with which the image begins?"""
    if backup_in_use(s, ha):
        return WAIT
    active = s.vdev_state[ha.virtual] == VirtualState.ACTIVE
    return start_with_image if ha.goal < s.kept and active else refuse_backup


@step(HostAdapter, "782", "Fig. 30", WORKS, BACKS_UP)
def start_with_image(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Start with the current data image, track by track: what the newest virtual device shows, or what is on the standard device."""
    std = s.std_of[ha.virtual]
    if s.vdev_state[ha.virtual] != VirtualState.ACTIVE:
        return refuse_backup
    entry = s.pointer[ha.virtual, ha.due_track] if c.step_782 == Step782.NEWEST else STANDARD
    held = not track_available(s, c, ha, std, ha.due_track) if entry == STANDARD else s.log_lock[max(entry, 0)] != NOBODY
    if held or s.virtual_lock[ha.virtual] != NOBODY:
        return WAIT
    for b in c.each(Block):
        found = contents_for_devices(s, c, std, ha.due_track, b) if entry == STANDARD else s.log_data[max(entry, 0), b]
        s.rolled[ha.due_track, b] = max(found, 0)
    ha.due_track = ha.due_track + 1
    return start_with_image if ha.due_track < c.size(Track) else point_to_most_recent


@step(HostAdapter, "784", "Fig. 30", TESTS, BACKS_UP)
def point_to_most_recent(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the set that was saved last."""
    ha.set_place = s.kept
    return apply_saved_tracks


@step(HostAdapter, "786", "Fig. 30", WORKS, BACKS_UP)
def apply_saved_tracks(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Apply the tracks of the set to the image."""
    for t in c.each(Track):
        for b in c.each(Block):
            if s.saved[max(ha.set_place - 1, 0), t, b] > 0:
                s.rolled[t, b] = s.saved[max(ha.set_place - 1, 0), t, b] - 1
    return next_most_recent


@step(HostAdapter, "788", "Fig. 30", TESTS, local=True)
def next_most_recent(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Point to the set that was saved before."""
    ha.set_place = max(ha.set_place - 1, 0)
    return test_time


@step(HostAdapter, "792", "Fig. 30", TESTS, local=True)
def test_time(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """Is the image as old as it should be?"""
    return return_image if ha.set_place == ha.goal else apply_saved_tracks


@step(HostAdapter, "792 image", "Fig. 30", WORKS, ENDS, BACKS_UP)
def return_image(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The image is returned, and kept no longer."""
    for t in c.each(Track):
        for b in c.each(Block):
            s.rolled[t, b] = 0
    return DONE


@step(HostAdapter, "766 error", "Figs. 29, 30 (silent)", REFUSES, ENDS, local=True)
def refuse_backup(s: Array, c: Embodiment, ha: HostAdapter) -> Next:
    """The device is not deactivated, or not active, or the backup has no room, or no set that old: an error is returned."""
    return DONE
