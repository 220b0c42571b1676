"""Snapproof: a model checker and reference verifier for point-in-time copies that do not copy."""

from . import source

source.install()

__version__ = "0.1.0"
