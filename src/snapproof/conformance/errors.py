"""What a conformance run says: the engine differs, or the model's scenario has no counterpart."""

from __future__ import annotations

from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError
from ..traces.trace import Box, TraceStep


class Divergence(SnapproofError):
    """The engine does not do what the model does: step number, process, box and figure, field, both values.

    `story`: lines on how it came to this, when it cannot be had again by the same means.
    """

    exit_code = ExitCode.DIVERGENCE

    def __init__(self, place: str, cause: str, fix: str, step: int, field: str,
                 story: tuple[str, ...] = ()) -> None:
        super().__init__(place, cause, fix)
        self.step, self.field, self.story = step, field, story


def diverges(place: str, number: int, step: TraceStep, box: Box, field: str, cause: str) -> Divergence:
    """The divergence at a box of a step: `place, step 7 (HA1, 322 test_protection_bits, Fig. 12): cause`."""
    figure = f", {box.figure}" if box.figure else ""
    return Divergence(f"{place}, step {number} ({step.process}, {box.id} {box.step}{figure})", f"{cause}.",
                      "The engine and the model execute this box differently.", number, field)


class NotMapped(SnapproofError):
    """The scenario or trace has something that the engine has not."""

    exit_code = ExitCode.SCENARIO_REFUSED


__all__ = ["Divergence", "NotMapped", "diverges"]
