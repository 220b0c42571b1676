"""Refusals of traces and replays; the exit codes are listed in docs/exit-codes.md."""

from __future__ import annotations

from ..exit_codes import ExitCode
from ..spec.errors import SnapproofError


class TraceError(SnapproofError):
    """A trace file is not a trace: truncated, of a newer format, of another specification, malformed."""

    exit_code = ExitCode.FILE_REFUSED


class Misfit(SnapproofError):
    """A recorded step cannot be taken on the specification as it is now."""

    exit_code = ExitCode.MISFIT
