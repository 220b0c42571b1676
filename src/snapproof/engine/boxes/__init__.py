"""The boxes of the flow charts, one file an activity; importing this package declares them all, whatever files there are."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

for _found in iter_modules(__path__):
    import_module(f"{__name__}.{_found.name}")
