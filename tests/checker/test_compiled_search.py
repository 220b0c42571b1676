"""The compiled search as a program: limits, growth, interruption, errors, memory."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest
from random_specifications import load

from snapproof.checker import Limits, Result, Verdict, search
from snapproof.checker.cache import Cache
from snapproof.checker.compiled import CompiledSearch
from snapproof.spec import EvaluationError
from snapproof.spec.instance import Instance
from snapproof.spec.layout import Layout

COUNTERS = '''
from __future__ import annotations
from snapproof.spec import *

class Wheel(IndexSet, letter="w"):
    """Independent counters."""

class S(State):
    at = table(Wheel, of=Range(0, 9), meaning="position of each wheel")
    wide = table(Wheel, of=Range(0, 60000), meaning="makes the state long, so that it needs several words")

class C(Scope):
    """No switches."""

@action
def turn(s: S, c: C, w: Wheel) -> Signal:
    """A wheel turns."""
    if s.at[w] == 9:
        return WAIT
    s.at[w] = s.at[w] + 1
    s.wide[w] = s.at[w] * 6000
    return DONE

@invariant("never", "all wheels at seven")
def never(s: S, c: C) -> bool:
    """Not every wheel stands at seven."""
    for w in c.each(Wheel):
        if s.at[w] != 7:
            return True
    return False

@invariant("fits", "out of range")
def fits(s: S, c: C, w: Wheel) -> bool:
    """The long number follows the short one."""
    return s.wide[w] == s.at[w] * 6000

@invariant("wrong", "bad index")
def wrong(s: S, c: C) -> bool:
    """Looks outside when a wheel stands at nine."""
    return s.at[s.at[0] // 9 * 7] >= 0

SPECIFICATION = Specification.of_module("counters", S, C, __name__, Wheel=5)
'''


@pytest.fixture(scope="module")
def counters(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return load(COUNTERS, tmp_path_factory.mktemp("counters")).SPECIFICATION


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def explore(spec: Any, *ids: str, wheels: int = 5, cache: Cache | None = None, **limits: Any) -> Result:
    instance = Instance(spec, {"Wheel": wheels}, {})
    return search(instance, [spec.properties[i] for i in ids], deadlock=False, reading="compiled", limits=Limits(**limits), cache=cache)


def test_the_table_grows_through_many_sizes_and_loses_nothing(counters: Any) -> None:
    result = explore(counters, "fits")
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct, result.generated, result.depth) == (10**5, 5 * 9 * 10**4 + 1, 45)


@pytest.mark.slow
def test_a_counterexample_is_shortest_and_the_same_as_in_the_plain_reading(counters: Any) -> None:
    result = explore(counters, "never", wheels=3)
    plain = search(Instance(counters, {"Wheel": 3}, {}), [counters.properties["never"]], deadlock=False, reading="plain")
    assert result.counterexample is not None and plain.counterexample is not None
    assert len(result.counterexample) == 3 * 7 + 1
    assert [t.cells for t in result.counterexample] == [t.cells for t in plain.counterexample]


def test_a_state_limit_gives_an_incomplete_verdict_near_the_limit(counters: Any) -> None:
    result = explore(counters, "fits", states=20_000)
    assert result.verdict is Verdict.INCOMPLETE
    assert "state limit" in result.line()
    assert 20_000 <= result.distinct < 40_000


def test_a_memory_limit_stops_with_a_partial_verdict_and_is_honoured(counters: Any) -> None:
    result = explore(counters, "fits", wheels=6, memory=6 << 20)
    assert result.verdict is Verdict.INCOMPLETE
    assert "memory limit" in result.line()
    assert result.memory <= 6 << 20
    assert result.distinct > 50_000


def test_a_stopped_search_goes_on_where_it_was(counters: Any) -> None:
    instance = Instance(counters, {"Wheel": 5}, {})
    going = CompiledSearch(instance, [counters.properties["fits"]], deadlock=False)
    first = going.run(Limits(states=30_000))
    assert first.verdict is Verdict.INCOMPLETE
    last = going.run()
    assert (last.verdict, last.distinct) == (Verdict.HOLDS, 10**5)


def test_interruption_gives_a_partial_verdict(counters: Any) -> None:
    result = search(Instance(counters, {"Wheel": 8}, {}), [counters.properties["fits"]], deadlock=False, reading="compiled",
                    report=lambda now: signal.raise_signal(signal.SIGINT))
    assert result.verdict is Verdict.INCOMPLETE
    assert "interrupted" in result.line()


def test_an_index_outside_its_set_is_an_evaluation_error_that_names_the_property(counters: Any) -> None:
    with pytest.raises(EvaluationError, match=r"wrong.*index 7 is outside"):
        explore(counters, "wrong")


def test_progress_is_reported_with_growing_counts(counters: Any) -> None:
    seen: list[int] = []
    search(Instance(counters, {"Wheel": 5}, {}), [counters.properties["fits"]], deadlock=False, reading="compiled",
           report=lambda p: seen.append(p.distinct))
    assert seen and seen == sorted(seen)


def test_packing_is_reversible_and_cells_do_not_straddle_words(counters: Any) -> None:
    instance = Instance(counters, {"Wheel": 7}, {})
    layout = Layout(instance)
    cells = tuple(slot.high - i % 3 for slot in instance.slots.values() for i in range(slot.length))
    assert layout.unpack(layout.pack(cells)) == cells
    for place in layout.places.values():
        assert place.shift + place.width * min(place.per, 7) <= 64


@pytest.mark.slow
def test_the_second_start_compiles_nothing(counters: Any, cache: Cache) -> None:
    instance = Instance(counters, {"Wheel": 2}, {})
    assert not CompiledSearch(instance, [], cache=cache).from_cache
    assert CompiledSearch(instance, [], cache=cache).from_cache


@pytest.mark.slow
def test_a_damaged_cache_entry_is_rebuilt(counters: Any, cache: Cache) -> None:
    explore(counters, "fits", wheels=2, cache=cache)
    (entry,) = cache.directory.glob("*.o")
    entry.write_bytes(entry.read_bytes()[:-100] + b"x" * 100)
    result = explore(counters, "fits", wheels=2, cache=cache)
    assert result.distinct == 100
    assert any("damaged" in note for note in cache.notes)


@pytest.mark.slow
def test_a_truncated_cache_entry_is_rebuilt(counters: Any, cache: Cache) -> None:
    explore(counters, "fits", wheels=2, cache=cache)
    (entry,) = cache.directory.glob("*.o")
    entry.write_bytes(b"")
    assert explore(counters, "fits", wheels=2, cache=cache).distinct == 100


@pytest.mark.slow
def test_a_cache_that_others_could_write_is_not_used(counters: Any, cache: Cache) -> None:
    explore(counters, "fits", wheels=2, cache=cache)
    cache.directory.chmod(0o777)
    again = CompiledSearch(Instance(counters, {"Wheel": 2}, {}), [], cache=cache)
    assert not again.from_cache
    assert any("another account" in note for note in cache.notes)


@pytest.mark.slow
def test_a_cache_entry_that_others_could_write_is_not_used(counters: Any, cache: Cache) -> None:
    explore(counters, "fits", wheels=2, cache=cache)
    (entry,) = cache.directory.glob("*.o")
    entry.chmod(0o666)
    assert not CompiledSearch(Instance(counters, {"Wheel": 2}, {}), [], cache=cache).from_cache


@pytest.mark.slow
def test_a_link_in_the_cache_is_not_followed(counters: Any, cache: Cache, tmp_path: Path) -> None:
    explore(counters, "fits", wheels=2, cache=cache)
    (entry,) = cache.directory.glob("*.o")
    entry.rename(tmp_path / "elsewhere.o")
    entry.symlink_to(tmp_path / "elsewhere.o")
    assert not CompiledSearch(Instance(counters, {"Wheel": 2}, {}), [], cache=cache).from_cache


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux")
def test_a_full_cache_forgets_what_was_not_used_for_longest(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("snapproof.checker.cache.KEEP", 3)
    for age, key in enumerate("abc"):
        cache.store(key, b"code")
        os.utime(cache.directory / f"{key}.o", (age, age))
    assert cache.load("a") == b"code"
    cache.store("d", b"code")
    assert {path.stem for path in cache.directory.glob("*.o")} == {"a", "c", "d"}


@pytest.mark.slow
def test_a_cache_that_cannot_be_written_costs_only_a_compilation(counters: Any) -> None:
    cache = Cache(Path("/proc/snapproof"))
    assert explore(counters, "fits", wheels=2, cache=cache).distinct == 100
    assert any("cannot be written" in note for note in cache.notes)


def test_a_kind_without_members_is_explored_like_any_other(tmp_path: Path) -> None:
    text = COUNTERS.replace("SPECIFICATION =", '''
class Server(Process, letter="V"):
    """There may be none."""

@step(Server, "1", "-", rest=True)
def serve(s: S, c: C, v: Server) -> Next:
    """Waits."""
    return WAIT

@invariant("numbered", "no number")
def numbered(s: S, c: C, v: Server) -> bool:
    """Processes are numbered from one."""
    for other in s.all(Server):
        if other.number < 1:
            return False
    return v.number > 0

SPECIFICATION =''').replace("Wheel=5)", "Wheel=2, Server=0)")
    spec = load(text, tmp_path).SPECIFICATION
    results = [search(Instance(spec, {}, {}), [spec.properties["numbered"]], deadlock=False, reading=r) for r in ("plain", "compiled")]
    assert [r.distinct for r in results] == [100, 100]
