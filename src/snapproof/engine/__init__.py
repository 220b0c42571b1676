"""A small storage array with virtual devices: real bytes, real threads, the boxes of the flow charts by name.

It shares nothing with the model but names, and can be built wrong on purpose by the same switches.  Start with
`host.py` (the calls), then `boxes/standard.py` and `boxes/copy_on_write.py` beside Figs. 11 and 12.
"""

from __future__ import annotations

from .array import Array, create
from .host import Host
from .switches import Build

__all__ = ["Array", "Build", "Host", "create"]
