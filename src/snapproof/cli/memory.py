"""Amounts of memory on the command line: `4G`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    _Bytes = click.ParamType[int]
else:
    _Bytes = click.ParamType  # not subscriptable in older versions of click

UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30, "t": 1 << 40}


class Amount(_Bytes):
    """A number of bytes: 512M, 4G, 1.5G."""

    name = "amount"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?)\s*([kmgt]?)(?:i?b)?", str(value).strip().lower(), re.ASCII)
        count = float(found[1]) * UNITS[found[2]] if found else 0
        if count < 1 << 20:
            self.fail(f"{str(value)[:60]!r} is no amount of memory of at least 1M; write it like 512M or 4G.", param, ctx)
        return int(count)
