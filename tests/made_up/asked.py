"""Questions about a made-up specification, asked in every way there is; the answers must agree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

from made_up.questions import Question, Questions, meaning
from made_up.readings import BOUNDED, LONG, MEMORY, STATES, Disagreement, instance
from made_up.texts import Setting
from snapproof.checker import Limits, Verdict
from snapproof.checker.cache import Cache
from snapproof.checker.compiled import CompiledSearch
from snapproof.checker.plain import PlainSearch
from snapproof.spec.during import stray
from snapproof.spec.errors import DeclarationError, EvaluationError, PropertyError
from snapproof.spec.instance import Cells, Instance
from snapproof.spec.joining import must_separate
from snapproof.spec.properties import Property
from snapproof.spec.specification import Specification
from snapproof.symbolic.expressions import ExpressionError, parse_expression
from snapproof.symbolic.query import query
from snapproof.symbolic.question import as_property

PATIENT = 20.0
"""Seconds for an answer; without one nothing is compared."""


RECORDS = ["m9.b0 >= 1", "m9.b0 + 1 == 2", "m9.inner == t9[0]", "m9.inner != t9[0] and m9.inner.a0 == t9[0].a0", "t9[0].a0 > m9.inner.a0",
           "m9 != m9", "m9.inner.a0 * 2 == 2 or t9[0].a0 < 0"]
"""Questions about the cells that every text with records has (recording.py)."""

NO_RECORDS = {"m9 == 1": "compared with something else", "m9 == m9.inner": "compared with something else", "m9 < m9": "no order",
              "m9.zz == 1": "no field", "m9 + 1 == 2": "no number", "t9[m9] == m9.inner": "no index", "m9.b0.a == 1": "only records",
              "m9": "not a condition", "m9.inner": "not a condition", "m9 == [K1]": "a list stands only"}

SEQUENCES = ["len(z9) == 1", "len(z9) < len(w9) or w9.full", "z9 == o9.q9 and not z9.empty", "z9 != []", "o9.q9 == [] and z9 == o9.q9",
             "0 in z9", "-1 not in z9", "1 in o9.q9", "len(z9) + 1 == len(w9) * 2", "y9[{member}] == z9", "len(y9[{member}]) > len(z9)"]
"""Questions about the cells that every text with sequences has (queueing.py)."""

NO_SEQUENCES = {"nope8 in w9": "no value here",
                "z9 == 1": "a sequence is compared", "z9 == w9": "a sequence is compared", "z9 < z9": "sequences have no order",
"z9": "not a cond",
                "z9 + 1 == 2": "no number", "y9[z9] == z9": "no index", "z9.first == 1": "no item by its place", "z9[0] == 1": "no item by",
                "z9 == [zz9]": "not a value", "w9 == [1]": "not a sequence of", "w9 == [w9]": "not a sequence of",
                "z9 in z9": "is compared",
                "1 in w9": "not a condition|is compared", "len(1) == 1": "not a sequence", "len(z9, z9)": "cannot be called",
                "1 in 2": "not a sequence", "z9 == [0, 0, 0, 0, 0, 0, 0, 0, 0]": "not a sequence of", "count(z9) == 1": "not a set",
                "o9.q9.k == 1": "no item by its place", "z9 == [-77]": "not a sequence of"}

BAGS = ["len(z9) == 1", "z9 != [] and len(o9.b9) < 3", "0 in z9 or o9.b9.empty", "1 not in z9", "y9[{member}] == z9"]
"""Questions about the cells that every text with bags has (bagging.py)."""

NO_BAGS = {"z9 == 1": "a bag is compared", "z9 < z9": "bags have no order", "z9 + 1 == 2": "no number", "y9[z9] == z9": "no index",
           "z9.full": ".empty are asked", "z9[0] == 1": "no item by", "o9.b9 == [1]": "not a bag of", "1 in o9.b9": "is compared"}

UNIONS = ["m9.tag == Off9", "m9.tag != Leaf9 and m9 == m9", "t9[0].tag == Some8 and t9[0].same0 == t9[0].same0",
"t9[0].same0 == t9[0].same0",
          "m9.tag == Leaf9 and m9.inner == t9[0]", "m9.inner.tag == None8", "m9.inner.tag == Flag8 and m9.inner.z0", "m9.inner != t9[0]",
          "m9.tag == Node9 and m9.inner.same0 != m9.inner.same0", "m9 != m9"]
"""Questions about the cells that every text with unions has (uniting.py)."""

NO_UNIONS = {"m9 == 1": "a union is compared with something else", "m9 == t9[0]": "compared with something else",
"m9 < m9": "unions have no order",
             "m9.zz == 1": "no case of U9 has a field", "m9 + 1 == 2": "a union is no number", "t9[m9] == t9[0]": "a union is no index",
             "m9": "not a condition", "m9.tag": "not a condition", "m9.tag == None8": "not a value of what",
             "m9 == [K1]": "a list stands only"}


class Asked:
    """Asks one specification in one setting."""

    def __init__(self, spec: Specification, setting: Setting, folder: Path, chance: Random) -> None:
        self.of: Instance = instance(spec, setting)
        self.chance, self.cache = chance, Cache(folder / "cache")
        self.questions = Questions(self.of, chance)
        every = instance(spec, setting)
        every.fuse = False
        going = PlainSearch(every, [], False, False)
        result = going.run(Limits(states=STATES, seconds=LONG))
        self.whole = result.verdict is not Verdict.INCOMPLETE
        self.reached = going.states
        self.others = [self.anywhere() for _ in range(40)]

    def anywhere(self) -> Cells:
        """Any state of the types."""
        cells = list(self.chance.choice(self.reached))
        for slot in self.of.slots.values():
            if slot.name not in ("command", "position"):
                for j in range(slot.length):
                    cells[slot.offset + j] = self.chance.randint(slot.low, slot.high)
        while (lost := stray(self.of, tuple(cells))) is not None:
            cells[lost[0].offset + lost[1]] = lost[0].start
        return tuple(cells)

    def ask(self, searches: int = 1) -> None:
        """A good question, and one that is spoiled."""
        question = self.questions.question(self.chance.choice([0, 1, 1, 2]))
        given = [p for p in self.of.spec.properties.values() if p.kind == "invariant" and self.chance.random() < 0.3]
        self.on_terms(question, given)
        for _ in range(searches):
            self.searched(question, given if self.chance.random() < 0.5 else [])
        self.slips(self.questions.spoiled(question.text))

    def refusals(self) -> None:
        """What must be refused is, for the reason that it has."""
        for text, said in self.questions.refused():
            self.refused(text, said)

    def refused(self, text: str, said: str) -> None:
        """A question is refused, for this reason."""
        try:
            parse_expression(self.of, text)
        except ExpressionError as error:
            if not re.search(said, str(error)):
                raise Disagreement("a question is refused with another reason", f"{text!r}: wanted {said}, said {error}") from None
        else:
            raise Disagreement("a question is not refused", f"{text!r}: {said}")

    # --- over all states of the types -------------------------------------------------------------------

    def on_terms(self, question: Question, given: Sequence[Property]) -> None:
        answer = query(self.of, question.text, given, PATIENT)
        if answer.unknown:
            return
        if answer.found is not None:
            for slot in self.of.slots.values():
                if not all(slot.low <= v <= slot.high for v in answer.found[slot.offset:slot.offset + slot.length]):
                    raise Disagreement("the answer is outside of its types", f"{question.text}: {answer.found}")
            if stray(self.of, answer.found):
                raise Disagreement("the answer uses a local outside of its time", f"{question.text}: {answer.found}")
            if not self.like(question, given, answer.found):
                raise Disagreement("the answer is not like the question", f"{question.text} given {[p.id for p in given]}: {answer.found}")
            return
        for cells in [*self.reached, *self.others]:
            if self.like(question, given, cells):
                raise Disagreement("there is an answer", f"{question.text} given {[p.id for p in given]}: {cells}")

    def like(self, question: Question, given: Sequence[Property], cells: Cells) -> bool:
        try:
            held = all(self.questions.machine.check(p, cells) is None for p in given)
        except PropertyError:
            return False
        return held and bool(meaning(question, cells))

    # --- over the states that are reached ---------------------------------------------------------------

    def searched(self, question: Question, given: Sequence[Property]) -> None:
        of, asked = as_property(self.of, question.text, given)
        of.fuse = of.fuse and not must_separate(of.spec, [asked])  # as every search does that is not begun by hand
        said = []
        for going in (PlainSearch(of, [asked], False, False), self.compiled(of, asked)):
            if going is None:
                continue
            try:
                result = going.run(Limits(memory=MEMORY, states=4 * STATES, seconds=LONG))
            except PropertyError as error:
                if going.__class__ is CompiledSearch and BOUNDED in str(error):
                    continue  # compiled code computes with 62 bits: a limit of its own (docs/architecture.md), and no answer
                said.append("an error")
                continue
            except EvaluationError as error:
                if going.__class__ is CompiledSearch and said and self.whole and BOUNDED not in str(error):
                    raise Disagreement("an error of a step in the compiled search only", str(error)) from None
                return  # a step goes wrong where nothing was looked at before, or computes with large numbers
            said.append(result.verdict.name)
            if result.counterexample and not self.like(question, given, result.counterexample[-1].cells):
                raise Disagreement("a search finds another state", f"{question.text}: {result.counterexample[-1].cells}")
        if "INCOMPLETE" in said or not self.whole:
            return
        if len(set(said)) > 1 and "an error" not in said:
            raise Disagreement("searches answer differently", f"{question.text}: {said}")
        wrong = [c for c in self.reached if meaning(question, c) is None]
        like = [c for c in self.reached if self.like(question, given, c)]
        if not wrong and not given and "an error" in said or not wrong and "an error" not in said and (said[0] == "VIOLATED") != bool(like):
            raise Disagreement("a search and the states that are reached", f"{question.text}: {said}, {like[:1]}")

    def compiled(self, of: Instance, asked: Property) -> CompiledSearch | None:
        try:
            return CompiledSearch(of, [asked], False, self.cache, stuck=False)
        except DeclarationError:
            return None

    def about_times(self) -> None:
        """Questions about locals that belong to commands, as about any."""
        for _ in range(6):
            self.ask()

    def about_records(self) -> None:
        """Questions about fields mean the same on terms as in known states; what mixes records and numbers is refused."""
        for text in RECORDS:
            parse_expression(self.of, text)
            self.slips(text)
        for text, said in NO_RECORDS.items():
            self.refused(text, said)

    def about_sequences(self) -> None:
        """Questions about sequences mean the same on terms as in known states; what mixes them and numbers is refused."""
        index = self.of.spec.state.variables["y9"].indices[0]
        for text in SEQUENCES:
            self.slips(text.format(member=index.member(0)))
        for text, said in NO_SEQUENCES.items():
            self.refused(text, said)

    def about_bags(self) -> None:
        """The same for bags."""
        index = self.of.spec.state.variables["y9"].indices[0]
        for text in BAGS:
            self.slips(text.format(member=index.member(0)))
        for text, said in NO_BAGS.items():
            self.refused(text, said)

    def about_unions(self) -> None:
        """The same of cases and their fields; where a value is of a case without the field, a question has no answer."""
        for text in UNIONS:
            parse_expression(self.of, text)
            self.slips(text)
        for text, said in NO_UNIONS.items():
            self.refused(text, said)

    # --- slips ------------------------------------------------------------------------------------------

    def slips(self, text: str) -> None:
        """It is refused with a reason, or it means the same on terms as in known states."""
        try:
            parse_expression(self.of, text)
        except ExpressionError as error:
            if not (error.place and error.cause):
                raise Disagreement("a refusal does not teach", f"{text!r}: {error}") from None
            return
        _, asked = as_property(self.of, text)
        answer = query(self.of, text, [], PATIENT)
        if answer.unknown:
            return
        machine = self.questions.machine
        for cells in [*self.reached[:20], *self.others[:10], *([answer.found] if answer.found is not None else [])]:
            try:
                machine.thaw(cells)
                holds = not asked.function(machine.state, machine.scope)
            except EvaluationError:
                holds = False
            if holds and answer.found is None or not holds and cells is answer.found:
                raise Disagreement("a question means different things", f"{text}: {cells}")


__all__ = ["Asked"]
