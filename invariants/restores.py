"""I13, I21, I24x: restores to standard devices, and the indirect tracks that they leave (Figs. 20B, 20C, 21, 22)."""

from __future__ import annotations

from snapproof.model import indirect_tracks, restore, restore_new
from snapproof.model.encoding import Assigned, Direct, OnLog, OnStandard, entry_words, extra_words, is_virtual, virtual_device
from snapproof.model.parts import READS_STANDARD, RESTORES, WRITES_STANDARD
from snapproof.model.sets import Block, LogTrack, Session, StandardDevice, Track, Value, VirtualDevice
from snapproof.model.state import NONE, STANDARD, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, invariant, transition, witness
from snapproof.vocabulary.restore_values import MigratedSession, Step568, Test551
from snapproof.vocabulary.states import SessionByte, VirtualState

from .common import at_work
from .log_device import on_free_list
from .refusals import refused

# --- what a restore does -------------------------------------------------------------------------------------------


@transition("I21", "wrong restore", steps=[restore.deallocate_restored, restore_new.deallocate_restored_to_new])
def restored_device_must_show_the_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                        d: StandardDevice, t: Track, b: Block) -> bool:
    """From 557 or 585 on the standard device that the command names must show the image, and every other one what it had to."""
    wanted = before.image[ha.virtual, t, b] if d == ha.standard else before.logical[d, t, b]
    return after.logical[d, t, b] == wanted


@restored_device_must_show_the_image.explain
def _restored_device_must_show_the_image(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                         d: int, t: int, b: int) -> tuple[str, str]:
    wanted = before.image[ha.virtual, t, b] if d == ha.standard else before.logical[d, t, b]
    return (f"{StandardDevice.member(d)} {Track.member(t)} {Block.member(b)} must show {Value.member(wanted)}",
            f"it must show {Value.member(after.logical[d, t, b])}")


@transition("I21i", "image moved", steps=[RESTORES])
def restore_leaves_other_images(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                v: VirtualDevice, t: Track, b: Block) -> bool:
    """A restore changes what no other virtual device must show."""
    return v == ha.virtual or after.image[v, t, b] == before.image[v, t, b]


@restore_leaves_other_images.explain
def _restore_leaves_other_images(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                 v: int, t: int, b: int) -> tuple[str, str]:
    return f"what {VirtualDevice.member(v)} must show is what it was", "the restore of another device has changed it"


@transition("I21d", "restore undone", steps=[restore.change_session_type, restore_new.change_session_type_of_old])
def restored_device_is_gone(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """Behind 558 or 586 the virtual device is unused, and no bit is set of a session restored to its own device."""
    if after.vdev_state[ha.virtual] == VirtualState.RESTORING:
        return False
    return not any(restored_here(after, ha.standard, k) and has(after.protection[ha.standard, t], k) for k in c.each(Session))


@restored_device_is_gone.explain
def _restored_device_is_gone(before: Array, after: Array, c: Embodiment, ha: HostAdapter, t: int) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is gone, and {StandardDevice.member(ha.standard)} {Track.member(t)} "
            "has no protection bit of it", "one of both is left")


def restored_here(s: Array, std: int, session: int) -> bool:
    """Is it a session whose virtual device was restored to this standard device, where it had been established?"""
    return s.session_byte[std, session] == SessionByte.MIGRATING and s.restored_to[std, session] == std


@invariant("I21a", "abandoned restore")
def restore_is_under_way(s: Array, c: Embodiment, v: VirtualDevice) -> bool:
    """A virtual device that is being restored is in the hands of one host adapter; an error behind 568 leaves it for ever."""
    if s.vdev_state[v] != VirtualState.RESTORING:
        return True
    return sum(ha.at(RESTORES) and ha.virtual == v for ha in s.all(HostAdapter)) == 1


@restore_is_under_way.explain
def _restore_is_under_way(s: Array, c: Embodiment, v: int) -> tuple[str, str]:
    return f"{VirtualDevice.member(v)} is being restored by one host adapter", "by none: it will never end; or by several"


# --- sessions ------------------------------------------------------------------------------------------------------


@invariant("I9m", "leaked session")
def migrating_session_has_tracks(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """A session is of the type that says "tracks are indirect" (558, 586) while one is, or the last one is just made direct."""
    if s.session_byte[d, k] != SessionByte.MIGRATING:
        return True
    target = s.restored_to[d, k]
    if target == NONE or indirect_tracks.any_indirect(s, c, target):
        return target != NONE
    for da in s.all(DiskAdapter):
        if da.inside(indirect_tracks.COPY_BACK) and da.target == target:
            return True
    return any(ha.inside(indirect_tracks.COPY_BACK) and place(s, c, ha) == target for ha in s.all(HostAdapter))


def place(s: Array, c: Embodiment, ha: HostAdapter) -> int:
    """The standard device that a command accesses."""
    return s.std_of[virtual_device(c, ha.device)] if is_virtual(c, ha.device) else ha.device


@migrating_session_has_tracks.explain
def _migrating_session_has_tracks(s: Array, c: Embodiment, d: int, k: int) -> tuple[str, str]:
    target = StandardDevice.member(max(s.restored_to[d, k], 0))
    return (f"all tracks of {target} are direct, so {Session.member(k)} of {StandardDevice.member(d)} is free",
            "it is kept as a session whose tracks migrate: the number is lost for ever")


@invariant("I9r", "restore not finished")
def restored_session_is_in_hand(s: Array, c: Embodiment, d: StandardDevice, k: Session) -> bool:
    """The value of 555 and 584, which no test of sessions knows, stands in a header only until 558 or 586."""
    if s.session_byte[d, k] != SessionByte.RESTORED:
        return True
    return any(ha.at(restore.deallocate_restored, restore.change_session_type, restore_new.deallocate_restored_to_new,
                     restore_new.change_session_type_of_old) and ha.standard == s.restored_to[d, k] for ha in s.all(HostAdapter))


@restored_session_is_in_hand.explain
def _restored_session_is_in_hand(s: Array, c: Embodiment, d: int, k: int) -> tuple[str, str]:
    return (f"a restore of {Session.member(k)} of {StandardDevice.member(d)} is between 555 and 558, or 584 and 586",
            "no host adapter is there")


@invariant("I3r", "stale protection")
def migrating_session_protects_nothing(s: Array, c: Embodiment, d: StandardDevice, k: Session, t: Track) -> bool:
    """A session whose virtual device was restored to its own device has no protection bit there: all are clear before 555."""
    if s.session_byte[d, k] != SessionByte.RESTORED and s.session_byte[d, k] != SessionByte.MIGRATING:
        return True
    return s.restored_to[d, k] != d or not has(s.protection[d, t], k)


@migrating_session_protects_nothing.explain
def _migrating_session_protects_nothing(s: Array, c: Embodiment, d: int, k: int, t: int) -> tuple[str, str]:
    return (f"the bit {Session.member(k)} of {StandardDevice.member(d)} {Track.member(t)} is clear since the restore",
            "it is set, and nobody will ever clear it")


@invariant("I3m", "stale protection")
def migrating_bit_tells_the_truth(s: Array, c: Embodiment, d: StandardDevice, k: Session, t: Track) -> bool:
    """Since a restore to another device, a bit is set exactly while that device's track points to this one."""
    target = s.restored_to[d, k]
    if s.session_byte[d, k] not in (SessionByte.RESTORED, SessionByte.MIGRATING) or target in (d, NONE):
        return True
    if has(s.protection[d, t], k) == (s.indirect[target, t] == OnStandard(standard=d)):
        return True
    return at_work(s, c, target, t)


@migrating_bit_tells_the_truth.explain
def _migrating_bit_tells_the_truth(s: Array, c: Embodiment, d: int, k: int, t: int) -> tuple[str, str]:
    target = s.restored_to[d, k]
    return (f"the bit {Session.member(k)} of {StandardDevice.member(d)} {Track.member(t)} is set exactly while "
            f"{StandardDevice.member(target)} has its data there",
            f"it is {'set' if has(s.protection[d, t], k) else 'clear'}, and the data of {StandardDevice.member(target)} "
            f"{Track.member(t)} is on {entry_words(s.indirect[target, t], t)}")


# --- indirect tracks -------------------------------------------------------------------------------------------------


@invariant("I13", "dangling pointer")
def no_indirect_track_dangles(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """No indirect track points to a log track on the free list."""
    return not isinstance(s.indirect[d, t], OnLog) or not on_free_list(s, c, s.indirect[d, t].log)


@no_indirect_track_dangles.explain
def _no_indirect_track_dangles(s: Array, c: Embodiment, d: int, t: int) -> tuple[str, str]:
    return (f"{StandardDevice.member(d)} {Track.member(t)} points to a log track that is not free",
            f"it points to {entry_words(s.indirect[d, t], t)}, which is on the free list")


@invariant("I13b", "wrong back pointer")
def indirect_track_is_pointed_back_to(s: Array, c: Embodiment, d: StandardDevice, t: Track) -> bool:
    """The extra bytes of a log track that an indirect track points to name the track of the device that was restored from."""
    if not isinstance(s.indirect[d, t], OnLog):
        return True
    log = s.indirect[d, t].log
    for old in c.each(StandardDevice):
        if s.extra[log] == Assigned(device=old, track=t) and (old == d or has_restored(s, c, old, d)):
            return True
    return at_work(s, c, d, t)


def has_restored(s: Array, c: Embodiment, old: int, target: int) -> bool:
    """Has a standard device a session whose virtual device is being restored to the other one, or was?"""
    return any(s.restored_to[old, k] == target for k in c.each(Session))


@indirect_track_is_pointed_back_to.explain
def _indirect_track_is_pointed_back_to(s: Array, c: Embodiment, d: int, t: int) -> tuple[str, str]:
    log = s.indirect[d, t].log
    return (f"the extra bytes of {LogTrack.member(log)} point back to {Track.member(t)} of the device that was restored from",
            f"they say: {extra_words(s.extra[log])}")


@transition("I13c", "indirect track left", steps=[indirect_tracks.let_copied_track_go])
def track_is_copied_back(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A background copy leaves the track that it was asked for direct."""
    return bool(before.indirect[ha.device, ha.track] == Direct())


@track_is_copied_back.explain
def _track_is_copied_back(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return f"{StandardDevice.member(ha.device)} {Track.member(ha.track)} is direct", "it still points elsewhere"


@transition("I13h", "track of another changed", steps=[indirect_tracks.copy_from_source, indirect_tracks.make_direct])
def only_the_track_in_hand_is_copied(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                     d: StandardDevice, t: Track, b: Block) -> bool:
    """Copying back changes the track that the command accesses, with the slot in hand, and no other."""
    if d == place(before, c, ha) and t == ha.track:
        return True
    return after.indirect[d, t] == before.indirect[d, t] and after.std_data[d, t, b] == before.std_data[d, t, b]


@only_the_track_in_hand_is_copied.explain
def _only_the_track_in_hand_is_copied(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                      d: int, t: int, b: int) -> tuple[str, str]:
    return f"{StandardDevice.member(d)} {Track.member(t)} is as it was", "copying another track back has changed it"


# --- errors ----------------------------------------------------------------------------------------------------------


@transition("I24x", "error without cause",
            steps=[restore.take_off_list_to_restore, restore.exclude_to_restore, restore.stop_virtual_device])
def refused_restore_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore is refused only when the virtual device is not active on this device, is not alone there, or a track is indirect."""
    if not refused(after, ha) or before.vdev_state[ha.virtual] != VirtualState.ACTIVE or before.std_of[ha.virtual] != ha.standard:
        return True
    if c.test_551 == Test551.ANY and indirect_tracks.any_indirect(before, c, ha.standard):
        return True
    return c.test_551 != Test551.NOT_TESTED and any(
        before.session_byte[ha.standard, k] not in (SessionByte.FREE, SessionByte.RESERVED)
        for k in c.each(Session) if k != before.session_of[ha.virtual])


@refused_restore_had_a_cause.explain
def _refused_restore_had_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return (f"{VirtualDevice.member(ha.virtual)} is active, and {StandardDevice.member(ha.standard)} has no other session and no "
            "indirect track, so it is restored", "an error is returned")


@transition("I24y", "error without cause", steps=[restore.test_bit_of_log_track, restore.test_bit_of_standard_track])
def error_processing_has_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """567 and 574 lead to error processing exactly when the protection bit contradicts the entry."""
    here = after.same(ha)
    bit = has(before.protection[ha.standard, ha.due_track], before.session_of[ha.virtual])
    return bool(here.at(restore.process_error) == (bit == (ha.entry != STANDARD)))


@error_processing_has_a_cause.explain
def _error_processing_has_a_cause(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "568 is entered exactly when protection bit and entry contradict each other", "567 or 574 decides otherwise"


@transition("I24z", "error without cause", steps=[restore.process_error])
def only_suspended_restores_fail(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """568 ends a restore with an error where errors suspend it, and nowhere else."""
    return bool(refused(after, ha) == (c.step_568 == Step568.SUSPENDED))


@only_suspended_restores_fail.explain
def _only_suspended_restores_fail(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "error processing ends the restore only where it suspends it", "568 decides otherwise"


# --- what must be reachable --------------------------------------------------------------------------------------------


@witness("W33a")
def indirect_track_read(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """A host reads a track that is indirect."""
    return ha.at(READS_STANDARD) and not is_virtual(c, ha.device) and ha.track == t and s.indirect[place(s, c, ha), t] != Direct()


@witness("W33b")
def indirect_track_written_in_place(s: Array, c: Embodiment, ha: HostAdapter, t: Track) -> bool:
    """A host writes a track in the log track to which it points."""
    return ha.at(WRITES_STANDARD) and not is_virtual(c, ha.device) and ha.track == t and s.indirect[place(s, c, ha), t] != Direct()


@witness("W34")
def copied_back_through_a_virtual_device(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A read of a new virtual device has the standard track copied back that it stands for."""
    return ha.at(indirect_tracks.copy_from_source) and is_virtual(c, ha.device)


@witness("W35")
def new_device_on_indirect_track(s: Array, c: Embodiment, v: VirtualDevice, t: Track) -> bool:
    """A virtual device is active on a track that is still indirect."""
    return s.vdev_state[v] == VirtualState.ACTIVE and s.pointer[v, t] == STANDARD and s.indirect[s.std_of[v], t] != Direct()


@witness("W36")
def partly_direct(s: Array, c: Embodiment, d: StandardDevice, t: Track, u: Track) -> bool:
    """Of a restored device one track is direct again, and another one is not."""
    return (s.indirect[d, t] == Direct() and s.indirect[d, u] != Direct()
            and any(indirect_tracks.restored_sessions(s, c, e, d) != 0 for e in c.each(StandardDevice)))


@witness("W37")
def all_migrated(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The last track is made direct, and the session number is about to be given back."""
    return ha.at(indirect_tracks.test_all_direct) and c.migrated_session == MigratedSession.FREED and not any(
        s.indirect[place(s, c, ha), t] != Direct() for t in c.each(Track))


@witness("W19")
def error_processed(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A restore meets a protection bit that is not what the pointer says (568); never with all that is safe."""
    return ha.at(restore.process_error)
