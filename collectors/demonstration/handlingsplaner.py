"""Suicidpreventiva handlingsplaner: a fifth of the kommuner with a plan in 2020, over sixty per cent in 2023."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from collectors.demonstration import texts
from collectors.demonstration.chance import dice, drawn, happens, in_order, pick, some
from collectors.demonstration.plan import DONT_KNOW, NOT_APPLICABLE, Answers, Correction, kommuner, regions


@dataclass(frozen=True, slots=True)
class Year:
    """How many answered a year, and how many of them had a plan."""

    kommuner: int
    with_plan: int
    regions: int
    regions_with_plan: int


YEARS = {
    2020: Year(221, 58, 20, 14),
    2021: Year(207, 91, 19, 15),
    2022: Year(233, 133, 20, 17),
    2023: Year(243, 178, 21, 18),
    2026: Year(98, 79, 7, 6),
}
FIRST_YEAR_OF_DECISION = 2022
LAST_YEAR_OF_HOURS = 2021
FIRST_YEAR_OF_USE = 2023
FIRST_YEAR_OF_SUPPORT = 2026
COVERED = {"barn_unga": 0.85, "vuxna": 0.8, "aldre": 0.6, "fysisk_miljo": 0.4, "utbildning": 0.75,
           "efterlevandestod": 0.5, "handelseanalys": 0.35, "larmplan": 0.3}  # fmt: skip
PARTNERS = {"region": 0.8, "raddningstjanst": 0.45, "polis": 0.6, "lansstyrelse": 0.35, "civilsamhalle": 0.55}
SUPPORT = {"mallar": 0.5, "utbildning": 0.6, "natverk": 0.45, "uppfoljning": 0.4}


def first_answers(year: int) -> dict[str, Answers]:
    """Kommuner and regions that answered; the same kommuner tend to be early with a plan in every year."""
    counts = YEARS[year]
    answering = _answering([unit.unit_id for unit in kommuner()], counts.kommuner, year)
    with_plan = set(sorted(answering, key=_lateness)[: counts.with_plan])
    answers = {unit: dict(_of_kommun(unit, year, unit in with_plan)) for unit in answering}
    answering = _answering(regions(), counts.regions, year)
    with_plan = set(sorted(answering, key=_lateness)[: counts.regions_with_plan])
    return answers | {unit: dict(_of_region(unit, year, unit in with_plan)) for unit in answering}


def corrections() -> list[Correction]:
    """What some kommuner put right after a round had closed; no plan came or went with it."""
    answers = {unit: found for unit, found in first_answers(2023).items() if found.get("samordnare") is True}
    chosen = in_order([unit for unit in answers if len(unit) == 4], "correcting kommuner")[:6]
    return [
        Correction(
            2023,
            unit,
            date(2024, 1, 15) + timedelta(days=3 * number),
            answers[unit] | {"samordnare_andel": pick((10, 20, 25, 50, 75), "corrected share", unit)},
            texts.COORDINATOR_CORRECTED,
        )
        for number, unit in enumerate(sorted(chosen))
    ]


def _answering(units: list[str], count: int, year: int) -> list[str]:
    """Who answers: the same ones mostly, with some of each year's own."""
    keen = {unit: dice("keen", unit).random() + 0.6 * dice("keen", unit, year).random() for unit in units}
    return sorted(sorted(units, key=lambda unit: keen[unit])[:count])


@lru_cache(maxsize=512)
def _lateness(unit: str) -> float:
    """The lower, the sooner a plan: partly the region's doing."""
    return dice("plan", unit).random() + 0.7 * dice("plan", unit[:2]).random()


def _first_year_with_plan(unit: str) -> int:
    """The first year in which the unit would state a plan, whether or not it answered then."""
    for year, counts in YEARS.items():
        limit = counts.with_plan / counts.kommuner if len(unit) == 4 else counts.regions_with_plan / counts.regions
        peers = [one.unit_id for one in kommuner()] if len(unit) == 4 else regions()
        if sum(_lateness(peer) < _lateness(unit) for peer in peers) < limit * len(peers):
            return year
    return max(YEARS)


def _of_kommun(unit: str, year: int, has_plan: bool) -> Iterator[tuple[str, object]]:
    plan = _plan(unit, year, has_plan)
    work = _work(unit, year, has_plan)
    yield "arbete", work
    yield "plan", plan
    if has_plan:
        yield from _content(unit, year)
        if year >= FIRST_YEAR_OF_DECISION:
            yield from _decision(unit, year)
        yield from _follow_up(unit, year)
    yield from _coordination(unit, year, has_plan)
    if not happens(0.03, "partners left out", unit, year):
        alone = happens(0.05, "alone", unit)
        yield "partner", ["ingen"] if alone else some(PARTNERS, "partners", unit)
    if year >= FIRST_YEAR_OF_SUPPORT:
        yield "stod_onskas", ["inget"] if happens(0.1, "no support", unit) else some(SUPPORT, "support", unit)
    if (work, plan) == ("driver", "nej") and happens(0.7, "tells how", unit, year):
        yield "kommentar", texts.WORKS_WITHOUT_PLAN
    elif happens(0.12, "kommun comment", unit, year):
        yield "kommentar", pick(texts.KOMMUN_COMMENTS, "kommun comment", unit, year)


def _of_region(unit: str, year: int, has_plan: bool) -> Iterator[tuple[str, object]]:
    yield "arbete", "driver" if has_plan or happens(0.6, "region works", unit, year) else "deltar"
    yield "plan", _plan(unit, year, has_plan)
    yield from _coordination(unit, year, has_plan)
    yield "partner_region", ["kommuner", *some({"polis": 0.8, "civilsamhalle": 0.7, "lansstyrelse": 0.6}, "p", unit)]
    yield "stod_till_kommuner", happens(0.85, "region supports", unit)
    if year >= FIRST_YEAR_OF_SUPPORT:
        yield "stod_onskas", some(SUPPORT, "support", unit)
    yield "kommentar", texts.REGION_PLAN_COMMENT


def _plan(unit: str, year: int, has_plan: bool) -> object:
    if has_plan:
        return drawn({"ja_egen": 6, "ja_gemensam": 4}, "own plan", unit)
    odds = {"under_framtagande": 3.5, "planeras": 2.0, "nej": 4.0, "": 0.5}
    return drawn(odds, "no plan", unit, year) or DONT_KNOW


def _work(unit: str, year: int, has_plan: bool) -> object:
    if has_plan:
        return drawn({"driver": 6, "deltar": 4}, "work", unit)
    return drawn({"driver": 1, "deltar": 3, "planerar": 3, "nej": 2.5, "": 0.5}, "work", unit, year) or DONT_KNOW


def _content(unit: str, year: int) -> Iterator[tuple[str, object]]:
    first, last = _validity(unit, year)
    yield "omfattar", DONT_KNOW if happens(0.02, "covers unknown", unit, year) else some(COVERED, "covers", unit)
    yield "plan_fran", DONT_KNOW if happens(0.03, "from unknown", unit) else first
    if not happens(0.03, "until left out", unit, year):
        yield "giltig_till", NOT_APPLICABLE if happens(0.3, "until further notice", unit) else last


def _validity(unit: str, year: int) -> tuple[int, int]:
    """First and last year of the plan in force: most are renewed when they end, some are not."""
    first = min(year, _first_year_with_plan(unit) - drawn({0: 5, 1: 4, 2: 2, 3: 1}, "plan from", unit))
    length = drawn({2: 1, 3: 5, 4: 3, 5: 2}, "plan for", unit)
    last = first + length
    while last < year and happens(0.7, "renewed", unit, last):
        first, last = last + 1, last + 1 + length
    return first, last


def _decision(unit: str, year: int) -> Iterator[tuple[str, object]]:
    odds = {"fullmaktige": 3.0, "styrelse": 3.0, "namnd": 2.0, "tjansteperson": 1.0, "inte_antagen": 0.6, "": 0.4}
    by = drawn(odds, "adopted by", unit)
    yield "antagen_av", by or DONT_KNOW
    yield "kommunovergripande", DONT_KNOW if happens(0.04, "whole unknown", unit) else happens(0.72, "whole", unit)
    if by and by != "inte_antagen":
        yield from _dates(unit, year)
    if not happens(0.1, "link left out", unit, year):
        yield "lank", texts.LINK.format(unit) if happens(0.6, "link", unit) else NOT_APPLICABLE


def _dates(unit: str, year: int) -> Iterator[tuple[str, object]]:
    first, _ = _validity(unit, year)
    adopted = min(date(first, 1, 10) + timedelta(days=dice("adopted", unit).randrange(330)), date(year, 9, 1))
    yield "antagen", DONT_KNOW if happens(0.06, "adopted unknown", unit) else adopted.isoformat()
    revised = adopted + timedelta(days=dice("revised", unit).randrange(200, 700))
    was_revised = revised < date(year, 9, 1) and happens(0.5, "revised", unit)
    yield "reviderad", revised.isoformat() if was_revised else NOT_APPLICABLE


def _follow_up(unit: str, year: int) -> Iterator[tuple[str, object]]:
    is_new = _first_year_with_plan(unit) >= year
    yield "uppfoljd", NOT_APPLICABLE if is_new else happens(0.55, "followed up", unit, year)
    if year == min(YEARS):
        yield "utvarderad", NOT_APPLICABLE if is_new else happens(0.3, "evaluated", unit, year)
    if year >= FIRST_YEAR_OF_USE:
        odds = {"hela": 3.0, "delvis": 5.0, "nej": 1.5, "": 0.5}
        yield "anvands", drawn(odds, "used", unit, year) or DONT_KNOW


def _coordination(unit: str, year: int, has_plan: bool) -> Iterator[tuple[str, object]]:
    if happens(0.02, "coordinator unknown", unit, year):
        yield "samordnare", DONT_KNOW
        return
    has_one = happens(0.78 if has_plan else 0.35, "coordinator", unit, year // 2)
    yield "samordnare", has_one
    if not has_one or happens(0.03, "time left out", unit, year):
        return
    share = pick((5, 10, 10, 20, 25, 40, 50, 100), "coordinator's time", unit)
    item, time = ("samordnare_tid", share * 40 / 100) if year <= LAST_YEAR_OF_HOURS else ("samordnare_andel", share)
    yield item, DONT_KNOW if happens(0.08, "time unknown", unit, year) else time
