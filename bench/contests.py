"""What is explored on both sides: a specification, its sizes here and there, and the states it has."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Contest:
    """One specification at one size.

    `sizes`, `switches`, `deadlock` are ours; `defines` Spin's, with the greatest depth its search may
    have; `constants` Rumur's.  `distinct` is what every contestant must find.
    """

    example: str
    distinct: int
    sizes: dict[str, int]
    defines: dict[str, int] = field(default_factory=dict)
    depth: int = 0
    constants: dict[str, int] = field(default_factory=dict)
    switches: dict[str, str] = field(default_factory=dict)
    deadlock: bool = True

    @property
    def title(self) -> str:
        """The specification and its sizes, in words."""
        sizes = ", ".join(f"{name} {n}" for name, n in self.sizes.items())
        return f"{self.example.replace('_', ' ')} ({sizes})"


def two_phase_commit(managers: int, distinct: int) -> Contest:
    """The TLA+ example, which has no process and no control point."""
    return Contest("two_phase_commit", distinct, {"ResourceManager": managers}, {"RMS": managers}, 1_000, {"RMS": managers})


def standard_write(hosts: int, disks: int, tracks: int, distinct: int) -> Contest:
    """The reduced standard write: processes with boxes and locals, exchanging requests."""
    return Contest("standard_write", distinct, {"HostAdapter": hosts, "DiskAdapter": disks, "Track": tracks},
                   {"HAS": hosts, "DAS": disks, "TRACKS": tracks}, 10_000, {"HAS": hosts, "DAS": disks, "TRACKS": tracks})


def dining_philosophers(n: int) -> Contest:
    """Many like processes.  Two of the 3^n states are deadlocks, which nobody is to stop at."""
    return Contest("dining_philosophers", 3 ** n, {"Philosopher": n}, {"PHILOSOPHERS": n}, 3 ** n, {"PHILOSOPHERS": n},
                   {"order": "any"}, deadlock=False)


FULL = [two_phase_commit(8, 1_745_408), standard_write(3, 2, 2, 1_540_872), dining_philosophers(12)]
QUICK = [two_phase_commit(6, 50_816), standard_write(2, 1, 2, 38_040), dining_philosophers(9)]

VALUES = [Contest("chang_roberts", 333_161, {"Node": 7}), Contest("termination_detection", 649_217, {"Node": 6}),
          Contest("atomic_commitment", 2_092_064, {"Participant": 4}, deadlock=False),
          Contest("inner_fifo", 1_398_096, {"Message": 4, "most": 6}),
          Contest("write_through_cache", 1_269_504, {"Processor": 2, "Address": 2, "Value": 2, "places": 2}),
          Contest("resource_allocator", 849_807, {"Client": 3, "Resource": 3})]
"""Ports with sets, records or sequences, of which `bench/integers` has a twin that is written with integers and tables."""

VALUES_QUICK = [Contest("inner_fifo", 5_808, {"Message": 3, "most": 3})]

READINGS = [two_phase_commit(5, 8_832), standard_write(2, 1, 2, 38_040)]
"""Where the compiled reading is held against the plain one: what the plain one finishes in seconds."""

READINGS_QUICK = [two_phase_commit(4, 1_568), standard_write(2, 2, 1, 1_222)]
