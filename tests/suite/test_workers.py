"""Tasks in forked workers: whenever one dies, it costs the task it had and nothing else; limits hold from outside."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest
from cli_kit import started
from ending_kit import gone, soon

from snapproof.cli import contained
from snapproof.spec.errors import SnapproofError
from snapproof.suite import workers
from snapproof.suite.workers import Died, Stopped, answers

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")


def found(count: int, processes: int, work: Any) -> dict[int, Any]:
    out = dict(answers(count, processes, lambda i, say: work(i)))
    assert sorted(out) == list(range(count))
    return out


def none_left() -> None:
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_task_is_answered_once(processes: int) -> None:
    assert found(7, processes, lambda i: {"square": i * i}) == {i: {"square": i * i} for i in range(7)}


@pytest.mark.slow
@pytest.mark.parametrize("status", [0, 9])
def test_a_worker_that_ends_at_its_first_task_costs_that_task(status: int) -> None:
    out = found(5, 2, lambda i: os._exit(status) if i == 0 else i)
    assert isinstance(out.pop(0), Died) and out == {1: 1, 2: 2, 3: 3, 4: 4}


@pytest.mark.slow
def test_workers_that_all_die_leave_no_task_without_an_end() -> None:
    assert all(isinstance(a, Died) for a in found(6, 3, lambda i: os._exit(9)).values())


def test_work_that_raises_ends_its_worker() -> None:
    out = found(3, 2, lambda i: 1 // i)
    assert isinstance(out[0], Died) and (out[1], out[2]) == (1, 0)


def test_a_worker_that_is_killed_between_two_tasks_costs_the_next_one() -> None:
    def work(i: int) -> Any:
        if i == 1:
            signal.pause()  # given to the worker that has answered, and never ended by it
        return os.getpid()

    out: dict[int, Any] = {}
    for i, answer in answers(4, 1, lambda i, say: work(i)):
        out[i] = answer
        if i == 0:
            os.kill(answer, signal.SIGKILL)
    assert isinstance(out[1], Died) and out[1].killed
    assert out[2] == out[3] != out[0]


def test_a_worker_that_dies_before_it_is_given_anything_costs_that_task(monkeypatch: pytest.MonkeyPatch) -> None:
    serve, first = workers._serve, os.getpid()
    dead = {"yet": 0}

    def dying(*given: Any) -> None:
        if dead["yet"] == 1:  # counted in the parent, so that the second worker is the one
            os._exit(1)
        serve(*given)

    begin = workers._start

    def counted(*given: Any) -> Any:
        made = begin(*given)
        dead["yet"] += 1
        if dead["yet"] == 2:
            os.waitid(os.P_PID, made.pid, os.WEXITED | os.WNOWAIT)  # it is gone before anybody looks
        return made

    monkeypatch.setattr(workers, "_serve", dying)
    monkeypatch.setattr(workers, "_start", counted)
    out = found(4, 2, lambda i: i)
    assert [i for i, a in out.items() if isinstance(a, Died)] == [1] and os.getpid() == first


def test_what_a_task_says_on_its_way_is_heard_before_its_answer() -> None:
    heard: list[tuple[int, Any]] = []

    def work(i: int, say: Any) -> int:
        for part in range(3):
            say({"part": part})
        return i

    for i, answer in answers(3, 2, work, told=lambda i, said: heard.append((i, said["part"]))):
        assert answer == i
        assert [part for j, part in heard if j == i] == [0, 1, 2]


def test_the_caller_chooses_what_comes_next() -> None:
    seen: list[tuple[list[int], list[int]]] = []

    def last(waiting: Any, busy: Any) -> int:
        seen.append((list(waiting), [i for i in busy if i >= 0]))
        return waiting[-1]  # type: ignore[no-any-return]

    assert [i for i, _ in answers(4, 1, lambda i, say: i, choose=last)] == [3, 2, 1, 0]
    assert seen == [([0, 1, 2, 3], []), ([0, 1, 2], []), ([0, 1], []), ([0], [])]


def for_ever() -> NoReturn:
    while True:
        time.sleep(0.02)  # in pieces: a signal that comes just before a long wait would be heard after it


def waits(i: int, say: Any) -> str:
    """Says that it is there, and answers what it has when it is asked."""
    try:
        say("at work")
        for_ever()
    except KeyboardInterrupt:
        return "a part"


def interrupting(times: int, work: Any) -> dict[int, Any]:
    """The ends of four tasks of two workers, to which Ctrl-C comes so often when both are at work."""
    there: list[int] = []

    def told(i: int, said: Any) -> None:
        there.append(i)
        if len(there) == 2:
            for _ in range(times):
                threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    return dict(answers(4, 2, work, told=told, partly=True))


def test_ctrl_c_asks_everybody_for_a_part_and_nothing_more_is_begun() -> None:
    assert interrupting(1, waits) == {0: "a part", 1: "a part", 2: Stopped(), 3: Stopped()}
    none_left()


def test_a_second_ctrl_c_ends_those_who_do_not_answer() -> None:
    def deaf(i: int, say: Any) -> None:
        signal.signal(signal.SIGINT, lambda *_: say("asked"))
        say("at work")
        for_ever()

    asked: list[Any] = []

    def told(i: int, said: Any) -> None:
        asked.append(said)
        if asked.count("at work") == 2 and len(asked) in (2, 4):
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    assert dict(answers(3, 2, deaf, told=told, partly=True)) == {i: Stopped() for i in range(3)}
    assert asked.count("asked") == 2
    none_left()


def test_one_that_dies_of_a_ctrl_c_before_it_has_begun_is_stopped() -> None:
    def leaves(i: int, say: Any) -> None:
        try:
            say("at work")
            for_ever()
        except KeyboardInterrupt:
            os._exit(255)

    assert interrupting(1, leaves) == {i: Stopped() for i in range(4)}


def test_ctrl_c_is_the_callers_where_no_parts_are_wanted() -> None:
    def told(i: int, said: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        list(answers(2, 2, waits, told=told))
    none_left()


def test_no_worker_is_left_when_the_caller_stops_early() -> None:
    some = answers(4, 2, lambda i, say: i if i == 0 else signal.pause())
    assert next(some) == (0, 0)
    some.close()
    none_left()


# --- a command watched from outside -------------------------------------------------------------------


def beyond(told: list[str]) -> Any:
    def tell(reason: str) -> int:
        told.append(reason)
        return 3
    return tell


def test_a_command_that_does_not_look_at_the_clock_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contained, "GRACE", 0.0)
    told: list[str] = []
    assert contained.run(lambda: signal.pause() or 0, 1 << 40, 0.2, beyond(told)) == 3
    assert told == ["the time is over"]
    none_left()


@pytest.mark.slow
def test_a_command_that_takes_too_much_memory_is_ended() -> None:
    told: list[str] = []

    def work() -> int:
        held = bytearray(200 << 20)
        held[::4096] = b"x" * len(held[::4096])
        signal.pause()
        return 0

    assert contained.run(work, 100 << 20, None, beyond(told)) == 3
    assert "the memory limit is reached" in told[0]


def test_what_a_command_forks_counts_and_ends_with_it() -> None:
    told: list[str] = []

    def held(i: int, say: object) -> None:
        mine = bytearray(150 << 20)
        mine[::4096] = b"x" * len(mine[::4096])
        signal.pause()

    assert contained.run(lambda: len(list(answers(2, 2, held))), 200 << 20, None, beyond(told)) == 3
    assert "the memory limit is reached" in told[0]


def test_a_command_that_the_system_kills_is_told_as_such() -> None:
    with pytest.raises(contained.Ended) as error:
        contained.run(lambda: os.kill(os.getpid(), signal.SIGKILL) or 0, 1 << 40, None, beyond([]))
    assert error.value.exit_code == 153 and "want of memory" in error.value.cause


def test_a_library_that_ends_the_process_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for code in (0, 1):
        with pytest.raises(SnapproofError, match=f"exit code {code}") as error:
            contained.run(lambda code=code: os._exit(code), 1 << 40, None, beyond([]))
        assert error.value.exit_code == 255
    monkeypatch.setattr(contained, "_limited", lambda: True)
    with pytest.raises(contained.Ended, match="want of memory") as error:
        contained.run(lambda: os._exit(1), 1 << 40, None, beyond([]))
    assert error.value.exit_code == 153


def test_a_command_that_gets_no_memory_says_so() -> None:
    def work() -> int:
        raise MemoryError
    assert contained.run(work, 1 << 40, None, beyond([])) == 153


def test_the_exit_code_of_a_command_is_passed_on() -> None:
    assert [contained.run(lambda code=code: code, 1 << 40, None, beyond([])) for code in (0, 3, 16, 255)] == [0, 3, 16, 255]


def descendants(pid: int) -> list[int]:
    return contained._family(pid)[1:]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="the test finds processes in /proc")
def test_a_killed_prove_leaves_nobody() -> None:
    with started("prove", "--proof", "sixteen_sessions", "--jobs", "2") as run:
        while len(below := descendants(run.pid)) < 3:
            assert run.poll() is None
            time.sleep(0.05)
        run.kill()
        run.wait()
        assert soon(lambda: all(map(gone, below)))


@pytest.mark.slow
def test_ctrl_c_ends_prove_at_any_moment() -> None:
    for wait in (0.0, 1.5):
        with started("prove", "--proof", "sixteen_sessions", "--jobs", "2") as run:
            while not descendants(run.pid):
                time.sleep(0.01)
            time.sleep(wait)
            run.send_signal(signal.SIGINT)
            out, err = run.communicate(timeout=120)
        assert run.returncode == 130, (out, err)
        assert "Traceback" not in err
