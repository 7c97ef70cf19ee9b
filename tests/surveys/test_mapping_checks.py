"""What the mappings' own checks let through and what they stop, on answers as respondents give them."""

from collections.abc import Mapping
from typing import Any

import pytest

from surveys.catalogue import load_catalogue
from surveys.checks import Context, checker

AREAS = ("bup", "vuxen", "ratt")
DAY = {"from": "14:00", "to": "02:00"}
REGION_IN_OPERATION: dict[str, Any] = {
    "psykiatriambulans": "i_drift",
    "enheter": 3,
    "startar": 2015,
    "team_malgrupp": ["vuxna", "aldre"],
    "team_antal": 4,
    "bemanning": ["specialistsjukskoterska", "skotare"],
    "oppettider": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), DAY) | {"sat": "24h", "sun": "closed"},
    "tackning": "del",
    "tackning_kommuner": ["1480", "1481"],
    "utlarmning": ["sos_alarm"],
    "partner": ["ambulanssjukvard", "polis"],
    "videostod": "del_av_dygnet",
    "uppdrag": {"K": 600, "M": 520, "T": 1120},
    "efterlevandestod": "ja",
    "efterlevandestod_form": ["samtal_pa_plats"],
    "frekventa_inringare": "ja_skriftligt",
    "frekventa_inringare_hur": "Gemensam planering med larmcentralen.",
    "finans_statsbidrag": 4_000_000,
    "statsbidrag_andamal": ["psykiatriambulanser"],
    "finans_overenskommelsen": 0,
    "finans_egen": 6_000_000,
    "finans_totalt": 10_000_000,
}
REGION_WITHOUT: dict[str, Any] = {
    "psykiatriambulans": "nej",
    "team_malgrupp": ["inga"],
    "uppdrag": {"missing": "not_applicable"},
}
PROGRAMME: dict[str, Any] = {
    "program": "Oroshjälpen Plus",
    "status": "erbjuds",
    "omrade": "psykisk_halsa",
    "malgrupp": "vuxna",
    "typ": "behandlingsprogram",
    "vardniva": "primarvard",
    "producent": "annan_region",
    "eget_delat": "delat_fran_andra",
    "behandlarstod": "ja",
    "sprak": ["svenska"],
    "startar": 2021,
}
PROGRAMMES: dict[str, Any] = {"program": [PROGRAMME], "inforandestrategi": "ja", "forvaltning": 4.5, "seminarium": True}
CLINIC: dict[str, Any] = {
    "huvudman": "region",
    "alder_fran": 13,
    "alder_till": 22,
    "uppdrag": "besvar",
    "skriftligt_uppdrag": True,
    "forsta_linjen": False,
    "tjanster_kurator": 1.5,
    "tjanster_psykolog": 0.5,
    "tjanster_barnmorska": 2,
    "tjanster_sjukskoterska": 0,
    "tjanster_lakare": 0.1,
    "tjanster_totalt": 4.1,
    "besok": {"K": 2400, "M": 600, "T": 3000},
    "besok_psykisk_ohalsa": {"T": 900},
    "metoder": ["stodsamtal", "kbt"],
    "vantetid": 14,
    "oppettimmar": 37.5,
}
KOMMUN: dict[str, Any] = {
    "arbete": "driver",
    "plan": "ja_egen",
    "antagen_av": "fullmaktige",
    "kommunovergripande": True,
    "antagen": "2022-05-31",
    "reviderad": {"missing": "not_applicable"},
    "lank": "https://kommunen.example/plan",
    "omfattar": ["barn_unga", "larmplan"],
    "plan_fran": 2022,
    "giltig_till": 2027,
    "samordnare": True,
    "samordnare_andel": 50,
    "uppfoljd": True,
    "anvands": "delvis",
    "partner": ["region", "polis"],
}
PLAIN: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "prehospital": [("region", REGION_IN_OPERATION), ("region", REGION_WITHOUT)],
    "sob": [("region", PROGRAMMES)],
    "ungdomsmottagningar": [("mottagning", CLINIC)],
    "handlingsplaner": [
        ("kommun", KOMMUN),
        ("kommun", {"arbete": "nej", "plan": "nej", "samordnare": False}),
        ("region", {"arbete": "deltar", "plan": "ja_gemensam", "samordnare": True, "stod_till_kommuner": True}),
    ],
}
"""One or two respondents' whole answers of 2026 for each mapping, by unit kind. All of them are in order."""


def stopped(survey: str, kind: str, answers: Mapping[str, Any], context: Context | None = None) -> dict[str, str]:
    """The checks of 2026 that the answers fail, with how hard they are."""
    found = checker(load_catalogue().get(survey, 2026), kind).failures(answers, context)
    return {failure.check: failure.severity for failure in found}


@pytest.mark.parametrize(
    ("survey", "kind", "answers"),
    [(survey, kind, answers) for survey, answering in PLAIN.items() for kind, answers in answering],
)
def test_an_answer_in_order_fails_nothing(survey: str, kind: str, answers: dict[str, Any]) -> None:
    context = Context(kommuner=frozenset({"1480", "1481"}), population=1_700_000, previous=answers)
    assert stopped(survey, kind, answers, context) == {}


@pytest.mark.parametrize(
    ("survey", "different", "check", "severity"),
    [
        ("prehospital", {"finans_totalt": 11_000_000}, "finansiering_summa", "hard"),
        ("prehospital", {"team_malgrupp": ["inga", "vuxna"]}, "team_malgrupp.exclusive_option", "hard"),
        ("prehospital", {"startar": 2027}, "start_i_det_forflutna", "soft"),
        ("prehospital", {"uppdrag": {"T": 1}}, "uppdrag.per_inhabitant", "soft"),
        ("prehospital", {"uppdrag": None}, "uppdrag_vid_drift", "hard"),
        ("sob", {"program": [PROGRAMME, PROGRAMME]}, "program_en_gang", "hard"),
        ("sob", {"program": []}, "program_minst_ett", "soft"),
        ("sob", {"program": [PROGRAMME | {"program": str(n) * 3} for n in range(401)]}, "program_antal", "hard"),
        (
            "sob",
            {"program": [{k: v for k, v in PROGRAMME.items() if k != "startar"}]},
            "startar_nar_erbjuds",
            "soft",
        ),
        ("ungdomsmottagningar", {"alder_fran": 25}, "alder_i_ordning", "hard"),
        ("ungdomsmottagningar", {"alder_fran": 9}, "alder_fran.in_set", "soft"),
        ("ungdomsmottagningar", {"tjanster_totalt": 5}, "tjanster_summa", "hard"),
        ("ungdomsmottagningar", {"besok_psykisk_ohalsa": {"T": 3001}}, "psykisk_ohalsa_av_besok", "hard"),
        ("ungdomsmottagningar", {"besok": {"T": 50_000}}, "besok_per_tjanst", "soft"),
        ("handlingsplaner", {"plan_fran": 2028}, "giltighet_i_ordning", "hard"),
        ("handlingsplaner", {"reviderad": "2021-01-01"}, "revidering_efter_antagande", "hard"),
        ("handlingsplaner", {"lank": "kommunen.example/plan"}, "lank.pattern", "hard"),
        ("handlingsplaner", {"giltig_till": 2024}, "giltig_plan_passerad", "soft"),
        ("handlingsplaner", {"plan": "nej"}, "driver_utan_plan", "soft"),
    ],
)
def test_what_cannot_be_is_refused_and_what_is_odd_is_asked_about(
    survey: str, different: dict[str, Any], check: str, severity: str
) -> None:
    kind, plain = PLAIN[survey][0]
    answers = {item: value for item, value in (plain | different).items() if value is not None}
    assert stopped(survey, kind, answers, Context(population=1_700_000)).get(check) == severity


def region(area: str, **different: Any) -> dict[str, Any]:
    """A plain answer about one area of psychiatry, every other area left out."""
    care = {"besok": 110_000, "besok_distans": 38_000, "vardtillfallen": 900, "varddagar": 9_000}
    split = {"patienter": 14_000, "patienter_oppen": 13_800, "patienter_sluten": 600, "invanare": 13_000} | care
    answers = {item: {"K": n // 2, "M": n - n // 2, "T": n} for item, n in split.items()} | {"vardplatser": 30}
    return {f"{area}_{item}": value for item, value in (answers | different).items()} | (
        {"ratt_vard": True} if area == "ratt" else {}
    )


def failed(answers: Mapping[str, Any], context: Context | None = None) -> set[str]:
    """The declared checks that fail. What is not answered at all is another matter."""
    return {check for check in stopped("psykiatrin", "region", answers, context) if not check.endswith(".required")}


@pytest.mark.parametrize("area", AREAS)
def test_a_plain_answer_on_psychiatry_fails_nothing(area: str) -> None:
    assert failed(region(area)) == set()


@pytest.mark.parametrize(
    ("different", "check"),
    [
        ({"patienter": {"K": 7_000, "M": 7_000, "T": 14_001}}, "patienter.sum"),
        ({"varddagar": {"T": 13_141}}, "varddagar_mot_platser"),
        ({"patienter_sluten": {"T": 901}}, "slutna_mot_vardtillfallen"),
        ({"besok_distans": {"T": 110_001}}, "distans_av_besok"),
        ({"patienter_oppen": {"T": 14_001}}, "oppen_av_patienter"),
        ({"invanare": {"T": 14_001}}, "invanare_av_patienter"),
    ],
)
@pytest.mark.parametrize("area", AREAS)
def test_figures_on_psychiatry_that_contradict_each_other_are_refused(
    area: str, different: dict[str, Any], check: str
) -> None:
    assert f"{area}_{check}" in failed(region(area, **different))


def test_care_days_may_fill_the_beds_and_a_fifth_more() -> None:
    assert "bup_varddagar_mot_platser" not in failed(region("bup", varddagar={"T": 30 * 438}))


@pytest.mark.parametrize(("item", "low", "high"), [("patienter", 5_000, 30_000), ("besok", 50_000, 240_000)])
def test_a_leap_since_last_year_asks_for_an_explanation(item: str, low: int, high: int) -> None:
    for number in (low, high):
        before = Context(previous=region("bup", **{item: {"T": number}}))
        assert f"bup_{item}.change_against_last_year" in failed(region("bup"), before)
    assert failed(region("bup"), Context(previous=region("bup"))) == set()


REGIONS = (60_000, 300_000, 2_400_000)
NATION = 10_521_556
PUBLISHED = {
    "bup": {"patienter": 144_000, "invanare": 140_466, "besok": 1_134_000},
    "vuxen": {"patienter": 479_000, "invanare": 466_000, "besok": 4_457_000},
}


@pytest.mark.parametrize("population", REGIONS)
@pytest.mark.parametrize("share", [0.8, 1.0, 1.2])
@pytest.mark.parametrize("area", PUBLISHED)
def test_real_figures_are_plausible_per_inhabitant(area: str, share: float, population: int) -> None:
    of_region = {item: round(n * population / NATION * share) for item, n in PUBLISHED[area].items()}
    split = {item: {"K": n * 6 // 10, "M": n - n * 6 // 10, "T": n} for item, n in of_region.items()}
    found = failed({f"{area}_{item}": value for item, value in split.items()}, Context(population=population))
    assert [check for check in found if check.endswith("per_inhabitant")] == []


@pytest.mark.parametrize("area", PUBLISHED)
def test_ten_times_too_many_visits_are_implausible(area: str) -> None:
    wrong = {f"{area}_besok": {"T": PUBLISHED[area]["besok"] * 10}}
    assert f"{area}_besok.per_inhabitant" in failed(wrong, Context(population=NATION))
