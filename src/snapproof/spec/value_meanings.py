"""What each value of a switch means: the comment behind it, where it is declared."""

from __future__ import annotations

import inspect
import io
import tokenize
from enum import IntEnum


def meanings(values: type[IntEnum]) -> dict[str, str]:
    """The comment behind each member that has one, by the member's word; none where there is no text to read."""
    try:
        text = inspect.getsource(values)
    except (OSError, TypeError):
        return {}
    found: dict[str, str] = {}
    line: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(inspect.cleandoc(text)).readline):
        if token.type == tokenize.COMMENT and len(line) >= 3 and line[1].string == "=" and line[0].string in values.__members__:
            found[line[0].string.lower()] = token.string.lstrip("# ").strip()
        line = [] if token.type in (tokenize.NEWLINE, tokenize.NL) else [
            *line, *([token] if token.type not in (tokenize.INDENT, tokenize.DEDENT) else [])]
    return found


__all__ = ["meanings"]
