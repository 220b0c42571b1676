"""What a conformance run says: the engine differs, or the model's scenario has no counterpart."""

from __future__ import annotations

from ..spec.errors import SnapproofError


class Divergence(SnapproofError):
    """The engine does not do what the model does: step number, process, box and figure, field, both values."""

    exit_code = 14

    def __init__(self, place: str, cause: str, fix: str, step: int, field: str) -> None:
        super().__init__(place, cause, fix)
        self.step, self.field = step, field


class NotMapped(SnapproofError):
    """The scenario or trace has something that the engine has not."""

    exit_code = 151


__all__ = ["Divergence", "NotMapped"]
