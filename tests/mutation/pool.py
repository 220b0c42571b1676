"""Each trial in a forked process of its own, a few at a time, bounded in time: the parent never loads a mutant."""

from __future__ import annotations

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

CONTEXT = multiprocessing.get_context("fork")


def _serve(pipe: Connection, work: Callable[[], Any]) -> None:
    try:
        answer = {"answer": work()}
    except BaseException as error:  # a trial that breaks is told, whatever broke it
        answer = {"failed": f"{type(error).__name__}: {error}"}
    pipe.send_bytes(json.dumps(answer).encode())
    pipe.close()


class _Running:
    def __init__(self, index: int, work: Callable[[], Any]) -> None:
        self.index, self.began = index, time.monotonic()
        self.pipe, there = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=_serve, args=(there, work))
        self.process.start()
        there.close()

    def end(self) -> dict[str, Any]:
        """The answer; a process that died without one is told, too."""
        try:
            return dict(json.loads(self.pipe.recv_bytes()))
        except EOFError:
            self.process.join()
            return {"failed": f"its process ended with exit code {self.process.exitcode}"}
        finally:
            self.close()

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def answers(work: Sequence[Callable[[], Any]], jobs: int = 2, seconds: float = 120) -> Iterator[tuple[int, dict[str, Any]]]:
    """For each piece of work its number and {"answer": …}, {"failed": …} or {"late": seconds}, as they end."""
    waiting = list(range(len(work)))
    running: list[_Running] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                index = waiting.pop(0)
                running.append(_Running(index, work[index]))
            ready = wait([r.pipe for r in running], timeout=1.0)
            for one in list(running):
                if one.pipe in ready:
                    running.remove(one)
                    yield one.index, one.end()
                elif time.monotonic() - one.began > seconds:
                    running.remove(one)
                    one.close()
                    yield one.index, {"late": seconds}
    finally:
        for one in running:
            one.close()


def in_child(work: Callable[[], Any], seconds: float = 300) -> Any:
    """One piece of work in a process of its own."""
    [(_, answer)] = answers([work], 1, seconds)
    if "answer" not in answer:
        raise RuntimeError(str(answer))
    return answer["answer"]
