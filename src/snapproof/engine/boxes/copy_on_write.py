"""Saving old data before a standard track is overwritten, by a disk adapter (Figs. 11, 16A)."""

from __future__ import annotations

from ...vocabulary.restore_values import Migrating
from ...vocabulary.states import Mail
from ...vocabulary.switch_values import CopyOrder, Exclusive, Exhaustion, Held, NewTrack, SavedSessions, Step304, Step308, Step316
from ..box import DONE, WAIT, Next, box
from ..extra_bytes import back_pointer
from ..memory import NOBODY, DiskAdapter, HostAdapter, Memory
from ..slots import LOG
from ..tables import NONE, STANDARD
from .holding import let_log_track_go, let_track_go, track_free
from .indirect import COPY_BACK, home_for_devices, lock_source, migrating_word
from .log_tracks import LOG_TRACKS, obtain_log_track
from .standard import saved_bits, store_standard


def served(m: Memory, me: DiskAdapter) -> HostAdapter:
    """The host adapter whose request this is."""
    return m.hosts[me.serving - 1]


def wanted(m: Memory, me: DiskAdapter) -> tuple[int, int]:
    """Standard device and track of the request."""
    c = served(m, me).command
    return c.device.number, c.track


def answer(m: Memory, me: DiskAdapter, status: Mail) -> None:
    """Status to the host adapter."""
    served(m, me).mail = status


def due(mask: int, turn: int) -> int:
    """The first set bit from `turn` on (-1: none)."""
    rest = mask >> turn
    return turn + (rest & -rest).bit_length() - 1 if rest else NONE


@box(DiskAdapter, "request", "Figs. 11, 12", rest=True)
def take_request(m: Memory, me: DiskAdapter, host: int | None = None) -> Next:
    """Take up the request of this host adapter (by place; when none is named, the first that has one)."""
    asked = m.hosts if host is None else m.hosts[host:host + 1]
    for ha in asked:
        if ha.mail == Mail.REQUEST:
            ha.mail = Mail.TAKEN
            me.serving = ha.number
            return test_bits_of_request
    return WAIT


@box(DiskAdapter, "302", "Figs. 11, 16A")
def test_bits_of_request(m: Memory, me: DiskAdapter) -> Next:
    """Hold the track.  For which sessions is its old data to be saved?"""
    std, track = wanted(m, me)
    if m.build.exclusive >= Exclusive.FENCES and m.locks.device[std] != NOBODY:
        return WAIT
    migrating = migrating_word(m, std, track)
    if migrating and m.build.migrating == Migrating.COPIED_FIRST:
        me.target = m.tables.standard[std].restored_to[due(migrating, 0)]
        return hold_new_track
    if m.build.lock_302 == Held.HELD:
        if m.locks.track[std][track] != NOBODY:
            return WAIT
        m.locks.track[std][track] = me.number
    active = saved_bits(m, std, track)
    if not active:
        return serve_without_bits
    word = m.tables.standard[std].protection[track]
    me.mask = word if m.build.saved_sessions == SavedSessions.ALL_SET else active
    if m.build.step_316 == Step316.WRITE_BACK:
        me.others = word & ~me.mask
    return obtain_track_to_copy


@box(DiskAdapter, "302 target", "Fig. 20C (silent)")
def hold_new_track(m: Memory, me: DiskAdapter) -> Next:
    """The track of the device that points to the one about to be written."""
    _, track = wanted(m, me)
    if not track_free(m, me, me.target, track):
        return WAIT
    m.locks.track[me.target][track] = me.number
    return COPY_BACK.call(lock_source, done=let_new_track_go)


@box(DiskAdapter, "302 target end", "Fig. 20C (silent)")
def let_new_track_go(m: Memory, me: DiskAdapter) -> Next:
    """It has its data; look at the bits again."""
    let_track_go(m, me, me.target, wanted(m, me)[1])
    me.target = NONE
    return test_bits_of_request


@box(DiskAdapter, "304", "Fig. 11")
def serve_without_bits(m: Memory, me: DiskAdapter) -> Next:
    """Nothing to save any more: tell the host adapter (as printed: write, and tell nobody)."""
    std, track = wanted(m, me)
    if m.build.step_304 in (Step304.WRITE_AND_STATUS, Step304.WRITE_ONLY):
        store_standard(m, served(m, me))
    if m.build.step_304 in (Step304.STATUS, Step304.WRITE_AND_STATUS):
        answer(m, me, Mail.STATUS_OK)
    let_track_go(m, me, std, track)
    return DONE


@box(DiskAdapter, "306", "Fig. 11", local=True)
def obtain_track_to_copy(m: Memory, me: DiskAdapter) -> Next:
    """Obtain a free log track (Fig. 9)."""
    me.keeps = m.build.lock_306 == NewTrack.KEPT
    return LOG_TRACKS.call(obtain_log_track, done=fill_log_track, none=refuse_request)


@box(DiskAdapter, "306 order", "Fig. 11", local=True)
def fill_log_track(m: Memory, me: DiskAdapter) -> Next:
    """Which comes first?"""
    return move_pointers if m.build.copy_order == CopyOrder.POINTER_FIRST else copy_track


def after_pointers(m: Memory) -> Next:
    """The box behind 308."""
    if m.build.copy_order == CopyOrder.COPY_FIRST:
        return clear_protection_bits
    return store_back_pointer if m.build.copy_order == CopyOrder.BACK_POINTER_LAST else copy_track


@box(DiskAdapter, "308", "Fig. 11")
def move_pointers(m: Memory, me: DiskAdapter) -> Next:
    """Point the next virtual device with a bit to the log track."""
    std, track = wanted(m, me)
    k = due(me.mask, me.turn)
    vdev = m.tables.standard[std].bound[k]
    if vdev != NONE:
        pointers = m.tables.virtual[vdev].pointers
        if m.build.step_308 == Step308.ALWAYS or pointers[track] == STANDARD:
            pointers[track] = me.fresh
    me.turn = k + 1
    if due(me.mask, me.turn) != NONE:
        return move_pointers
    return after_pointers(m)


@box(DiskAdapter, "312a", "Fig. 11")
def copy_track(m: Memory, me: DiskAdapter) -> Next:
    """Copy the old data to the slot of the log track, which waits to be destaged."""
    std, track = wanted(m, me)
    m.slots.copy(home_for_devices(m, std, track), (LOG, me.fresh))
    return copy_bits_to_map


@box(DiskAdapter, "312b", "Fig. 11")
def copy_bits_to_map(m: Memory, me: DiskAdapter) -> Next:
    """The protection bits become the map word."""
    m.tables.log.map_words[me.fresh] = me.mask
    return move_pointers if m.build.copy_order == CopyOrder.BACK_POINTER_LAST else store_back_pointer


@box(DiskAdapter, "314", "Fig. 11")
def store_back_pointer(m: Memory, me: DiskAdapter) -> Next:
    """The extra bytes of the log track point back to the standard track."""
    m.tables.log.extra[me.fresh] = back_pointer(*wanted(m, me))
    return move_pointers if m.build.copy_order == CopyOrder.COPY_FIRST else clear_protection_bits


@box(DiskAdapter, "316", "Fig. 11")
def clear_protection_bits(m: Memory, me: DiskAdapter) -> Next:
    """Clear the bits whose old data is saved."""
    std, track = wanted(m, me)
    words = m.tables.standard[std].protection
    words[track] = me.others if m.build.step_316 == Step316.WRITE_BACK else words[track] & ~me.mask
    return send_status


@box(DiskAdapter, "318", "Fig. 11")
def send_status(m: Memory, me: DiskAdapter) -> Next:
    """Tell the host adapter, and let go."""
    answer(m, me, Mail.STATUS_OK)
    if m.build.lock_306 == NewTrack.KEPT:
        let_log_track_go(m, me, me.fresh)
    let_track_go(m, me, *wanted(m, me))
    return DONE


@box(DiskAdapter, "306 error", "Figs. 4, 11")
def refuse_request(m: Memory, me: DiskAdapter) -> Next:
    """No log track: nothing has been changed; tell the host adapter.  (Built wrong, nobody is told.)"""
    if m.build.exhaustion == Exhaustion.OVERWRITE:
        return clear_protection_bits
    answer(m, me, Mail.STATUS_ERROR)
    let_track_go(m, me, *wanted(m, me))
    return DONE
