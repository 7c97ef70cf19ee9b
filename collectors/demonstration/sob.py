"""Stöd- och behandlingsprogram: just over 300 different programmes in 2021, 518 in 2023."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from collectors.demonstration import texts
from collectors.demonstration.chance import differs, drawn, happens, pick, some
from collectors.demonstration.plan import DONT_KNOW, NOT_APPLICABLE, OPEN_YEAR, Answers, Correction, regions
from collectors.demonstration.programmes import ALIASES, SIZE, Programme, programmes

NOT_ANSWERING = {2018: ("09", "23"), 2020: ("10",)}
ANSWERED_SO_FAR = ("04", "07", "12", "18", "21", "23", "25")
FIRST_YEAR_OF_PLATFORM = 2015
FIRST_YEAR_OF_UNGA = 2019
FIRST_YEAR_OF_SUPPORT = 2020
FIRST_YEAR_OF_NEW_KINDS = 2021
FIRST_YEAR_OF_LANGUAGES = 2022
FIRST_YEAR_OF_LICENCES = 2023
STATUS_CORRECTED = ("05", 2022, date(2022, 10, 3))
LANGUAGES = {"svenska": 1.0, "engelska": 0.12, "arabiska": 0.06, "finska": 0.03, "somaliska": 0.03, "persiska": 0.02,
             "teckensprak": 0.02}  # fmt: skip
HINDRANCES = {"tid": 0.75, "kompetens": 0.6, "teknik": 0.35, "ersattning": 0.45, "ledning": 0.4}


def first_answers(year: int) -> dict[str, Answers]:
    """The regions that answered that year, each with a row per programme."""
    answering = ANSWERED_SO_FAR if year == OPEN_YEAR else [r for r in regions() if r not in NOT_ANSWERING.get(year, ())]
    return {region: dict(_of_region(region, year)) for region in answering}


def corrections() -> list[Correction]:
    """Programmes that had been called planned and were offered already."""
    region, year, day = STATUS_CORRECTED
    answers = first_answers(year)[region]
    rows = [row | _offered(year) if row["status"] == "planeras" else row for row in answers["program"]]
    return [Correction(year, region, day, answers | {"program": rows}, texts.OFFERED_ALREADY)]


def _offered(year: int) -> Answers:
    return {"status": "erbjuds", "startar": year}


def _of_region(region: str, year: int) -> Iterator[tuple[str, object]]:
    listed = [one for one in programmes() if _is_listed(one, region, year)]
    yield "program", [dict(_row(one, region, year)) for one in sorted(listed, key=lambda one: one.name)]
    strategy = drawn({"ja": 2.0 + 0.5 * (year - 2018), "under_framtagande": 3.0, "nej": 3.0}, "strategy", region)
    yield "inforandestrategi", strategy
    if strategy != "nej" and not happens(0.1, "strategy left out", region, year):
        yield "strategi_innehall", pick(texts.STRATEGIES, "strategy", region)
    people = round(2.5 * SIZE.get(region, 1.0) * differs(0.4, "people", region) * (1 + 0.08 * (year - 2018)), 1)
    yield "forvaltning", DONT_KNOW if happens(0.05, "people unknown", region, year) else people
    also = {"licenser": 0.3} if year >= FIRST_YEAR_OF_LICENCES else {}
    yield "hinder", some(HINDRANCES | also, "hindrances", region, year // 2)
    if year == OPEN_YEAR:
        yield "tillganglighet", drawn({"alla": 2.0, "nagra": 5.0, "inga": 2.0}, "accessible", region)
    yield "avtal", happens(0.6 + 0.05 * (year - 2018), "agreement", region)
    wants = happens(0.8, "seminar", region, year)
    yield "seminarium", wants
    if wants and happens(0.4, "seminar about", region, year):
        yield "seminarium_onskemal", pick(texts.SEMINAR, "seminar about", region, year)


@lru_cache(maxsize=4096)
def _left(name: str, region: str) -> int | None:
    """The year in which one of several regions stopped offering a shared programme."""
    return (
        drawn({2020: 1.0, 2022: 1.5, 2023: 1.5}, "left", name, region) if happens(0.05, "left", name, region) else None
    )


def _ends(one: Programme, region: str) -> int:
    left = _left(one.name, region) if region != one.owner and (region, one.name) not in ALIASES else None
    ends = one.ends or 9999
    return min(ends, left if left and left > one.regions[region] else 9999)


def _is_listed(one: Programme, region: str, year: int) -> bool:
    first = one.regions.get(region)
    return first is not None and first <= year <= _ends(one, region)


def _offered_from(one: Programme, region: str) -> int:
    """The year it goes from plan to offer: those listed first in 2018 had mostly been there for some years."""
    first = one.regions[region]
    if first == 2018 and happens(0.8, "offered before", one.name, region):
        return drawn({2015: 1, 2016: 2, 2017: 3, 2018: 2}, "offered before", one.name, region)
    return first + drawn({0: 5, 1: 3, 2: 1}, "offered", one.name, region)


def _status(one: Programme, region: str, year: int) -> str:
    if year == _ends(one, region):
        return "avvecklat"
    ahead = _offered_from(one, region) - year
    return "erbjuds" if ahead <= 0 else "planeras" if ahead == 1 else "diskuteras"


def _row(one: Programme, region: str, year: int) -> Iterator[tuple[str, object]]:
    status = _status(one, region, year)
    yield "program", ALIASES.get((region, one.name), one.name)
    yield "status", status
    yield "omrade", one.area
    yield "malgrupp", "barn_unga" if year < FIRST_YEAR_OF_UNGA and one.target in ("barn", "unga") else one.target
    yield "typ", _kind(one, year)
    yield "vardniva", _level(one, region)
    yield "producent", _producer(one, region)
    yield "eget_delat", _sharing(one, region)
    if year >= FIRST_YEAR_OF_SUPPORT:
        yield "behandlarstod", drawn({"ja": 5, "vid_behov": 3, "nej": 2}, "therapist", one.name)
    if year >= FIRST_YEAR_OF_LANGUAGES:
        yield "sprak", some(LANGUAGES, "languages", one.name)
    yield from _start(one, region, year, status)


def _kind(one: Programme, year: int) -> object:
    kinds = {"behandlingsprogram": 5, "stodprogram": 4, "utbildning": 9 if one.target == "personal" else 1}
    kind = drawn(kinds, "kind", one.name)
    if year >= FIRST_YEAR_OF_NEW_KINDS:
        return kind
    return {"behandlingsprogram": "behandling", "stodprogram": "egenvard"}.get(kind, kind)


def _level(one: Programme, region: str) -> object:
    if one.target == "personal":
        return NOT_APPLICABLE
    young = 2.0 if one.target in ("unga", "barn") else 0.1
    odds = {"primarvard": 5.0, "specialistvard": 4.0, "ungdomsmottagning": young, "kommun": 0.2}
    return DONT_KNOW if happens(0.02, "level unknown", one.name, region) else drawn(odds, "level", one.name)


def _producer(one: Programme, region: str) -> object:
    odds = {"egen_region": 6.0, "foretag": 3.0, "larosate": 1.0, "annan": 0.4}
    producer = drawn(odds, "producer", one.name)
    if producer == "egen_region" and region != one.owner:
        return "annan_region"
    return DONT_KNOW if happens(0.03, "producer unknown", one.name, region) else producer


def _sharing(one: Programme, region: str) -> str:
    if not one.is_shared:
        return "eget"
    return "delat_till_andra" if region == one.owner else "delat_fran_andra"


def _start(one: Programme, region: str, year: int, status: str) -> Iterator[tuple[str, object]]:
    start = _offered_from(one, region)
    if status == "diskuteras":
        yield "startar", NOT_APPLICABLE
    elif status == "avvecklat":
        yield "startar", DONT_KNOW if happens(0.3, "start forgotten", one.name, region) else min(start, year)
    elif not happens(0.002, "start left out", one.name, region, year):
        yield "startar", start
