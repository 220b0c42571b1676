"""Refusals of files, traces and replays; the exit codes are listed in docs/exit-codes.md."""

from __future__ import annotations

from ..spec.errors import SnapproofError


class FileError(SnapproofError):
    """A file cannot be written or read: full disk, missing permission, missing folder (TLC: system error)."""

    exit_code = 153


class TraceError(SnapproofError):
    """A trace file is not a trace: truncated, of a newer format, of another specification, malformed."""

    exit_code = 154


class Misfit(SnapproofError):
    """A recorded step cannot be taken on the specification as it is now."""

    exit_code = 8
