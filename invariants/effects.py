"""I18w to I18l, I19b, I3c: a command does what it says, to what it names, and to nothing else.

The other properties compare data with ghosts that the same box writes.  These compare it with the command.
"""

from __future__ import annotations

from snapproof.model import copy_on_write, virtual_write
from snapproof.model.encoding import is_virtual
from snapproof.model.indirect_tracks import contents
from snapproof.model.parts import WRITES_STANDARD, WRITES_VIRTUAL
from snapproof.model.sets import Block, LogTrack, Session, StandardDevice, Track, VirtualDevice
from snapproof.model.state import ALL_BLOCKS, Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import has, transition
from snapproof.vocabulary.states import SessionByte
from snapproof.vocabulary.switch_values import MovePointers, Step304

from .virtual_view import block_name, value_name


def addresses(ha: HostAdapter, device: int, track: int, block: int) -> bool:
    """Does the write of this host adapter name the block?  `device` counts standard devices first."""
    return ha.device == device and ha.track == track and (ha.block == ALL_BLOCKS or ha.block == block)


def standard_block(d: int, t: int, b: int) -> str:
    """A standard block in words."""
    return f"{StandardDevice.member(d)} {Track.member(t)} {Block.member(b)}"


# --- standard devices --------------------------------------------------------------------------------------------


@transition("I18w", "lost write", steps=[WRITES_STANDARD])
def standard_write_takes_effect(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                d: StandardDevice, t: Track, b: Block) -> bool:
    """After 324 the blocks that the command names show its value; all others show what they showed."""
    return contents(after, c, d, t, b) == (ha.value if addresses(ha, d, t, b) else contents(before, c, d, t, b))


@standard_write_takes_effect.explain
def _standard_write_takes_effect(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                 d: int, t: int, b: int) -> tuple[str, str]:
    wanted = ha.value if addresses(ha, d, t, b) else contents(before, c, d, t, b)
    why = "which the command writes" if addresses(ha, d, t, b) else "as before, because the command does not name it"
    return f"{standard_block(d, t, b)} shows {value_name(wanted)}, {why}", value_name(contents(after, c, d, t, b))


def written_at_304(s: Array, c: Embodiment, da: DiskAdapter, d: int, t: int, b: int) -> int:
    """What a standard block shows after 304: the value of the request if 304 writes and the request names it."""
    if c.step_304 == Step304.WRITE_AND_STATUS or c.step_304 == Step304.WRITE_ONLY:
        for ha in s.all(HostAdapter):
            if ha.number == da.serving and addresses(ha, d, t, b):
                return ha.value
    return contents(s, c, d, t, b)


@transition("I18d", "lost write", steps=[copy_on_write.serve_without_bits])
def request_takes_effect(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                         d: StandardDevice, t: Track, b: Block) -> bool:
    """After 304 a standard block shows what it showed, or what the request writes where 304 executes it."""
    return contents(after, c, d, t, b) == written_at_304(before, c, da, d, t, b)


@request_takes_effect.explain
def _request_takes_effect(before: Array, after: Array, c: Embodiment, da: DiskAdapter,
                          d: int, t: int, b: int) -> tuple[str, str]:
    return (f"{standard_block(d, t, b)} shows {value_name(written_at_304(before, c, da, d, t, b))} after 304",
            value_name(contents(after, c, d, t, b)))


# --- virtual devices ---------------------------------------------------------------------------------------------


@transition("I18v", "lost write", steps=[WRITES_VIRTUAL])
def virtual_write_is_shown(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                           v: VirtualDevice, t: Track, b: Block) -> bool:
    """From 354, 358 or 369 on a virtual device must show the command's value in the blocks it names, and nowhere else."""
    named = addresses(ha, c.size(StandardDevice) + v, t, b)
    return after.image[v, t, b] == (ha.value if named else before.image[v, t, b])


@virtual_write_is_shown.explain
def _virtual_write_is_shown(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                            v: int, t: int, b: int) -> tuple[str, str]:
    named = addresses(ha, c.size(StandardDevice) + v, t, b)
    wanted = ha.value if named else before.image[v, t, b]
    return (f"{block_name(v, t, b)} is to show {value_name(wanted)}{', which the command writes' if named else ', as before'}",
            f"it is to show {value_name(after.image[v, t, b])}")


def written_track(c: Embodiment, ha: HostAdapter) -> int:
    """The log track that 354, 358 or 369 writes: the new one, or the one that the writer keeps."""
    kept = ha.at(virtual_write.write_in_place) or (
        ha.at(virtual_write.write_after_split) and c.step_366 == MovePointers.OTHERS)
    return ha.entry if kept else ha.fresh


@transition("I18l", "lost write", steps=[WRITES_VIRTUAL])
def virtual_write_takes_effect(before: Array, after: Array, c: Embodiment, ha: HostAdapter, log: LogTrack, b: Block) -> bool:
    """After 354, 358 or 369 the named blocks of the log track hold the command's value; all others hold what they held."""
    named = log == written_track(c, ha) and (ha.block == ALL_BLOCKS or ha.block == b)
    return after.log_data[log, b] == (ha.value if named else before.log_data[log, b])


@virtual_write_takes_effect.explain
def _virtual_write_takes_effect(before: Array, after: Array, c: Embodiment, ha: HostAdapter,
                                log: int, b: int) -> tuple[str, str]:
    named = log == written_track(c, ha) and (ha.block == ALL_BLOCKS or ha.block == b)
    wanted = ha.value if named else before.log_data[log, b]
    return (f"{LogTrack.member(log)} {Block.member(b)} holds {value_name(wanted)}"
            f"{', which the command writes' if named else ', as before'}", value_name(after.log_data[log, b]))


# --- requests ----------------------------------------------------------------------------------------------------


@transition("I19b", "lost pre-image", steps=[copy_on_write.test_bits_of_request])
def request_finds_its_bits(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter, k: Session) -> bool:
    """302 finds every active session whose bit is set on the track that the served host adapter is about to write.

    Where the track is first copied to a restored device, the bits are tested again.
    """
    if ha.number != da.serving or before.session_byte[ha.device, k] != SessionByte.ACTIVE:
        return True
    return not has(before.protection[ha.device, ha.track], k) or found(after, da, k)


def found(s: Array, da: DiskAdapter, k: int) -> bool:
    """Has the disk adapter taken note of the session, or is it about to test the bits again?"""
    here = s.same(da)
    return has(here.mask, k) or here.at(copy_on_write.hold_new_track)


@request_finds_its_bits.explain
def _request_finds_its_bits(before: Array, after: Array, c: Embodiment, da: DiskAdapter, ha: HostAdapter,
                            k: int) -> tuple[str, str]:
    return (f"the old data of {StandardDevice.member(ha.device)} {Track.member(ha.track)} is saved for {Session.member(k)}, "
            "whose bit is set and which is active", "302 has not found the bit")


def asks_for(s: Array, c: Embodiment, da: DiskAdapter, d: int, t: int) -> bool:
    """Is the request that the disk adapter serves about this standard track?"""
    for ha in s.all(HostAdapter):
        if ha.number == da.serving and not is_virtual(c, ha.device):
            return ha.device == d and ha.track == t
    return False


@transition("I3c", "stale protection", steps=[copy_on_write.clear_protection_bits])
def saved_bits_are_cleared(before: Array, after: Array, c: Embodiment, da: DiskAdapter, d: StandardDevice, t: Track) -> bool:
    """After 316 the bits whose old data is saved are clear on the track of the request, and other tracks have their bits."""
    if asks_for(before, c, da, d, t):
        return after.protection[d, t] & da.mask == 0
    return after.protection[d, t] == before.protection[d, t]


@saved_bits_are_cleared.explain
def _saved_bits_are_cleared(before: Array, after: Array, c: Embodiment, da: DiskAdapter, d: int, t: int) -> tuple[str, str]:
    where = f"{StandardDevice.member(d)} {Track.member(t)}"
    if asks_for(before, c, da, d, t):
        return f"the bits of {where} whose old data is saved are clear", "one is still set: the write would ask again"
    return f"316 leaves the bits of {where} alone, which the request is not about", "it has changed them"
