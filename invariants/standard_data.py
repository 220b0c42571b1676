"""I2, I18, I19: a standard device holds the last write; each write is executed once; each request gets one status."""

from __future__ import annotations

from snapproof.model import copy_on_write, standard_write
from snapproof.model.indirect_tracks import contents
from snapproof.model.parts import READS_STANDARD, WRITES_STANDARD
from snapproof.model.sets import Block, StandardDevice, Track, Value, VirtualDevice
from snapproof.model.state import Array, DiskAdapter, HostAdapter
from snapproof.model.switches import Embodiment
from snapproof.spec import invariant, transition
from snapproof.vocabulary.states import Mail, VirtualState

from .virtual_view import value_name


@invariant("I2", "lost write")
def standard_data_is_logical(s: Array, c: Embodiment, d: StandardDevice, t: Track, b: Block) -> bool:
    """A standard block shows what the last write to it wrote, or the image that was restored since; not while one is."""
    return contents(s, c, d, t, b) == s.logical[d, t, b] or being_restored(s, c, d)


def being_restored(s: Array, c: Embodiment, std: int) -> bool:
    """Is a virtual device being restored to the standard device, so that it shows neither all of the image nor all of its own?"""
    return any(s.vdev_state[v] == VirtualState.RESTORING and s.restored_to[s.std_of[v], s.session_of[v]] == std
               for v in c.each(VirtualDevice))


@standard_data_is_logical.explain
def _standard_data_is_logical(s: Array, c: Embodiment, d: int, t: int, b: int) -> tuple[str, str]:
    block = f"{StandardDevice.member(d)} {Track.member(t)} {Block.member(b)}"
    return (f"{block} shows {Value.member(s.logical[d, t, b])}, the last write or what was restored",
            value_name(contents(s, c, d, t, b)))


@transition("I2r", "lost write", steps=[READS_STANDARD])
def read_returns_last_write(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A read of a standard block returns what the last write to it wrote, or the image that was restored since."""
    return contents(before, c, ha.device, ha.track, ha.read_block) == before.logical[ha.device, ha.track, ha.read_block]


@read_returns_last_write.explain
def _read_returns_last_write(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    block = f"{StandardDevice.member(ha.device)} {Track.member(ha.track)} {Block.member(ha.read_block)}"
    return (f"a read of {block} returns {Value.member(before.logical[ha.device, ha.track, ha.read_block])}, the last write",
            value_name(contents(before, c, ha.device, ha.track, ha.read_block)))


@transition("I18", "write executed twice", steps=[WRITES_STANDARD])
def write_is_executed_once(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """The write of a command has not been executed before."""
    return not ha.executed


@write_is_executed_once.explain
def _write_is_executed_once(before: Array, after: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return "the host adapter executes the write once", "the disk adapter had executed it at 304, and now it is executed again"


@invariant("I19", "stuck request")
def request_is_served(s: Array, c: Embodiment, ha: HostAdapter) -> bool:
    """A request that was taken up is being served by exactly one disk adapter, until there is a status."""
    serving = 0
    for da in s.all(DiskAdapter):
        if da.serving == ha.number:
            serving = serving + 1
    return serving == (1 if ha.mail == Mail.TAKEN else 0)


@request_is_served.explain
def _request_is_served(s: Array, c: Embodiment, ha: HostAdapter) -> tuple[str, str]:
    return ("every request sent at 326 gets one status",
            "a request was taken up, no disk adapter serves it any more, and no status was sent" if ha.mail == Mail.TAKEN
            else "a disk adapter serves a request that is not open")


@transition("I19s", "stuck request", steps=[copy_on_write.send_status, copy_on_write.refuse_request])
def status_answers_request(before: Array, after: Array, c: Embodiment, da: DiskAdapter) -> bool:
    """A status is sent for a request that is open."""
    for ha in before.all(HostAdapter):
        if ha.number == da.serving and ha.mail == Mail.TAKEN and ha.at(standard_write.disconnect, standard_write.wait_for_status):
            return True
    return False


@status_answers_request.explain
def _status_answers_request(before: Array, after: Array, c: Embodiment, da: DiskAdapter) -> tuple[str, str]:
    return "the host adapter has sent the request and waits for its status", "it does not wait for one"
