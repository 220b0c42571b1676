"""The keys of a scenario file: which there are, of which kind each is, and what is unknown when one is mistaken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import cut, near
from .mistakes import Mistakes, meant
from .scope import PROFILE
from .sizes import HOSTS, SCOPE
from .specification import Specification

SWITCHES = "[switches]"
"""Hidden by mistakes for which no value of a switch is known."""

KEYS = {"purpose": str, "profile": str, "expect": str, "scope": dict, "switches": dict, "host": list, "check": dict, "commands": list}
CHECK_KEYS = {"properties": list, "witnesses": list, "execute": list, "deadlock": bool, "stuck": bool,
              "unexecuted": list, "constraints": list, "refused": bool}
VERDICTS = ("holds", "deadlock", "stuck")
"""What may be expected besides the violation of a property."""

HIDES = {"scope": SCOPE, "switches": SWITCHES, "host": HOSTS, "profile": PROFILE}
"""What is unknown when a key is mistaken."""


def expected_verdict(data: dict[str, Any], check: dict[str, Any], spec: Specification, place: str, found: Mistakes) -> str:
    """The verdict that is expected."""
    expect: str = data.get("expect", "holds")
    if expect not in VERDICTS and expect not in spec.properties:
        found.add(f"{place}, expect", f"{expect!r} is not a verdict.", near(expect, [*VERDICTS, *spec.properties]))
    for verdict in ("deadlock", "stuck"):
        if expect == verdict and check.get(verdict, check.get("deadlock", spec.deadlock)) is False:
            who = "[check]" if verdict in check or "deadlock" in check else "the specification, by deadlock=False,"
            found.add(f"{place}, expect", f"{verdict!r} is expected, but {who} switches it off.",
                      f"Leave {verdict} = false out." if who == "[check]" else f"Write {verdict} = true under [check].")
    return expect


def hosts_of(entries: list[Any], place: str, found: Mistakes) -> list[dict[str, Any]]:
    """Those of the [[host]] entries that are tables, and name their kind by a word."""
    fine = []
    for host in entries:
        if not isinstance(host, dict):
            found.add(f"{place}, host", "it is not a table.", "Write [[host]] once for each host.", HOSTS)
        elif not isinstance(host.get("kind", ""), str):
            found.add(f"{place}, [[host]] kind", f"{host['kind']!r} is not a str.", "Write a string in quotes.", HOSTS)
        else:
            fine.append(host)
    return fine


def names_of(data: dict[str, Any], key: str, place: str, cause: str, fix: str, found: Mistakes) -> list[str] | None:
    """A list of names, without what is none."""
    if not found.demand(all(isinstance(v, str) for v in data.get(key, [])), place, cause, fix):
        return [v for v in data[key] if isinstance(v, str)]
    return data.get(key)


def known_keys(data: dict[str, Any], keys: Mapping[str, type], place: str, found: Mistakes) -> dict[str, Any]:
    """What stands under a known key and is of its kind."""
    fine = {}
    for key, value in data.items():
        if key not in keys:
            found.add(f"{place}, {cut(key)}", "there is no such key.", near(key, list(keys)),
                      *(HIDES[n] for n in meant(key, keys) if n in HIDES and n not in data))
        elif not isinstance(value, keys[key]):
            found.add(f"{place}, {key}", f"{cut(repr(value))} is not a {keys[key].__name__}.",
                      {"dict": f"Write [{key}] and name = value lines.", "list": "Write a list in [ ].",
                       "str": "Write a string in quotes.", "bool": "Write true or false."}[keys[key].__name__],
                      *([HIDES[key]] if key in HIDES else []))
        else:
            fine[key] = value
    return fine


__all__ = ["CHECK_KEYS", "KEYS", "SWITCHES", "VERDICTS", "expected_verdict", "hosts_of", "known_keys", "names_of"]
