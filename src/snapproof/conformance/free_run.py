"""A free run of the engine, logged box by box; and whether the log is a behaviour of the model.

Threads run as the system schedules them.  A box is executed while its adapter has the bus to global memory, so the
boxes have one order, and the log has it, with the state behind each box.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from ..engine import Array, Build, create
from ..engine.box import Box as EngineBox
from ..engine.faulty_store import MemoryStore
from ..engine.memory import Adapter, DiskAdapter, HostAdapter, Ticket
from ..engine.schedule import FreeRunning
from ..spec.instance import Instance
from ..spec.scenario import Scenario
from ..traces.record import words
from ..traces.trace import Box, State, TraceStep
from .comparing import difference
from .errors import Divergence, diverges
from .lockstep_replay import Exercised
from .mapping import Map, Sizes, command_of
from .plain_following import Follower

FROM_MENU = 6
"""How many commands a host draws from a menu without end."""

TAIL = 12
"""How many boxes before a difference are told."""


@dataclass(frozen=True)
class Log:
    """What the threads did: one step a box, with the state behind it; log tracks have the engine's own numbers.

    `programs`: the commands of each host.  `at_rest`: were all without work when nobody could go on?
    """

    instance: Instance
    programs: list[list[str]]
    initial: State
    steps: list[TraceStep]
    at_rest: bool


def programs_of(instance: Instance, rng: random.Random) -> list[list[str]]:
    """One command for each position of each host's program."""
    found = []
    for (kind, _), program in zip(instance.processes, instance.programs, strict=True):
        if kind.programs:
            positions = program.positions * FROM_MENU if program.repeats else program.positions
            found.append([words(instance, rng.choice(position)) for position in positions])
    return found


def run_freely(scenario: Scenario, seed: int, build: dict[str, str] | None = None, limit: float = 10.0) -> Log:
    """Let the engine's threads carry out the hosts' programs of a scenario, all at once, until nobody can go on.

    `build`: switches in which the engine differs from the scenario.  `seed` draws alternatives of programs, and
    when threads let others go first.  Raises NotMapped, BadBuild and BadRequest when there is no such engine, Hung
    with stacks when nothing happens for `limit` seconds, Failed when the array stops itself.
    """
    instance, rng = scenario.instance(), random.Random(seed)
    sizes = Sizes.of(instance.sizes, scenario.name)
    programs = programs_of(instance, rng)
    store, made = MemoryStore(), Build.of({n: v.name.lower() for n, v in scenario.switch_values().items()} | (build or {}))
    create(store, sizes.geometry, made)
    recorder = Recorder()
    schedule = FreeRunning(rng, recorder.saw, limit)
    array = Array(store, made, hosts=sizes.hosts, disks=sizes.disks, generations=sizes.generations, schedule=schedule, durable=False)
    try:
        recorder.map = Map(array.memory, sizes)
        initial = recorder.map.state()
        with schedule.bus:
            for host, program in enumerate(programs):
                for command in program:
                    recorder.commands[array.give(host, command_of(command, sizes))] = command
        at_rest = schedule.rest(limit)
        return Log(instance, programs, initial, recorder.steps, at_rest)
    finally:
        array.abandon()


class Recorder:
    """Writes the log: told of every box by the thread that has executed it, while it still has the bus."""

    def __init__(self) -> None:
        self.map: Map
        self.commands: dict[Ticket, str] = {}
        self.steps: list[TraceStep] = []

    def saw(self, me: Adapter, box: EngineBox) -> None:
        """A box has been executed."""
        command, choices = "", {}
        if isinstance(me, HostAdapter) and box.rest and me.ticket is not None:
            command = self.commands[me.ticket]
            self.map.takes_up(me.number, command, me.ticket)
        if isinstance(me, DiskAdapter) and box.rest:
            choices = {"ha": self.map.processes[me.serving]}
        self.steps.append(TraceStep(me.name, type(me).__name__, (Box(box.name, box.id, box.figure, "", choices),), command,
                                    self.map.state_behind(me)))


# --- is it a behaviour of the model? -----------------------------------------------------------------------------


def validate(log: Log, place: str, exercised: Exercised) -> None:
    """Lead the plain reading along a log; Divergence, with the boxes before it, at the first that the model does not do.

    Every box must be possible in the model where the log has it, and the states behind it must be equal up to the
    names of log tracks; where the threads stand still at the end, the model's processes must, too.
    """
    model = Follower(log.instance)
    found = difference(model.state, log.initial)
    if found is not None:
        raise Divergence(f"{place}, initial state", f"{found}.", "They begin differently.", 0, found.field)
    for number, step in enumerate(log.steps, 1):
        try:
            _follow(model, number, step, place)
        except Divergence as error:
            error.story = _story(log, number)
            raise
        exercised.boxes[step.kind, step.boxes[0].step] += 1
        exercised.steps += 1
    able = model.able()
    if able:
        raise Divergence(f"{place}, after step {len(log.steps)}", f"{', '.join(able)} can go on in the model, and nobody in the engine.",
                         "A box waits in the engine that does not in the model.", len(log.steps), "deadlock",
                         _story(log, len(log.steps)))


def _follow(model: Follower, number: int, step: TraceStep, place: str) -> None:
    box = step.boxes[0]
    if step.process not in model.places:
        raise diverges(place, number, step, box, "process", f"the model has no process {step.process}")
    at = model.box(step.process)
    if at.name != box.step:
        raise diverges(place, number, step, box, "step", f"in the model {step.process} is elsewhere: at {at.id} {at.name}")
    done = model.execute(step.process, step.command, box.choices)
    if done is None:
        raise diverges(place, number, step, box, "step", "the box waits in the model, and not in the engine")
    found = difference(done.state, step.state)
    if found is not None:
        raise diverges(place, number, step, box, found.field, str(found))


def _story(log: Log, number: int) -> tuple[str, ...]:
    """The programs, and the last boxes up to this one."""
    told = [f"HA{i + 1}: {'; '.join(program) or 'nothing'}" for i, program in enumerate(log.programs)]
    first = max(0, number - TAIL)
    for i, step in enumerate(log.steps[first:number], first + 1):
        box = step.boxes[0]
        more = step.command or " ".join(box.choices.values())
        told.append(f"{i:>5} {step.process} {box.id} {box.step}{f' ({more})' if more else ''}")
    return tuple(told)


__all__ = ["Log", "Recorder", "programs_of", "run_freely", "validate"]
