"""Ungdomsmottagningar: 267 identified and 221 included in 2016, by who is responsible for them."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from collectors.demonstration import texts
from collectors.demonstration.chance import dice, differs, drawn, happens, in_order, pick, some
from collectors.demonstration.clinics import existing
from collectors.demonstration.plan import DONT_KNOW, NOT_APPLICABLE, OPEN_YEAR, Answers, Correction

ANSWERED = {2016: 221, 2022: 211, 2026: 88}
# Of the 221 in 2016; the rest did not say.
RESPONSIBLE_2016 = {"region": 126, "gemensam": 63, "kommun": 24}
FIRST_YEAR_OF_THREE_MISSIONS = 2022
BIG_CITIES = ("0180", "1480", "1280", "0380")
METHODS = {"kbt": 0.55, "ipt": 0.2, "ps": 0.4, "stodsamtal": 0.9, "grupp": 0.25, "sob_program": 0.2}
# Full-time equivalents in a clinic of middle size.
EMPLOYED = {"kurator": 1.3, "psykolog": 0.4, "barnmorska": 1.5, "sjukskoterska": 0.25, "lakare": 0.12}
ALWAYS_EMPLOYED = ("kurator", "barnmorska")
WITH_WHOM = ("elevhalsa", "bup", "primarvard", "socialtjanst", "vuxenpsykiatri")


def first_answers(year: int) -> dict[str, Answers]:
    """The clinics that answered that year."""
    return {clinic: dict(_of_clinic(clinic, year)) for clinic in _answering(year)}


def corrections() -> list[Correction]:
    """Visits that had been counted for two clinics together."""
    answers = first_answers(2022)
    counted = [
        unit for unit in answers if isinstance(answers[unit].get("besok"), dict) and "K" in answers[unit]["besok"]
    ]
    return [
        Correction(2022, unit, date(2023, 4, 11), answers[unit] | _fewer_visits(answers[unit]), texts.VISITS_OF_TWO)
        for unit in sorted(in_order(counted, "correcting clinics")[:3])
    ]


def _fewer_visits(answers: Answers) -> Answers:
    def fewer(item: str) -> dict[str, int]:
        women, men = (round(answers[item][sex] * 0.8) for sex in ("K", "M"))
        return {"K": women, "M": men, "T": women + men}

    items = ("besok", "besok_psykisk_ohalsa")
    return {item: fewer(item) for item in items if "K" in answers.get(item, {})}


@lru_cache(maxsize=8)
def _answering(year: int) -> list[str]:
    clinics = [unit.unit_id for unit in existing(date(year, 12, 31))]
    keen = {unit: dice("keen", unit).random() + 0.5 * dice("keen", unit, year).random() for unit in clinics}
    return sorted(sorted(clinics, key=lambda unit: keen[unit])[: ANSWERED[year]])


@lru_cache(maxsize=1)
def _responsible_2016() -> dict[str, str]:
    """Who is responsible for each clinic that answered in 2016 and said so: the regions differ in how they do it."""
    leaning = {clinic: dice("leaning", clinic[3:5]).random() + 0.5 * dice("leaning", clinic).random()
               for clinic in _answering(2016)}  # fmt: skip
    not_said = set(in_order(_answering(2016), "not said")[: ANSWERED[2016] - sum(RESPONSIBLE_2016.values())])
    ordered = [clinic for clinic in sorted(leaning, key=lambda one: leaning[one]) if clinic not in not_said]
    bodies = [body for body, count in RESPONSIBLE_2016.items() for _ in range(count)]
    return dict(zip(ordered, bodies, strict=True))


def _responsible(clinic: str, year: int) -> object:
    known = _responsible_2016().get(clinic)
    if year == 2016:
        return known or (DONT_KNOW if happens(0.5, "responsible unknown", clinic) else None)
    if known is None or happens(0.06, "responsible changed", clinic):
        return drawn({"region": 6, "gemensam": 2.5, "kommun": 1, "annan": 0.3}, "responsible", clinic)
    return known


def _of_clinic(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    responsible = _responsible(clinic, year)
    if responsible is not None:
        yield "huvudman", responsible
    yield from _mission(clinic, year)
    yield from _staff(clinic, year)
    yield from _visits(clinic, year)
    yield from _work(clinic, year)
    yield from _access(clinic, year)
    for other in WITH_WHOM:
        odds = {"med_overenskommelse": 3.0, "utan_overenskommelse": 5.0, "nej": 2.0, "": 0.3}
        if not happens(0.03, "cooperation left out", other, clinic, year):
            yield f"samverkan_{other}", drawn(odds, "cooperation", other, clinic) or DONT_KNOW
    if happens(0.15, "clinic comment", clinic, year):
        yield "kommentar", pick(texts.CLINIC_COMMENTS, "clinic comment", clinic, year)


def _mission(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    youngest = drawn({12: 4, 13: 4, 14: 1, 10: 0.5, 15: 0.5, 16: 0.15}, "youngest", clinic)
    yield "alder_fran", NOT_APPLICABLE if happens(0.15, "no lower limit", clinic) else youngest
    yield "alder_till", drawn({22: 3, 20: 1, 23: 2, 24: 2, 25: 4}, "oldest", clinic)
    treats = happens(0.52, "treats", clinic[3:5], clinic)
    if year < FIRST_YEAR_OF_THREE_MISSIONS:
        mission = "behandla" if treats else "framja"
    else:
        mission = ("tillstand" if happens(0.45, "conditions", clinic) else "besvar") if treats else "framja"
    yield "uppdrag", DONT_KNOW if happens(0.02, "mission unknown", clinic, year) else mission
    yield "skriftligt_uppdrag", happens(0.6, "in writing", clinic)
    if not happens(0.04, "guidelines left out", clinic, year):
        yield "riktlinjer", happens(0.45 if year == 2016 else 0.6, "guidelines", clinic)
    first_line = treats and happens(0.5, "first line", clinic)
    yield "forsta_linjen", DONT_KNOW if happens(0.05, "first line unknown", clinic, year) else first_line


def _size(clinic: str) -> float:
    return 0.5 + 2.0 * dice("size", clinic).random() ** 2 + (1.2 if clinic[3:7] in BIG_CITIES else 0.0)


def _employed(clinic: str, year: int) -> dict[str, float]:
    """Full-time equivalents by profession."""
    size = _size(clinic) * differs(0.1, "size", clinic, year)
    return {
        profession: 0
        if profession not in ALWAYS_EMPLOYED and happens(0.35, "none", profession, clinic)
        else round(mean * size * differs(0.5, profession, clinic), 2)
        for profession, mean in EMPLOYED.items()
    }


def _staff(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    employed = _employed(clinic, year)
    unknown = happens(0.03, "staff unknown", clinic, year)
    for profession, count in employed.items():
        yield f"tjanster_{profession}", DONT_KNOW if unknown else count
    yield "tjanster_totalt", DONT_KNOW if unknown else round(sum(employed.values()), 2)


def _visits(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    growth = 1 + 0.01 * (year - 2016)
    staff = sum(_employed(clinic, year).values())
    total = round(staff * 560 * differs(0.35, "visits", clinic) * differs(0.08, "visits", clinic, year) * growth)
    women = round(total * 0.82 * differs(0.1, "women", clinic))
    ill = round(total * (0.24 + 0.008 * (year - 2016)) * differs(0.4, "mental ill-health", clinic))
    ill_women = round(ill * women / total)
    split = not happens(0.12, "no split", clinic)
    if happens(0.03, "visits unknown", clinic, year):
        yield "besok", DONT_KNOW
        return
    yield "besok", {"K": women, "M": total - women, "T": total} if split else {"T": total}
    if happens(0.08, "reasons unknown", clinic, year):
        yield "besok_psykisk_ohalsa", DONT_KNOW
    else:
        yield "besok_psykisk_ohalsa", {"K": ill_women, "M": ill - ill_women, "T": ill} if split else {"T": ill}


def _work(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    yield "metoder", ["inga"] if happens(0.04, "no method", clinic) else some(METHODS, "methods", clinic)
    if year == OPEN_YEAR:
        odds = {"med_skattning": 3.0, "utan_skattning": 4.0, "nej": 3.0}
        yield "uppfoljning_insatser", drawn(odds, "follow-up", clinic)
    days = int(dice("wait", clinic, year).expovariate(1 / 16))
    if happens(0.015, "long wait", clinic, year):
        days = 130
    if not happens(0.05, "wait left out", clinic, year):
        yield "vantetid", DONT_KNOW if happens(0.04, "wait unknown", clinic, year) else min(days, 140)


def _access(clinic: str, year: int) -> Iterator[tuple[str, object]]:
    yield "oppettimmar", min(55.0, round(8 + 14 * _size(clinic) * differs(0.2, "hours", clinic)))
    yield "drop_in", happens(0.7, "drop-in", clinic)
    yield "chatt", happens(0.1 if year == 2016 else 0.45, "chat", clinic)
    if year >= FIRST_YEAR_OF_THREE_MISSIONS:
        yield "videobesok", happens(0.75, "video", clinic)
