"""What declarations demand of their arguments, so that a wrong one is refused where it stands and never without effect."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any

from .errors import DeclarationError

VERDICTS = ("holds", "violated", "deadlock", "stuck", "unreached", "incomplete", "error")
"""Words of verdicts and expectations: no property is called so."""

TAKEN = (*VERDICTS, "all", "query", "domains", "initially", "True", "False", "true", "false", "none", "and", "or", "not", "has", "count")
"""Words that mean something where the names of properties are written."""


def told(found: Any) -> str:
    """A thing in a message."""
    name = getattr(found, "__name__", None)
    text = name if isinstance(name, str) else repr(found)
    return text if len(text) <= 60 else text[:59] + "…"


def demand(fine: bool, place: str, cause: str, fix: str) -> None:
    """DeclarationError unless something is so."""
    if not fine:
        raise DeclarationError(place, cause, fix)


def demand_text(value: Any, place: str, what: str) -> None:
    """A text (it may be empty); whatever is in it, reports print it harmlessly."""
    demand(isinstance(value, str), place, f"its {what} {told(value)} is no text.", f"Give the {what} as a string.")


def demand_word(value: Any, place: str, what: str, taken: Iterable[str] = ()) -> None:
    """A text that stands in lists, expressions and file names: one word."""
    fine = isinstance(value, str) and re.fullmatch(r"[^\W\d][\w.:+-]*", value) is not None
    demand(fine, place, f"its {what} {told(value)} is no word.",
           f"Give the {what} as letters, digits and - _ . after a letter, such as I1 or mutex.")
    demand(value not in taken, place, f"its {what} {value!r} is a word with a meaning of its own in verdicts and expressions.",
           "Choose another.")


def demand_switch(value: Any, place: str, what: str) -> None:
    """True or False."""
    demand(isinstance(value, bool), place, f"{what}={told(value)} is neither True nor False.", f"Write {what}=True or leave it out.")


def demand_class(value: Any, base: type, place: str, what: str, fix: str) -> None:
    """A class derived from a base."""
    demand(isinstance(value, type) and issubclass(value, base) and value is not base, place,
           f"{what} {told(value)} is not a class derived from {base.__name__}.", fix)


def demand_letter(value: Any, place: str) -> None:
    """The prefix of the names of members."""
    fine = isinstance(value, str) and value.isprintable() and value and not re.search(r"[\s\d*|,=\[\]\"'.]", value)
    demand(bool(fine), place, f"its letter {told(value)} cannot begin the names of its members.",
           'Give a letter or a short word without digits, such as letter="T": members are T1, T2, …')


def demand_name(name: str, place: str, base: type, more: Iterable[str] = ()) -> None:
    """A name in a class body that hides nothing of the language."""
    demand(not name.startswith("_") and not hasattr(base, name) and name not in more, place,
           f"the name {name!r} has a meaning of its own there.", "Choose another name, without a leading underscore.")


def demand_function(function: Any, place: str) -> Callable[..., Any]:
    """A function written with def, that nothing else has been made of; None where a decorator was called without one."""
    demand(function is not None, place, "it is written with brackets and nothing in them.",
           "Write @action, @initial or @constraint by itself, in the line above a def.")
    demand(inspect.isfunction(function) and function.__name__ != "<lambda>", place,
           f"it is applied to {told(function)}, which is not a function.",
           "Write it above a def; one function is one declaration, and decorators are called: @witness(\"W1\").")
    return function  # type: ignore[no-any-return]


def demand_words_of(values: type[IntEnum], place: str) -> None:
    """The names of an enumeration are told apart without their case, as scenarios write them."""
    names = [v.name.lower() for v in values]
    twice = sorted({n for n in names if names.count(n) > 1})
    demand(not twice, place, f"two of its values are called {' and '.join(twice)}, but for upper and lower case.", "Rename one of them.")


def demand_profiles(names: Any, place: str, taken: Iterable[str]) -> None:
    """The names of profiles, each of them a word that a switch can give a value by."""
    demand(isinstance(names, tuple), place, f"its profiles {told(names)} are not a tuple of names.",
           'Write profiles = ("safe", "as-printed"), the usual one first.')
    for name in names:
        fine = isinstance(name, str) and re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name) and not keyword.iskeyword(name)
        demand(bool(fine) and name not in taken, place, f"a profile cannot be called {told(name)}.",
               "Give small letters and digits with - between words, such as as-printed; a switch has its value there as as_printed=….")
        demand(names.count(name) == 1, place, f"two profiles are called {name}.", "Rename one of them.")


def demand_call(function: Any, place: str, what: str, fix: str) -> Callable[..., Any]:
    """Something that can be called."""
    demand(callable(function), place, f"{what} {told(function)} cannot be called.", fix)
    return function  # type: ignore[no-any-return]
