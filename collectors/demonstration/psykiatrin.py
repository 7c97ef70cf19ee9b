"""Psykiatrin i siffror: three areas of care, whose national sums are the published ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from collectors.demonstration import texts
from collectors.demonstration.calibration import BySex, on_the_way, shared_out
from collectors.demonstration.chance import differs, drawn, happens, in_order, pick
from collectors.demonstration.plan import DONT_KNOW, GOTLAND, NOT_APPLICABLE, OPEN_YEAR, Answers, Correction, regions
from surveys.population import population

REFERENCE_YEAR_OF_OPEN = 2025
# In a round that is open a third have answered after two weeks.
ANSWERED_SO_FAR = 7
# These counted patients living elsewhere as residents, and found it out early in 2021: 5.7 % became 5.5.
COUNTED_TOO_MANY = ("01", "05", "12", "19", "24")
FOUND_OUT = {"01": date(2021, 2, 9), "05": date(2021, 2, 16), "12": date(2021, 2, 24), "19": date(2021, 3, 3),
             "24": date(2021, 3, 10)}  # fmt: skip
RESIDENTS_2017_AT_FIRST = 120_730
# A ward was closed for the year: places, episodes and days shrink, and the change has to be explained.
WARD_CLOSED = {("vuxen", "22", 2021): 0.66, ("bup", "17", 2019): 0.6, ("vuxen", "08", 2023): 0.7}
DEARER = {("bup", "08", 2019): 1.42, ("vuxen", "23", 2022): 1.38}
# Those who could not tell women from men in the first years.
NOT_SPLIT = {("21", 2017), ("21", 2018), ("10", 2017)}
SHARED_WARDS = ("07", "23")
HIRED_IN_HOURS_UNTIL = 2019
HOURS_OF_A_YEAR = 1_760
FIRST_YEAR_OF_DISTANCE = 2019
FIRST_YEAR_OF_FIRST_LINE = 2022


@dataclass(frozen=True, slots=True)
class Area:
    """What one area of care comes to in the country by year, and how its parts relate to one another."""

    prefix: str
    patients: dict[int, float]
    residents: dict[int, float]  # share of patients, or their number
    visits: dict[int, float]
    distance: dict[int, float]  # share of visits
    women: float  # share of patients
    outpatients: float  # share of patients
    inpatients: float  # share of patients
    compulsory: tuple[str, float] | None  # item and share of patients
    episodes: float  # per inpatient
    days: float  # per episode
    staff: float  # full-time equivalents per patient
    professions: dict[str, float]  # share of staff
    cost_open: float  # SEK per inhabitant in 2017
    cost_inpatient: float


AREAS = (
    Area(
        prefix="bup",
        patients={2017: 124_127, 2018: 128_310, 2019: 132_480, 2020: 136_905, 2021: 140_260, 2022: 143_871,
                  2023: 146_540, 2025: 150_220},
        residents={2017: 116_930, 2018: 122_430, 2019: 128_650, 2020: 133_920, 2021: 136_310, 2022: 140_130,
                   2023: 141_460, 2025: 144_300},
        visits={2017: 1_016_240, 2018: 1_036_920, 2019: 1_061_710, 2020: 1_071_330, 2021: 1_103_580,
                2022: 1_134_310, 2023: 1_149_770, 2025: 1_170_420},
        distance={2019: 0.09, 2020: 0.29, 2021: 0.37, 2022: 0.351, 2023: 0.31, 2025: 0.28},
        women=0.52, outpatients=0.986, inpatients=0.033, compulsory=None, episodes=1.6, days=9.0, staff=0.036,
        professions={"lakare": 0.11, "psykolog": 0.24, "sjukskoterska": 0.16, "skotare": 0.13, "kurator": 0.17,
                     "arbetsterapeut": 0.03, "ovriga": 0.16},
        cost_open=410, cost_inpatient=92,
    ),
    Area(
        prefix="vuxen",
        patients={2017: 415_180, 2018: 428_410, 2019: 441_050, 2020: 446_290, 2021: 462_730, 2022: 479_120,
                  2023: 484_650, 2025: 492_310},
        residents={2017: 400_640, 2018: 413_800, 2019: 426_300, 2020: 431_100, 2021: 447_300, 2022: 463_150,
                   2023: 468_310, 2025: 475_700},
        visits={2017: 4_118_350, 2018: 4_192_270, 2019: 4_266_140, 2020: 4_287_450, 2021: 4_381_060, 2022: 4_457_180,
                2023: 4_489_320, 2025: 4_523_600},
        distance={2019: 0.06, 2020: 0.19, 2021: 0.262, 2022: 0.251, 2023: 0.232, 2025: 0.21},
        women=0.57, outpatients=0.962, inpatients=0.105, compulsory=("lpt", 0.026), episodes=1.75, days=16.0,
        staff=0.036,
        professions={"lakare": 0.12, "psykolog": 0.1, "sjukskoterska": 0.26, "skotare": 0.28, "kurator": 0.1,
                     "arbetsterapeut": 0.04, "ovriga": 0.1},
        cost_open=1_240, cost_inpatient=960,
    ),
    Area(
        prefix="ratt",
        patients={2017: 1_842, 2020: 1_915, 2023: 1_981, 2025: 2_014},
        residents={2017: 1_658, 2020: 1_724, 2023: 1_783, 2025: 1_812},
        visits={2017: 27_640, 2020: 28_210, 2023: 30_080, 2025: 30_900},
        distance={2019: 0.03, 2020: 0.11, 2021: 0.14, 2022: 0.13, 2025: 0.11},
        women=0.14, outpatients=0.52, inpatients=0.74, compulsory=("lrv", 0.9), episodes=1.25, days=196.0, staff=1.55,
        professions={"lakare": 0.06, "psykolog": 0.04, "sjukskoterska": 0.22, "skotare": 0.54, "kurator": 0.05,
                     "arbetsterapeut": 0.04, "ovriga": 0.05},
        cost_open=24, cost_inpatient=285,
    ),
)  # fmt: skip


def first_answers(year: int) -> dict[str, Answers]:
    """All 21 regions every year; in the open round those that have answered so far."""
    about = REFERENCE_YEAR_OF_OPEN if year == OPEN_YEAR else year
    areas = [_area(area, about) for area in AREAS]
    everyone = in_order(regions(), "psykiatrin", "first to answer")
    answering = sorted(everyone[:ANSWERED_SO_FAR] if year == OPEN_YEAR else everyone)
    return {region: _of_region(region, about, [area.get(region) for area in areas]) for region in answering}


def corrections() -> list[Correction]:
    """The residents of 2017 counted anew, and a cost that had a digit too few."""
    at_first = first_answers(2017)
    patients, residents = _patients(AREAS[0], 2017), _residents_2017()
    return [
        Correction(
            2017,
            region,
            FOUND_OUT[region],
            at_first[region] | {"bup_invanare": patients[region].part(residents[region]).answer(split=True)},
            texts.RESIDENTS_COUNTED_ANEW,
        )
        for region in COUNTED_TOO_MANY
    ] + [_cost_corrected()]


def _cost_corrected() -> Correction:
    answers = first_answers(2022)["13"]
    hired = {"vuxen_hyrpersonal": 31.5, "kommentar": texts.HIRED_CORRECTED}
    return Correction(2022, "13", date(2023, 9, 4), answers | hired, texts.HIRED_CORRECTED)


def _of_region(region: str, year: int, areas: list[Answers | None]) -> Answers:
    answers: Answers = {}
    for area in areas:
        answers |= area or {}
    answers["ratt_vard"] = areas[2] is not None
    if year >= FIRST_YEAR_OF_FIRST_LINE:
        answers["bup_forsta_linje"] = drawn({"nej": 5, "delvis": 4, "ja": 2}, "first line", region)
    if happens(0.3, "psykiatrin comment", region, year):
        answers["kommentar"] = pick(texts.PSYCHIATRY_COMMENTS, "psykiatrin comment", region, year)
    return answers


def _area(area: Area, year: int) -> dict[str, Answers]:
    """The answers of each region that has the area."""
    patients = _patients(area, year)
    residents = shared_out(
        round(on_the_way(area.residents, year)),
        {region: count.total * differs(0.008, "residents", area.prefix, region) for region, count in patients.items()},
    )
    if (area.prefix, year) == ("bup", 2017):
        residents = _residents_2017_at_first()
    visits = _visits(area, year, patients)
    distance = _distance(area, year, visits)
    return {
        region: dict(_answers(area, region, year, patients[region], residents[region], visits[region], distance))
        for region in patients
    }


def _patients(area: Area, year: int) -> dict[str, BySex]:
    having = [region for region in regions() if area.prefix != "ratt" or region != GOTLAND]
    weights = {
        region: population(region, year).persons
        * differs(0.16, "patients", area.prefix, region)
        * differs(0.02, "patients", area.prefix, region, year)
        for region in having
    }
    totals = shared_out(round(on_the_way(area.patients, year)), weights)
    drift = 0.004 * (year - 2020) if area.prefix == "bup" else 0.0
    return {region: _divided(total, area.women + drift, area.prefix, region) for region, total in totals.items()}


def _divided(total: int, women: float, *name: object) -> BySex:
    count = round(total * women * differs(0.05, "women", *name))
    return BySex(count, total - count)


def _residents_2017_at_first() -> dict[str, int]:
    """The residents as first counted: too many in some regions, and as they stayed in the others."""
    final = _residents_2017()
    too_many = RESIDENTS_2017_AT_FIRST - sum(final.values())
    extra = shared_out(too_many, {region: final[region] for region in COUNTED_TOO_MANY})
    return {region: count + extra.get(region, 0) for region, count in final.items()}


def _residents_2017() -> dict[str, int]:
    """The residents as counted in the end: a smaller share of the patients where too many had been counted."""
    patients = _patients(AREAS[0], 2017)
    share = {region: 0.905 if region in COUNTED_TOO_MANY else 0.97 for region in patients}
    weights = {region: count.total * share[region] for region, count in patients.items()}
    return shared_out(round(AREAS[0].residents[2017]), weights)


def _visits(area: Area, year: int, patients: dict[str, BySex]) -> dict[str, BySex]:
    weights = {
        region: count.total
        * differs(0.18, "visits", area.prefix, region)
        * differs(0.03, "visits", area.prefix, region, year)
        for region, count in patients.items()
    }
    totals = shared_out(round(on_the_way(area.visits, year)), weights)
    return {
        region: _divided(total, patients[region].women / patients[region].total * 1.02, "visits", area.prefix, region)
        for region, total in totals.items()
    }


def _distance(area: Area, year: int, visits: dict[str, BySex]) -> dict[str, int] | None:
    if year < FIRST_YEAR_OF_DISTANCE:
        return None
    all_visits = sum(count.total for count in visits.values())
    weights = {region: count.total * differs(0.3, "distance", area.prefix, region) for region, count in visits.items()}
    return shared_out(round(all_visits * on_the_way(area.distance, year)), weights)


def _answers(
    area: Area,
    region: str,
    year: int,
    patients: BySex,
    residents: int,
    visits: BySex,
    distance: dict[str, int] | None,
) -> Iterator[tuple[str, object]]:
    own = area.prefix, region, year
    split = region != GOTLAND and (region, year) not in NOT_SPLIT
    name = f"{area.prefix}_{{}}".format
    outpatients = round(patients.total * min(1.0, area.outpatients * differs(0.012, "outpatients", *own[:2])))
    yield name("patienter"), patients.answer(split)
    yield name("patienter_oppen"), patients.part(outpatients).answer(split)
    yield name("invanare"), patients.part(residents).answer(split)
    yield name("besok"), visits.answer(split)
    if distance is not None:
        at_distance = visits.part(distance[region])
        on_site = BySex(visits.women - at_distance.women, visits.men - at_distance.men)
        yield name("besok_plats"), on_site.answer(split)
        yield name("besok_distans"), at_distance.answer(split)
    if area.compulsory is not None:
        item, share = area.compulsory
        count = min(patients.total, round(patients.total * share * differs(0.1, item, region)))
        yield name(item), DONT_KNOW if happens(0.03, item, *own) else patients.part(count).answer(split)
    yield from _inpatient(area, region, year, patients, split)
    yield from _staff(area, region, year, patients.total)
    yield from _costs(area, region, year)


def _inpatient(area: Area, region: str, year: int, patients: BySex, split: bool) -> Iterator[tuple[str, object]]:
    own = area.prefix, region, year
    name = f"{area.prefix}_{{}}".format
    if area.prefix == "bup" and region == GOTLAND:
        for item in ("patienter_sluten", "vardplatser", "vardtillfallen", "varddagar"):
            yield name(item), NOT_APPLICABLE
        return
    share = area.inpatients * differs(0.15, "inpatients", *own[:2]) * differs(0.04, "inpatients", *own)
    inpatients = patients.part(min(patients.total, round(patients.total * share * WARD_CLOSED.get(own, 1.0))))
    episodes = inpatients.times(area.episodes * differs(0.06, "episodes", *own[:2]))
    days = episodes.times(area.days * differs(0.15, "days", *own[:2]) * differs(0.03, "days", *own))
    yield name("patienter_sluten"), inpatients.answer(split)
    yield name("vardplatser"), round(days.total / 365 / differs(0.06, "occupancy", *own[:2]) / 0.95, 1)
    yield name("vardtillfallen"), DONT_KNOW if happens(0.02, "episodes unknown", *own) else episodes.answer(split)
    if not happens(0.02, "days left out", *own):
        yield name("varddagar"), DONT_KNOW if happens(0.02, "days unknown", *own) else days.answer(split)


def _staff(area: Area, region: str, year: int, patients: int) -> Iterator[tuple[str, object]]:
    own = area.prefix, region, year
    name = f"{area.prefix}_{{}}".format
    staff = patients * area.staff * differs(0.14, "staff", *own[:2]) * differs(0.02, "staff", *own)
    # Told for all professions, or for none: part of a sum would be taken for the whole.
    unknown = happens(0.025, "staff unknown", *own)
    for profession, share in area.professions.items():
        count = round(staff * share * differs(0.12, profession, *own[:2]), 1)
        yield name(f"tjanster_{profession}"), DONT_KNOW if unknown else count
    hired = staff * 0.03 * differs(0.5, "hired", *own)
    counted = round(hired * HOURS_OF_A_YEAR) if year <= HIRED_IN_HOURS_UNTIL else round(hired, 1)
    if not happens(0.05, "hired left out", *own):
        yield name("hyrpersonal"), DONT_KNOW if happens(0.1, "hired unknown", *own) else counted


def _costs(area: Area, region: str, year: int) -> Iterator[tuple[str, object]]:
    own = area.prefix, region, year
    inhabitants, prices = population(region, year).persons, 1.035 ** (year - 2017)
    unknown = happens(0.03, "costs unknown", *own)
    for item, per_inhabitant in (("kostnad_oppen", area.cost_open), ("kostnad_sluten", area.cost_inpatient)):
        level = differs(0.18, item, *own[:2]) * differs(0.03, item, *own) * DEARER.get(own, 1.0)
        cost = round(inhabitants * per_inhabitant * prices * level, -3)
        none = item == "kostnad_sluten" and area.prefix == "bup" and region == GOTLAND
        yield f"{area.prefix}_{item}", NOT_APPLICABLE if none else DONT_KNOW if unknown else int(cost)
