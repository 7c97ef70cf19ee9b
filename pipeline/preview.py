"""The impact of a draft: last year's real answers replayed through it, before anybody is asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import get_args

from pydantic_core import from_json

from infra.event_log import EventLog
from pipeline.parse import Accepted, Definitions
from pipeline.replayed import responses_that_count
from surveys.carried import Carried, Fate, carry
from surveys.checks import Failure, checker
from surveys.errors import SurveyError
from surveys.lineage import is_break
from surveys.model import Frozen, Text
from surveys.population import NoPopulation, PopulationTable
from surveys.questionnaire import LineageKind, Questionnaire
from surveys.response import Context
from surveys.units import Unit, UnitRegister

# Enough units to look at; the count says how many there are.
NAMED_UNITS = 5


class NothingToReplay(SurveyError):
    """A draft that builds on no year, or on one that nobody has answered."""

    code = "S060"

    def __init__(self, survey: str, year: int, based_on: int | None) -> None:
        what = "it builds on no earlier year." if based_on is None else f"nobody has answered {based_on}."
        super().__init__(f"{survey}/{year}", what, "Preview a draft with `based_on` a year that has responses.")


class ItemImpact(Frozen):
    """What becomes of last year's answers to one item. `answers` are units; the four fates add up to it.

    `comparable` says whether figures of the two years may stand beside each other.
    """

    item: str
    label: Text
    lineage: LineageKind
    comparable: bool
    answers: int
    kept: int
    recoded: int
    lost: int
    off_path: int


class CheckImpact(Frozen):
    """A check of the draft that last year's answers fail. `units` are how many, `named` some of them.

    `before` is how many failed the check of the same id last year: the difference is what the draft adds.
    """

    check: str
    item: str | None
    severity: str
    units: int
    before: int
    named: tuple[str, ...]
    example: Text


class Preview(Frozen):
    """What a draft does to last year's responses.

    Of `responses`, `passing` go on without a word, `explaining` need an explanation only, `failing` something hard.
    What is new and required is in `to_answer` (item: units), never counted as a failure: nobody could have answered it.
    """

    survey: str
    year: int
    based_on: int
    responses: int
    passing: int
    explaining: int
    failing: int
    checks: tuple[CheckImpact, ...]
    items: tuple[ItemImpact, ...]
    gone: dict[str, int]
    to_answer: dict[str, int]


def preview(log: EventLog, draft: Questionnaire, definitions: Definitions, population: PopulationTable) -> Preview:
    """Replays the newest response of each unit to the year the draft builds on. Nothing is written.

    Raises NothingToReplay, LogUnavailable.
    """
    if draft.based_on is None:
        raise NothingToReplay(draft.survey, draft.year, None)
    old = definitions.get(draft.survey, draft.based_on)
    responses, units = responses_that_count(log, definitions, draft.survey, draft.based_on)
    responses = {unit: one for unit, one in responses.items() if units.get(unit).kind in draft.respondents}
    if not responses:
        raise NothingToReplay(draft.survey, draft.year, draft.based_on)
    replayed = [_Replayed(one, units, old, draft, population) for _, one in sorted(responses.items())]
    outcomes = Counter(one.outcome for one in replayed)
    return Preview(
        survey=draft.survey,
        year=draft.year,
        based_on=draft.based_on,
        responses=len(replayed),
        passing=outcomes["passing"],
        explaining=outcomes["explaining"],
        failing=outcomes["failing"],
        checks=tuple(_checks(replayed)),
        items=tuple(_items(draft, replayed)),
        gone=dict(Counter(name for one in replayed for name in one.carried.gone)),
        to_answer=dict(Counter(name for one in replayed for name in one.to_answer)),
    )


class _Replayed:
    """One response as the draft would take it."""

    def __init__(
        self, response: Accepted, units: UnitRegister, old: Questionnaire, draft: Questionnaire, known: PopulationTable
    ) -> None:
        unit, answers = units.get(response.unit_id), from_json(response.answers)
        asked = draft.for_unit_kind(unit.kind)
        self.unit = unit.unit_id
        self.before = {failure.check for failure, _ in response.failures}
        self.carried: Carried = carry(answers, old.for_unit_kind(unit.kind), asked)
        context = _context(unit, units, answers, draft, known)
        found = checker(draft, unit.kind).failures(self.carried.answers, context)
        required = {f"{item}.required" for item in asked.items if item not in self.carried.answers}
        self.to_answer = [failure.item for failure in found if failure.check in required and failure.item]
        self.failures = [failure for failure in found if failure.check not in required]

    @property
    def outcome(self) -> str:
        if any(failure.severity == "hard" for failure in self.failures):
            return "failing"
        return "explaining" if self.failures else "passing"


def _context(
    unit: Unit, units: UnitRegister, answers: Mapping[str, object], draft: Questionnaire, known: PopulationTable
) -> Context:
    try:
        persons = round(known.of(unit.unit_id, draft.reference_year).persons)
    except NoPopulation:
        persons = None
    kommuner = frozenset(one.unit_id for one in units.kommuner(unit.region_code))
    return Context(unit=unit.unit_id, kommuner=kommuner, previous=answers, population=persons)


def _checks(replayed: Iterable[_Replayed]) -> Iterable[CheckImpact]:
    """The checks that fail, hard ones first and those of most units before others."""
    failing: defaultdict[str, dict[str, Failure]] = defaultdict(dict)
    before = Counter(check for one in replayed for check in one.before)
    for one in replayed:
        for failure in one.failures:
            failing[failure.check].setdefault(one.unit, failure)
    found = [_check(check, by_unit, before[check]) for check, by_unit in failing.items()]
    return sorted(found, key=lambda one: (one.severity, -one.units, one.check))


def _check(check: str, by_unit: Mapping[str, Failure], before: int) -> CheckImpact:
    first = next(iter(by_unit.values()))
    return CheckImpact(
        check=check,
        item=first.item,
        severity=first.severity,
        units=len(by_unit),
        before=before,
        named=tuple(by_unit)[:NAMED_UNITS],
        example=first.message,
    )


def _items(draft: Questionnaire, replayed: Iterable[_Replayed]) -> Iterable[ItemImpact]:
    fates = Counter((name, fate) for one in replayed for name, fate in one.carried.fates.items())
    for section in draft.sections:
        for item in section.items:
            if item.type == "note" or item.lineage.kind == "new":
                continue
            counts = {fate: fates[item.id, fate] for fate in get_args(Fate)}
            yield ItemImpact(
                item=item.id,
                label=item.label,
                lineage=item.lineage.kind,
                comparable=not is_break(item.lineage.kind),
                answers=sum(counts.values()),
                **counts,
            )
