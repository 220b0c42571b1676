"""Explicit-state exploration: the plain reading, the compiled one, and the door to both."""

from .result import Limits, Progress, Result, Verdict
from .search import search

__all__ = ["Limits", "Progress", "Result", "Verdict", "search"]
