"""LLVM at work: text to object code, object code to callable functions, memory for them to work on."""

from __future__ import annotations

import ctypes
import hashlib
import mmap
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from .cache import Cache

NORESERVE = 0x4000
"""MAP_NORESERVE of Linux: pages count only when they are touched."""


def _machine() -> Any:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=features, opt=2, jit=True, codemodel="jitdefault")


def digest(text: str) -> str:
    """What the object code depends on: the text, LLVM, and the processor."""
    parts = [llvmlite.__version__, ".".join(map(str, llvm.llvm_version_info)), llvm.get_host_cpu_name(),
             llvm.get_host_cpu_features().flatten(), text]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def compile_text(text: str) -> bytes:
    """Optimise and compile LLVM text to object code."""
    machine = _machine()
    module = llvm.parse_assembly(text)
    module.triple = machine.triple
    module.data_layout = str(machine.target_data)
    module.verify()
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
    builder.getModulePassManager().run(module, builder)
    return bytes(machine.emit_object(module))


ROOM = 32 << 20
"""Bytes that must be free before object code is loaded."""


class Loaded:
    """Object code in memory; `function(name, arity)` gives its functions, all of 64-bit integers and pointers."""

    def __init__(self, code: bytes) -> None:
        # LLVM would end the whole program for want of memory: ask for some first.
        Memory(ROOM + 4 * len(code)).close()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()

    def function(self, name: str, arity: int) -> Any:
        """A callable for an exported function."""
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * arity)
        return kind(self._engine.get_function_address(name))


def is_cached(text: str, cache: Cache) -> bool:
    """Has this text been compiled in an earlier run?"""
    return cache.load(digest(text)) is not None


def load(text: str, cache: Cache, seconds: float | None = None) -> tuple[Loaded, bool]:
    """The compiled module of this text, and whether it came from the cache; OutOfTime, MemoryError."""
    from .compiling import compile_apart

    key = digest(text)
    code = cache.load(key)
    if code is not None:
        try:
            return Loaded(code), True
        except RuntimeError:
            cache.notes.append(f"{key}.o in the cache could not be loaded; compiled anew.")
    code = compile_apart(text, seconds)
    cache.store(key, code)
    return Loaded(code), False


class Memory:
    """Zeroed memory outside Python's heap, committed page by page as it is touched."""

    def __init__(self, size: int) -> None:
        self.size = max(size, mmap.PAGESIZE)
        try:
            self._map = mmap.mmap(-1, self.size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NORESERVE)
        except (OSError, OverflowError, ValueError):
            raise MemoryError(f"{self.size:,} bytes") from None
        if hasattr(mmap, "MADV_HUGEPAGE") and size >= 1 << 24:
            self._map.madvise(mmap.MADV_HUGEPAGE)
        self._keep: Any = (ctypes.c_char * self.size).from_buffer(self._map)
        self.address = ctypes.addressof(self._keep)

    def close(self) -> None:
        """Give it back at once."""
        self._keep = None
        self._map.close()

    def words(self) -> Any:
        """The memory as an array of signed 64-bit words."""
        return (ctypes.c_int64 * (self.size // 8)).from_buffer(self._map)

    def halves(self) -> Any:
        """The memory as an array of unsigned 32-bit halves."""
        return (ctypes.c_uint32 * (self.size // 4)).from_buffer(self._map)
