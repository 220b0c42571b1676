"""From a specification to LLVM text."""

from .module import Module, emit_module

__all__ = ["Module", "emit_module"]
