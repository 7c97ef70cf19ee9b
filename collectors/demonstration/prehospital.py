"""Prehospital akutpsykiatri: cities with a psykiatriambulans, sparse regions with mobile teams."""

from collections.abc import Iterator
from datetime import date

from collectors.demonstration import texts
from collectors.demonstration.chance import dice, differs, drawn, happens, in_order, pick, some
from collectors.demonstration.plan import (
    DONT_KNOW,
    GOTLAND,
    NOT_APPLICABLE,
    OPEN_YEAR,
    Answers,
    Correction,
    kommuner,
    regions,
)
from surveys.population import population

# The year each region's psykiatriambulans went, or will go, into operation; the others have none in sight.
STARTS = {"01": 2015, "12": 2019, "14": 2017, "05": 2021, "03": 2022, "18": 2020, "06": 2022, "20": 2024, "13": 2024,
          "21": 2025, "04": 2025, "17": 2026, "22": 2027, "08": 2028}  # fmt: skip
# Nobody asked for it any longer: the team took over.
ENDED = {"18": 2025}
WITHOUT_TEAM_UNTIL = {"07": 2024, "08": 2025}
INVESTIGATING_SINCE = {"25": 2024, "07": 2025}
UNITS = {"01": 3, "14": 3, "12": 2}
NOT_ANSWERING = {2023: ("10",), 2024: ("23", "07"), 2025: ("10",)}
# The open round: who has answered after two weeks. Västra Götaland has not, so that a newcomer can.
ANSWERED_SO_FAR = ("03", "06", "12", "17", "20", "24", "25")
FIRST_YEAR_OF_PURPOSES = 2024
FIRST_YEAR_OF_ROUTINES = 2025
# The presentation of October 2023 was replaced on 21 December with these regions' updated answers.
UPDATED = {"03": date(2023, 12, 12), "05": date(2023, 12, 14), "17": date(2023, 12, 18), "20": date(2023, 12, 19),
           "12": date(2023, 12, 21)}  # fmt: skip
TEAMS = {"vuxna": 0.85, "barn_unga": 0.55, "aldre": 0.25, "beroende": 0.3}
STAFF = {"specialistsjukskoterska": 0.95, "ambulanssjukskoterska": 0.5, "skotare": 0.6, "lakare": 0.25,
         "socionom": 0.35, "polis": 0.1}  # fmt: skip
PARTNERS = {"ambulanssjukvard": 0.95, "larmcentral": 0.7, "polis": 0.9, "primarvard": 0.4, "raddningstjanst": 0.35,
            "socialtjanst": 0.5}  # fmt: skip
DISPATCH = {"sos_alarm": 0.8, "egen_larmcentral": 0.2, "psykiatrins_telefon": 0.45, "polis": 0.35}
PURPOSES = {"psykiatriambulanser": 0.6, "digitala_verktyg": 0.45, "andra_anpassningar": 0.6, "administration": 0.2}
BEREAVED = {"samtal_pa_plats": 0.8, "skriftlig_information": 0.7, "uppfoljande_kontakt": 0.5, "hanvisning": 0.6,
            "barn_som_anhoriga": 0.3}  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = ((("mon", "fri"), ("08:00", "21:00"), "closed"), (("mon", "sun"), ("14:00", "02:00"), None),
         (("mon", "fri"), ("09:00", "17:00"), "closed"), (("mon", "sun"), ("13:00", "00:30"), None))  # fmt: skip


def first_answers(year: int) -> dict[str, Answers]:
    """The regions that answered that year."""
    answering = ANSWERED_SO_FAR if year == OPEN_YEAR else [r for r in regions() if r not in NOT_ANSWERING[year]]
    return {region: dict(_of_region(region, year)) for region in answering}


def corrections() -> list[Correction]:
    """The updated answers of December 2023: counted anew, and some questions answered that had been left."""
    at_first = first_answers(2023)
    return [
        Correction(2023, region, day, at_first[region] | _updated(region), pick(texts.UPDATES, "update", region))
        for region, day in UPDATED.items()
    ]


def _updated(region: str) -> Answers:
    assignments = _assignments(region, 2023, 1.12)
    return {"uppdrag": assignments, "planer": texts.UPDATED_PLANS, "videostod": "del_av_dygnet"}


def _stage(region: str, year: int) -> str:
    if year >= ENDED.get(region, 9999):
        return "avvecklad"
    start = STARTS.get(region)
    if start is None:
        return "utreds" if year >= INVESTIGATING_SINCE.get(region, 9999) else "nej"
    ahead = start - year
    return "i_drift" if ahead <= 0 else {1: "under_inforande", 2: "beslutad"}.get(ahead, "utreds")


def _of_region(region: str, year: int) -> Iterator[tuple[str, object]]:
    stage = _stage(region, year)
    yield "psykiatriambulans", stage
    if stage == "i_drift":
        yield "enheter", UNITS.get(region, 1) + (1 if region == "01" and year >= 2025 else 0)
    if stage in ("beslutad", "under_inforande", "i_drift", "avvecklad"):
        yield "startar", DONT_KNOW if stage == "beslutad" else STARTS[region]
    if stage == "avvecklad":
        yield "avvecklades", ENDED[region]
    teams = [] if year <= WITHOUT_TEAM_UNTIL.get(region, 0) else _teams(region, year)
    yield "team_malgrupp", teams or ["inga"]
    if teams:
        largest = max(1, round(population(region, year).persons / 130_000))
        yield "team_antal", DONT_KNOW if happens(0.06, "teams unknown", region, year) else largest
    if teams or stage == "i_drift":
        yield from _service(region, year)
    yield from _cooperation(region, year)
    yield from _assignments_and_ways(region, year, stage == "i_drift", bool(teams))
    yield from _funding(region, year, stage)
    yield from _words(region, year)


def _teams(region: str, year: int) -> list[str]:
    growing = 0.03 * (year - 2023)
    return some({code: share + growing for code, share in TEAMS.items()}, "teams", region)


def _service(region: str, year: int) -> Iterator[tuple[str, object]]:
    yield "bemanning", some(STAFF, "staffing", region)
    if not happens(0.05, "hours left out", region, year):
        yield "oppettider", _hours(region, year)
    own = [unit.unit_id for unit in kommuner() if unit.region_code == region]
    share = min(1.0, (0.35 + 0.75 * dice("coverage", region).random()) * (1 + 0.08 * (year - 2023)))
    covered = in_order(own, "covered", region)[: max(1, round(share * len(own)))]
    yield "tackning", "hela" if len(covered) == len(own) else "del"
    yield "tackning_kommuner", sorted(covered)
    yield "utlarmning", some(DISPATCH, "dispatch", region)


def _hours(region: str, year: int) -> dict[str, object]:
    if happens(0.15 + 0.05 * (year - 2023), "around the clock", region):
        return dict.fromkeys(WEEKDAYS, "24h")
    (_, last), (start, end), weekend = pick(HOURS, "hours", region)
    open_days = WEEKDAYS[: WEEKDAYS.index(last) + 1]
    shift = {"from": start, "to": end}
    return {day: shift if day in open_days else weekend for day in WEEKDAYS}


def _cooperation(region: str, year: int) -> Iterator[tuple[str, object]]:
    yield "partner", some(PARTNERS, "partners", region)
    odds = {"dygnet_runt": 2.0, "del_av_dygnet": 3.0, "nej": 4.0 - 0.8 * (year - 2023)}
    if not happens(0.08, "video left out", region, year):
        yield "videostod", DONT_KNOW if happens(0.05, "video unknown", region, year) else drawn(odds, "video", region)


def _assignments(region: str, year: int, more: float = 1.0) -> dict[str, int]:
    rate = 95 * differs(0.6, "assignments", region) * differs(0.08, "assignments", region, year)
    total = round(population(region, year).persons / 100_000 * rate * more * (1 + 0.09 * (year - 2023)))
    women = round(total * 0.53 * differs(0.06, "women", region))
    return {"T": total} if region == GOTLAND else {"K": women, "M": total - women, "T": total}


def _assignments_and_ways(region: str, year: int, in_operation: bool, teams: bool) -> Iterator[tuple[str, object]]:
    if in_operation or teams:
        unknown = not in_operation and happens(0.15, "assignments unknown", region, year)
        yield "uppdrag", DONT_KNOW if unknown else _assignments(region, year)
    else:
        yield "uppdrag", NOT_APPLICABLE
    bereaved = drawn({"ja": 3.0 + year - 2023, "under_framtagande": 3.0, "nej": 4.0}, "bereaved", region)
    yield "efterlevandestod", DONT_KNOW if happens(0.05, "bereaved unknown", region, year) else bereaved
    if year == OPEN_YEAR and bereaved == "ja" and not happens(0.05, "bereaved unknown", region, year):
        yield "efterlevandestod_form", some(BEREAVED, "bereaved", region)
    yield from _frequent_callers(region, year)


def _frequent_callers(region: str, year: int) -> Iterator[tuple[str, object]]:
    if happens(0.06, "callers unknown", region, year):
        yield "frekventa_inringare", DONT_KNOW
        return
    have, written = happens(0.45, "callers", region), happens(0.55, "callers in writing", region)
    if year < FIRST_YEAR_OF_ROUTINES:
        yield "frekventa_inringare", "ja" if have else "nej"
    elif have:
        yield "frekventa_inringare", "ja_skriftligt" if written else "ja_muntligt"
    else:
        yield "frekventa_inringare", "under_framtagande" if written else "nej"
    if have:
        yield "frekventa_inringare_hur", pick(texts.FREQUENT_CALLERS, "callers how", region)


def _funding(region: str, year: int, stage: str) -> Iterator[tuple[str, object]]:
    inhabitants = population(region, year).persons
    grant = happens(0.86, "grant", region) or stage in ("i_drift", "under_inforande")
    sources = {
        "finans_statsbidrag": inhabitants * 4.6 if grant else 0.0,
        "finans_overenskommelsen": inhabitants * 2.2 if happens(0.6, "agreement", region) else 0.0,
        "finans_egen": inhabitants * (14 if stage == "i_drift" else 5),
    }
    amounts = {item: round(amount * differs(0.3, item, region, year), -4) for item, amount in sources.items()}
    unknown = happens(0.08, "own budget unknown", region, year)
    for item, amount in amounts.items():
        yield item, DONT_KNOW if unknown and item == "finans_egen" else int(amount)
    if year >= FIRST_YEAR_OF_PURPOSES and amounts["finans_statsbidrag"] >= 1:
        yield "statsbidrag_andamal", some(PURPOSES, "purposes", region, year)
    yield "finans_totalt", DONT_KNOW if unknown else int(sum(amounts.values()))


def _words(region: str, year: int) -> Iterator[tuple[str, object]]:
    if happens(0.7, "plans", region, year):
        yield "planer", pick(texts.PREHOSPITAL_PLANS, "plans", region, year)
    if happens(0.35, "good examples", region, year):
        yield "goda_exempel", pick(texts.PREHOSPITAL_EXAMPLES, "good examples", region, year)
