"""The file of a specification is executed when it is loaded: a time limit and Ctrl-C hold there, in every command that takes one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import small_storage
from cli_kit import run, started
from test_user_code import COUNTER

from snapproof.bounded import TooLong, bounded
from snapproof.suite import loading

TRACE = "snapproof-traces/two+locking=off.I1.json"
SAYS = "import pathlib\npathlib.Path('loading').touch()\n"
SLOW = {
    "loop": "while True:\n    pass\n",
    "sleep": "import time\ntime.sleep(600)\n",
    "import": "import slow_neighbour\n",
    "deaf": "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        break\n",
}
"""What stands at the top of a specification; the last one catches what is to stop it, and goes on."""

CALLS = [["check", "slow.py"], ["check", "--spec", "slow.py", "two.toml"], ["query", "1 == 1", "--spec", "slow.py"],
         ["query", "1 == 1", "--spec", "slow.py", "--reachable"], ["query", "1 == 1", "--scenario", "slow.py"],
         ["prove", "I1", "--spec", "slow.py"], ["replay", "--spec", "slow.py", TRACE]]


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    small_storage.write(tmp_path)
    run("check", "--spec", "storage.py", "two.toml", "--set", "locking=off", "--reading", "plain")
    Path("slow_neighbour.py").write_text(SLOW["loop"])
    monkeypatch.setattr(loading, "LEAST", 0.1)
    return tmp_path


def slow(how: str) -> None:
    first, _, rest = Path("storage.py").read_text().partition("from __future__ import annotations\n")
    Path("slow.py").write_text(first + "from __future__ import annotations\n" + SAYS + SLOW[how] + rest)


@pytest.mark.slow
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_loading_a_specification_is_bounded_by_seconds_in_every_command(call: list[str]) -> None:
    slow("loop")
    told = run(*call, "--seconds", "0.3")
    words = " ".join((told.stderr + told.output).split())
    assert told.exit_code == 3, told.output
    assert "not finished after 0.3 seconds" in words and "Traceback" not in words


@pytest.mark.slow
@pytest.mark.parametrize("how", list(SLOW))
def test_whatever_takes_long_is_told_with_its_line(how: str) -> None:
    slow(how)
    line = next(i for i, row in enumerate(Path("slow.py").read_text().splitlines(), 1) if row.strip() in ("pass", "time.sleep(600)",
                                                                                                        "import slow_neighbour"))
    told = run("check", "slow.py", "--seconds", "0.3")
    assert told.exit_code == 3, told.output
    assert how == "deaf" or any(f"slow.py:{n}:" in told.stderr for n in (line, line - 1)), told.stderr


def test_a_file_that_is_loaded_in_time_is_searched_for_all_its_time() -> None:
    assert run("check", "--spec", "storage.py", "two.toml", "--reading", "plain", "--seconds", "60").exit_code == 0
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize(("call", "how"), [*((call, "loop") for call in CALLS), (CALLS[0], "deaf"), (CALLS[2], "deaf")], ids=str)
def test_ctrl_c_while_a_specification_is_loaded_ends_the_command(call: list[str], how: str) -> None:
    slow(how)
    process = started(*call)
    end = time.monotonic() + 60
    while not Path("loading").exists() and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "snapproof: interrupted."), out


@pytest.mark.slow
def test_an_interrupted_command_that_was_to_print_json_does() -> None:
    slow("loop")
    process = started("check", "slow.py", "--json")
    while not Path("loading").exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert '"exit_code": 130' in process.communicate(timeout=60)[0]


def test_few_seconds_are_those_of_the_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LEAST", 600.0)
    told = run("check", "--spec", "storage.py", "two.toml", "--seconds", "0.000001", "--set", "Value=8")
    assert (told.exit_code, "time limit reached" in " ".join(told.stdout.split())) == (3, True), told.output


# --- a time within a time -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_replay_that_takes_long_is_given_up() -> None:
    Path("counter.py").write_text(COUNTER.replace("EXPLAINS", "return 'four', 'no'"))
    assert run("check", "counter.py").exit_code == 12
    Path("counter.py").write_text(COUNTER.replace("EXPLAINS", "while True:\n        pass"))
    told = run("replay", "--spec", "counter.py", "snapproof-traces/counter.small.json", "--seconds", "0.5")
    assert (told.exit_code, "not finished after 0.5 seconds" in told.stderr) == (3, True), told.output


@pytest.mark.slow
def test_a_time_goes_on_while_another_one_runs_in_it() -> None:
    with pytest.raises(TooLong), bounded(0.2):
        with bounded(60):
            pass
        while True:
            pass
    with pytest.raises(TooLong), bounded(60), bounded(0.05):
        while True:
            pass
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [1e-6, 1e-5, 2e-5, 5e-5, 1e-4])
def test_a_time_that_is_over_at_once_leaves_no_timer(seconds: float) -> None:
    """Whichever line of it the signal meets."""
    before = signal.getsignal(signal.SIGALRM)
    for _ in range(300):
        with suppress(TooLong), bounded(seconds):
            pass
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0) and signal.getsignal(signal.SIGALRM) is before


def test_a_time_that_was_over_is_told_although_the_exception_was_caught() -> None:
    with pytest.raises(TooLong), bounded(0.05):
        try:
            while True:
                pass
        except BaseException:
            pass


# --- before there is a program ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("name", "handler"), [("/usr/bin/snapproof", "0"), ("/usr/bin/another", "default_int_handler")])
def test_ctrl_c_while_the_program_itself_is_loaded_is_no_traceback_and_other_programs_keep_theirs(name: str, handler: str) -> None:
    text = f"import sys, signal; sys.argv[0] = {name!r}; import snapproof.cli.main; print(repr(signal.getsignal(signal.SIGINT)))"
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True, env=os.environ)  # noqa: S603
    assert handler in told.stdout or "SIG_DFL" in told.stdout and handler == "0", told.stdout


@pytest.mark.slow
def test_ctrl_c_when_all_has_been_said_is_no_traceback() -> None:
    text = ("import sys, signal, atexit; sys.argv[0] = 'snapproof'\n"
            "atexit.register(lambda: print('at the end', signal.getsignal(signal.SIGINT) is signal.SIG_DFL))\n"
            "from snapproof.cli.main import cli\ncli.main(['--version'])")
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=60, check=True)  # noqa: S603
    assert "at the end True" in told.stdout
