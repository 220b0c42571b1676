"""Workers of the commands end with the command: see `checker.together`, which compiling uses, too."""

from ..checker.together import end_with

__all__ = ["end_with"]
