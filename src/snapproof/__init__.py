"""Snapproof: a model checker and reference verifier for point-in-time copies that do not copy."""

from . import begin

begin.deaf()

from . import source  # noqa: E402

source.install()

__version__ = "0.1.0"
