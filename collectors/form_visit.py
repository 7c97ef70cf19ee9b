"""One unit at one form: what it is asked, what it sent before, and what its answers fail. What a page is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from collectors.drafts import Draft, Drafts
from collectors.form_fields import Filled, fill_form, read_form
from collectors.form_parts import Form, Told
from collectors.form_time import FormTimes, changed_sections
from collectors.form_typed import Typed
from collectors.form_view import EXPLANATION, Known, explanations_in, lay_out
from collectors.gate import Gate, new_id
from collectors.inbox import NotAccepted
from collectors.receive import Asked, asked, context_of, round_of
from collectors.receive import Request as Handed
from collectors.submissions import Submission
from collectors.workbook_template import carried
from surveys.checks import Failure, checker
from surveys.model import Language
from surveys.response import Context
from surveys.rounds import Round
from surveys.units import swedish_key

# What is kept of a posted form: the rest is about the page, not about the answers.
CONTENT = ("submission_id", "corrects", "reason")


@dataclass(frozen=True)
class Visit:
    """Made with `visit`. Whatever reads may raise LogDown or DatabaseDown."""

    gate: Gate
    asked: Asked
    round: Round | None
    language: Language
    now: datetime

    @property
    def key(self) -> tuple[str, str, int]:
        return self.asked.unit.unit_id, self.asked.whole.survey, self.asked.whole.year

    @property
    def path(self) -> str:
        unit, survey, year = self.key
        return f"/s/{survey}/{year}/{unit}"

    @property
    def state(self) -> str:
        return self.round.state(self.now) if self.round else "none"

    @cached_property
    def drafts(self) -> Drafts:
        return Drafts(self.gate.engine)

    @cached_property
    def times(self) -> FormTimes:
        return FormTimes(self.gate.engine)

    @cached_property
    def sent(self) -> list[Submission]:
        """The unit's accepted responses here, newest first."""
        unit, survey, year = self.key
        return self.gate.submissions.of_unit(unit, survey, year)

    @cached_property
    def not_accepted(self) -> list[NotAccepted]:
        """What the unit sent here that does not count and that it has not mended, newest first."""
        unit, survey, year = self.key
        return self.gate.inbox.waiting(unit, survey, year)

    @cached_property
    def context(self) -> Context:
        return context_of(self.asked, self.gate)

    @cached_property
    def before(self) -> Mapping[str, Any]:
        """Last year's answers by this year's ids."""
        return carried(self.context.previous, self.asked.questionnaire)

    @cached_property
    def kommuner(self) -> dict[str, str]:
        """The region's own kommuner, in Swedish order."""
        own = self.gate.administration.current().units.kommuner(self.asked.unit.region_code)
        return {unit.unit_id: unit.name for unit in sorted(own, key=lambda unit: swedish_key(unit.name))}

    def accepts(self, typed: Typed) -> bool:
        """Whether the round would receive the form now."""
        return self.round is not None and self.round.accepts(self.now, bool(typed.one("corrects")))

    def read(self, typed: Typed) -> Filled:
        return read_form(typed, self.asked.questionnaire)

    def failures(self, filled: Filled) -> list[Failure]:
        """What the form fails: what could not be read, and for everything else what the checks say."""
        unread = {(one.item, one.row) for one in filled.unreadable}
        rules = checker(self.asked.whole, self.asked.unit.kind)
        found = rules.failures(filled.answers, self.context)
        order = {address: place for place, address in enumerate(self.asked.questionnaire.items)}
        told = [*filled.unreadable, *(one for one in found if (one.item, one.row) not in unread)]
        return sorted(told, key=lambda one: _place(one, order))

    def form(self, typed: Typed, filled: Filled, failures: Sequence[Failure] = ()) -> Form:
        known = Known(self.asked.questionnaire, typed, filled, failures, self.before, self.kommuner, self.language)
        return lay_out(known)

    def told(self, one: NotAccepted, typed: Typed) -> list[Told]:
        """What a response that was not accepted fails, beside the questions of the form."""
        laid_out = self.form(typed, self.read(typed), one.failures)
        return [*laid_out.hard, *laid_out.soft]

    def begun(self) -> tuple[Typed, Draft | None]:
        """What stands in the form when it is opened: the draft, or what was sent, or nothing."""
        draft = self.drafts.get(self.key)
        if draft is not None:
            return draft.typed, draft
        if not self.sent:
            return Typed((("submission_id", new_id(self.now)),)), None
        return self.correction(self.sent[0]), None

    def timed(self, before: Typed, after: Typed) -> None:
        """Counts the time since the form was last heard of to what has been changed in it."""
        self.times.saved(self.key, changed_sections(before, after, self.asked.questionnaire), self.now)

    def correction(self, sent: Submission) -> Typed:
        """The form filled with what was sent, ready to be corrected."""
        filled = fill_form(sent.answers, self.asked.questionnaire, self.language)
        explained = [(EXPLANATION + check, text) for check, text in sent.explanations.items()]
        return as_correction(Typed((*filled.pairs, *explained)), sent.submission_id, new_id(self.now))

    def handed(self, typed: Typed, filled: Filled, failures: Sequence[Failure]) -> Handed:
        """The request to receive, with the explanations that are asked for and no others."""
        soft = {one.check for one in failures if one.severity == "soft"}
        explained = {check: text for check, text in explanations_in(typed).items() if check in soft}
        unit, survey, year = self.key
        return Handed(
            survey=survey,
            year=year,
            unit=unit,
            submission_id=typed.one("submission_id"),
            answers=filled.answers,
            explanations=explained,
            corrects=typed.one("corrects") or None,
            reason=typed.one("reason"),
            mode="web",
            spent=self.times.spent(self.key),
        )


def visit(survey: str, year: int, unit: str, gate: Gate, language: Language, now: datetime) -> Visit:
    """A visit of the unit to that form. Raises UnknownSurvey, UnknownUnit, LogDown."""
    return Visit(gate, asked(survey, year, unit, gate), round_of(survey, year, gate), language, now)


def content_of(typed: Typed) -> Typed:
    """What a draft keeps: answers, explanations and which submission they are, with plain line ends."""
    kept = typed.only(lambda name: name.startswith(("a.", EXPLANATION)) or name in CONTENT)
    return Typed(tuple((name, text.replace("\r\n", "\n")) for name, text in kept.pairs))


def answers_in(typed: Typed) -> list[tuple[str, str]]:
    """What is filled in, in an order that does not depend on the page."""
    return sorted(pair for pair in typed.pairs if pair[1] and pair[0] not in CONTENT)


def as_correction(typed: Typed, corrects: str, submission_id: str) -> Typed:
    """The same content as a correction of a submission."""
    return typed.replacing(*CONTENT[:2], by=[("submission_id", submission_id), ("corrects", corrects)])


def _place(failure: Failure, order: Mapping[str, int]) -> tuple[int, int, int]:
    address, last = failure.item or "", len(order)
    return order.get(address.partition(".")[0], last), failure.row or 0, order.get(address, last)
