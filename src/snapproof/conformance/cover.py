"""Every transition of a scenario on the engine, along few long paths from its initial states.

The graph of all states and transitions comes from the plain reading; networkx finds its strongly connected
components, in an order in which each comes behind those that it leads to.  A path takes what is untaken within
its component, and then the exit behind which most untaken transitions can still follow one another.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..spec.errors import ScenarioError
from ..spec.instance import Cells, Instance
from ..spec.machine import Machine, Transition
from ..traces.trace import TraceStep
from .errors import NotMapped
from .lockstep_replay import Exercised, Replayed
from .mapping import Sizes
from .walks import step_of

Edge = tuple[int, int]
"""A state and the place of a transition among its successors."""


@dataclass
class Graph:
    """States by number, and the transitions out of each: (number of the next state, transition)."""

    instance: Instance
    states: list[Cells] = field(default_factory=list)
    successors: list[list[tuple[int, Transition]]] = field(default_factory=list)
    initial: list[int] = field(default_factory=list)

    @property
    def transitions(self) -> int:
        """How many there are."""
        return sum(map(len, self.successors))


def explore(instance: Instance, most: int = 200_000) -> Graph:
    """All states; ScenarioError when there are more than `most`."""
    machine, graph = Machine(instance, []), Graph(instance)
    numbers: dict[Cells, int] = {}
    queue: deque[int] = deque()

    def number(cells: Cells) -> int:
        if cells not in numbers:
            if len(numbers) >= most:
                raise ScenarioError("cover", f"the scenario has more than {most:,} states.", "Choose a smaller one.")
            numbers[cells] = len(numbers)
            graph.states.append(cells)
            graph.successors.append([])
            queue.append(numbers[cells])
        return numbers[cells]

    graph.initial = sorted({number(t.cells) for t in machine.initial()})
    while queue:
        at = queue.popleft()
        graph.successors[at] = [(number(t.cells), t) for t in machine.successors(graph.states[at])]
    return graph


def paths(graph: Graph) -> Iterator[list[Edge]]:
    """Paths from initial states that together take every transition."""
    plan = Plan(graph)
    while plan.remaining:
        plan.look_ahead()
        at = max(graph.initial, key=lambda i: plan.ahead[plan.component[i]])
        path: list[Edge] = []
        while True:
            way = plan.way(at)
            if not way:
                break
            for state, place in way:
                plan.take(state, place)
                at = plan.targets[state][place]
            path += way
        if not path:
            return
        yield path


class Plan:
    """Which transitions are untaken, and where most of them can still follow one another."""

    def __init__(self, graph: Graph) -> None:
        self.targets = [[to for to, _ in out] for out in graph.successors]
        self.untaken = [[1] * len(out) for out in self.targets]
        self.remaining = graph.transitions
        self.component, self.members = _components(self.targets)
        self.inside = [sum(self.stays(s, i) for s in members for i in range(len(self.targets[s]))) for members in self.members]
        self.ahead = [0] * len(self.members)
        self.before = [sorted({self.component[s] for s in arriving} - {c}) for c, arriving in enumerate(self._arriving())]
        self.stale = set(range(len(self.members)))

    def _arriving(self) -> list[list[int]]:
        """For each component, the states from which a transition leads into it."""
        found: list[list[int]] = [[] for _ in self.members]
        for state, targets in enumerate(self.targets):
            for to in targets:
                found[self.component[to]].append(state)
        return found

    def take(self, state: int, place: int) -> None:
        """This transition is taken."""
        if self.untaken[state][place]:
            self.untaken[state][place] = 0
            self.remaining -= 1
            self.inside[self.component[state]] -= self.stays(state, place)
            self.stale.add(self.component[state])

    def stays(self, state: int, place: int) -> bool:
        """Does this transition stay within its component?"""
        return self.component[state] == self.component[self.targets[state][place]]

    def look_ahead(self) -> None:
        """For each component, the most untaken transitions that one path from it can still take.

        Only where something was taken, and before it as far as that changes anything.
        """
        waiting = sorted(self.stale)
        while waiting:
            c = heapq.heappop(waiting)  # what a component leads to has a smaller number
            self.stale.discard(c)
            worth = self.inside[c] + max((self.exit(s)[0] for s in self.members[c]), default=0)
            if worth != self.ahead[c]:
                self.ahead[c] = worth
                for earlier in self.before[c]:
                    if earlier not in self.stale:
                        self.stale.add(earlier)
                        heapq.heappush(waiting, earlier)

    def exit(self, state: int) -> tuple[int, int]:
        """The best transition out of the component: how many untaken ones it promises, and its place (-1: none)."""
        best, found = 0, -1
        here, component, ahead = self.component[state], self.component, self.ahead
        for place, to in enumerate(self.targets[state]):
            if component[to] != here:
                worth = ahead[component[to]] + self.untaken[state][place]
                if worth > best:
                    best, found = worth, place
        return best, found

    def way(self, at: int) -> list[Edge]:
        """How a path goes on: first what is untaken within the component, then by the best exit; empty at its end."""
        c = self.component[at]
        if self.inside[c]:
            for members_way in self._ways(at):
                state = members_way[-1][1] if members_way else at
                place = next((i for i, new in enumerate(self.untaken[state]) if new and self.stays(state, i)), -1)
                if place >= 0:
                    return [(s, self._place(s, to)) for s, to in members_way] + [(state, place)]
        best = max(self.members[c], key=lambda s: self.exit(s)[0])
        if self.exit(at)[0] == self.exit(best)[0]:
            best = at
        worth, place = self.exit(best)
        if not worth:
            return []
        if best == at:
            return [(at, place)]
        way = next(w for w in self._ways(at) if w and w[-1][1] == best)
        return [(s, self._place(s, to)) for s, to in way] + [(best, place)]

    def _place(self, state: int, to: int) -> int:
        return self.targets[state].index(to)

    def _ways(self, at: int) -> Iterator[list[Edge]]:
        """Shortest ways within the component, as (state, next state), nearest first; the empty one first."""
        came: dict[int, list[Edge]] = {at: []}
        queue = deque([at])
        while queue:
            state = queue.popleft()
            yield came[state]
            for place, to in enumerate(self.targets[state]):
                if self.stays(state, place) and to not in came:
                    came[to] = [*came[state], (state, to)]
                    queue.append(to)


def _components(targets: list[list[int]]) -> tuple[list[int], list[list[int]]]:
    """The component of each state, and the members of each; components come behind those that they lead to."""
    try:
        import networkx as nx
    except ImportError:
        raise NotMapped("cover", "the package networkx is not installed.",
                        "Install snapproof with its extra `conform`, or give --no-cover.") from None
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(targets)))
    graph.add_edges_from((i, j) for i, out in enumerate(targets) for j in out)
    found = [sorted(members) for members in nx.strongly_connected_components(graph)]
    component = [0] * len(targets)
    for c, members in enumerate(found):
        for state in members:
            component[state] = c
    return component, found


# --- on the engine -----------------------------------------------------------------------------------------------


@dataclass
class Covered:
    """What a cover was: states and transitions of the scenario, paths, and steps executed along them."""

    states: int
    transitions: int
    paths: int = 0
    steps: int = 0


def replay_cover(instance: Instance, switches: dict[str, str], place: str, exercised: Exercised) -> Covered:
    """Every transition of a scenario on the engine; Divergence at the first that differs."""
    sizes = Sizes.of(instance.sizes, place)
    graph = explore(instance)
    covered = Covered(len(graph.states), graph.transitions)
    steps: dict[Edge, TraceStep] = {}
    for path in paths(graph):
        covered.paths += 1
        with Replayed(sizes, switches, f"{place}, path {covered.paths}", exercised=exercised) as engine:
            before = instance.show(graph.states[path[0][0]])
            engine.begin(before)
            for number, edge in enumerate(path, 1):
                if edge not in steps:
                    steps[edge] = step_of(instance, graph.states[edge[0]], graph.successors[edge[0]][edge[1]][1])
                engine.take(number, steps[edge], before)
                before = steps[edge].state
                covered.steps += 1
    return covered


__all__ = ["Covered", "Graph", "explore", "paths", "replay_cover"]
