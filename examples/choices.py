"""A shop of choices: what other languages write with disjunctions, either, with, if and rulesets (docs/language.md has the table)."""

from __future__ import annotations

from enum import IntEnum

from snapproof.spec import (DONE, WAIT, IndexSet, Maybe, Members, Next, OneOf, Process, Range, Scope, SetOf, Signal, Specification,
                            State, TableOf, action, initial, invariant, local, step, table, variable, witness)


class Item(IndexSet, letter="I"):
    """What is sold."""


class Way(IntEnum):
    KEEP = 0
    RETURN = 1


class Door(IntEnum):
    FRONT = 0
    BACK = 1
    WINDOW = 2


class Shared(State):
    """The shop."""

    shelf: Members = variable(SetOf(Item), "what lies there")
    price = table(Item, of=Range(0, 2), meaning="what it costs")


class Settings(Scope):
    """No switches."""


class Buyer(Process, letter="B"):
    """Takes something, and keeps it or returns it."""

    has: int = local(Maybe(Item), "what it holds")


@initial
def open_shop(s: Shared, c: Settings, some: SetOf(Item), prices: TableOf(Item, of=Range(0, 2))) -> Signal:
    """Begin with some items on the shelf, at any prices, but not for nothing."""
    if any(prices[i] == 0 for i in c.each(Item)):
        return WAIT
    s.shelf = some
    s.price = prices
    return DONE


@action
def fill(s: Shared, c: Settings, i: Item) -> Signal:
    """Put an item back that nobody has."""
    if i in s.shelf or any(b.has == i for b in s.all(Buyer)):
        return WAIT
    s.shelf = s.shelf.with_(i)
    return DONE


@action
def clear(s: Shared, c: Settings) -> Signal:
    """Take the cheapest away, the first of those."""
    if len(s.shelf) == 0:
        return WAIT
    s.shelf = s.shelf.without(next(i for i in s.shelf if all(s.price[i] <= s.price[k] for k in s.shelf)))
    return DONE


@step(Buyer, "1", "", rest=True)
def take(s: Shared, c: Settings, b: Buyer, i: Item) -> Next:
    """Take one of those that are there."""
    if i not in s.shelf:
        return WAIT
    s.shelf = s.shelf.without(i)
    b.has = i
    return decide


@step(Buyer, "2", "")
def decide(s: Shared, c: Settings, b: Buyer, way: OneOf(Way), price: Range(0, 2)) -> Next:
    """Keep it, or return it, to be sold at any price."""
    if way == Way.KEEP and price != 0:
        return WAIT
    if way == Way.RETURN:
        s.price[b.has] = price
        s.shelf = s.shelf.with_(b.has)
        b.has = -1
    return leave


@step(Buyer, "3", "")
def leave(s: Shared, c: Settings, b: Buyer, door: OneOf(Door)) -> Next:
    """Leave by the front with something, by the back when the shelf is empty, by the window when neither is so."""
    front = b.has >= 0
    back = len(s.shelf) == 0
    if door == Door.FRONT and not front or door == Door.BACK and not back or door == Door.WINDOW and (front or back):
        return WAIT
    return DONE


@invariant("sold", "sold twice", distinct=True)
def nothing_is_sold_twice(s: Shared, c: Settings, b: Buyer, other: Buyer) -> bool:
    """Two buyers never hold the same, and nothing lies on the shelf that is held."""
    return b.has < 0 or b.has != other.has and b.has not in s.shelf


@witness("cheap")
def something_is_given_away(s: Shared, c: Settings, i: Item) -> bool:
    """Everything can become cheap."""
    return all(s.price[k] == 0 for k in c.each(Item)) and i in s.shelf


SPECIFICATION = Specification.of_module("choices", Shared, Settings, __name__, Item=2, Buyer=2)
