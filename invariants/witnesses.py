"""What must be reachable: a scenario in which nothing of the kind happens proves nothing."""

from __future__ import annotations

from snapproof.model import activate, log_tracks, register, relate, removal, standard_write, virtual_write
from snapproof.model.encoding import is_virtual
from snapproof.model.groups import lacking
from snapproof.model.sets import PairList, Position, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.standard_write import active_bits
from snapproof.model.state import ALL_BLOCKS, NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import count, has, witness
from snapproof.vocabulary.states import Mail, SessionByte, VirtualState


@witness("W1")
def two_devices_share_a_log_track(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice, t: Track) -> bool:
    """Two active virtual devices point to the same log track (Fig. 4)."""
    return v < w and both_active(s, v, w) and s.pointer[v, t] != STANDARD and s.pointer[v, t] == s.pointer[w, t]


def both_active(s: Array, v: int, w: int) -> bool:
    """Are two virtual devices active and of the same standard device?"""
    return (s.vdev_state[v] == VirtualState.ACTIVE and s.vdev_state[w] == VirtualState.ACTIVE
            and s.std_of[v] == s.std_of[w])


@witness("W2")
def two_devices_differ_in_their_log_tracks(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice, t: Track) -> bool:
    """Two active virtual devices of one standard device point to different log tracks for the same track."""
    return (v < w and both_active(s, v, w) and s.pointer[v, t] != STANDARD and s.pointer[w, t] != STANDARD
            and s.pointer[v, t] != s.pointer[w, t])


@witness("W3")
def bits_are_set_again(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """After the status a host adapter finds a bit of a new session and asks again (326)."""
    return ha.at(standard_write.send_protection_request) and ha.mail == Mail.STATUS_OK


@witness("W4")
def written_in_place(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A virtual device is written in its own log track (358)."""
    return ha.at(virtual_write.write_in_place)


@witness("W5")
def shared_track_is_split(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A write to a virtual device splits a shared log track (362 to 369)."""
    return ha.at(virtual_write.write_after_split)


@witness("W6a")
def last_map_bit_cleared(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A removal clears the last map bit of a log track (386)."""
    return ha.at(removal.test_last_map_bit) and s.map_bits[max(ha.entry, 0)] == 0


@witness("W6b")
def another_map_bit_left(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A removal finds that another virtual device still uses the log track (386)."""
    return ha.at(removal.test_last_map_bit) and s.map_bits[max(ha.entry, 0)] != 0


@witness("W7")
def inactive_bit_stays(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A standard track is written while only bits of inactive sessions are set on it (322'')."""
    if not ha.at(standard_write.write_standard_track) or is_virtual(c, ha.device):
        return False
    return s.protection[ha.device, ha.track] != 0 and active_bits(s, c, ha.device, ha.track) == 0


@witness("W8")
def mixed_bits_met(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A host adapter finds bits of active and of inactive sessions on one track."""
    if not ha.at(standard_write.send_protection_request) or is_virtual(c, ha.device):
        return False
    active = active_bits(s, c, ha.device, ha.track)
    return active != 0 and active != s.protection[ha.device, ha.track]


@witness("W9")
def no_session_left(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Register finds no free session number (442)."""
    return ha.at(register.reserve_session) and ha.reserved == c.size(Session)


@witness("W10")
def activation_rolled_back(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """An unsuccessful Activate has devices to let go (486)."""
    return ha.at(activate.include_before_error)


@witness("W12")
def two_volumes_share_the_pool(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice, t: Track) -> bool:
    """Active virtual devices of two volumes both have old data in the log pool."""
    if v >= w or s.std_of[v] == s.std_of[w] or s.pointer[v, t] == STANDARD or s.pointer[w, t] == STANDARD:
        return False
    return s.vdev_state[v] == VirtualState.ACTIVE and s.vdev_state[w] == VirtualState.ACTIVE


@witness("W18")
def pool_grows(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The pool creates a log track for a writer of a virtual device."""
    return ha.at(log_tracks.grow_log_pool)


@witness("W18d")
def pool_grows_for_copy(s: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """The pool creates a log track to save old data."""
    return da.at(log_tracks.grow_log_pool)


@witness("W23")
def whole_track_skips_copy(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A write of a whole track does not copy the old data (346)."""
    return ha.at(virtual_write.label_new_track) and ha.block == ALL_BLOCKS and s.log_data[max(ha.fresh, 0), 0] == NONE


@witness("W24a")
def empty_list_activated(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """An empty list is activated."""
    return ha.at(activate.empty_list) and ha.list_length == 0


@witness("W24b")
def one_pair_activated(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A list of one pair is activated."""
    return ha.at(activate.empty_list) and ha.list_length == 1


@witness("W26")
def session_number_reused(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Register reserves a number while another virtual device is being removed."""
    if not ha.at(register.reserve_session) or ha.reserved == c.size(Session):
        return False
    return s.session_byte[ha.standard, ha.reserved] == SessionByte.FREE and count(removing(s, c)) > 0


def removing(s: Array, c: Embodiment) -> int:
    """The virtual devices being removed, as a mask."""
    mask = 0
    for v in c.each(VirtualDevice):
        if s.vdev_state[v] == VirtualState.REMOVING:
            mask = mask | (1 << v)
    return mask


@witness("W27")
def bit_of_another_session_kept(s: Array, c: Embodiment, da: DiskAdapter, v: VirtualDevice, t: Track) -> bool:
    """Old data is being saved for one session while the bit of another, inactive one is set on the track."""
    return (da.mask != 0 and s.vdev_state[v] == VirtualState.RELATED and has(s.protection[s.std_of[v], t], s.session_of[v])
            and not has(da.mask, s.session_of[v]))


@witness("W28")
def kept_entry_met(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """Relate meets an entry that the virtual device has kept from its life before (458)."""
    return ha.at(relate.point_to_standard) and s.pointer[ha.virtual, min(ha.due_track, c.size(Track) - 1)] != STANDARD


@witness("W29")
def flag_waits_for_a_write(s: Array, c: Embodiment, ha: HostAdapter, hb: HostAdapter, d: StandardDevice) -> bool:
    """A call has raised its flag (412) while a host adapter is between 322 and 324 on the device, and waits for it."""
    return s.device_lock[d] == ha.number and hb.at(standard_write.write_standard_track) and hb.device == d


@witness("W30")
def call_waits_for_a_flag(s: Array, c: Embodiment, ha: HostAdapter, hb: HostAdapter, d: StandardDevice) -> bool:
    """A call meets the flag of another one that is itself waiting for those who are inside."""
    if ha.number == hb.number or s.device_lock[d] != ha.number or not ha.at(activate.drain_to_activate):
        return False
    return hb.at(activate.exclude_to_activate_one) and s.std_of[hb.virtual] == d


@witness("W11")
def write_meets_a_group(s: Array, c: Embodiment, ha: HostAdapter, i: PairList) -> bool:
    """A write is about to be tested (322) on a device whose pair of a list is activated, while another pair waits."""
    return ha.at(standard_write.test_protection_bits) and has(lacking(s, c, min(ha.device, c.size(StandardDevice) - 1)), i)


def shows_write(s: Array, v: int) -> bool:
    """Is the first block of the image of an active virtual device not what all blocks are at the start?"""
    return s.vdev_state[v] == VirtualState.ACTIVE and s.image[v, 0, 0] != 0


@witness("W31a")
def group_has_both_writes(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice) -> bool:
    """The images of two volumes have what was written to both."""
    return s.std_of[v] != s.std_of[w] and shows_write(s, v) and shows_write(s, w)


@witness("W31b")
def group_has_one_write(s: Array, c: Embodiment, v: VirtualDevice, w: VirtualDevice) -> bool:
    """The image of one volume has what was written to it, while that of another one has not, though it was written."""
    return (shows_write(s, v) and s.vdev_state[w] == VirtualState.ACTIVE and s.image[w, 0, 0] == 0
            and s.std_of[w] != s.std_of[v] and s.std_data[s.std_of[w], 0, 0] != 0)


@witness("W32")
def activation_fails_behind_its_first_pair(s: Array, c: Embodiment, ha: HostAdapter, i: PairList) -> bool:
    """An Activate fails while the first pair of its list is related still, and the second one active already."""
    if not ha.at(activate.fail_activation) or s.list_lock[i] != ha.number or s.pairs[i, 0] == NONE:
        return False
    second = s.pairs[i, min(1, c.size(Position) - 1)]
    return (second != NONE and s.vdev_state[max(second, 0)] == VirtualState.ACTIVE
            and s.vdev_state[max(s.pairs[i, 0], 0)] == VirtualState.RELATED)
