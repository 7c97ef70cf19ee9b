"""What the five mappings ask, check and compute: facts about the definitions that can be false."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from surveys.catalogue import load_catalogue
from surveys.model import Text
from surveys.questionnaire import NUMERIC, Item, Questionnaire

YEARS = {
    "handlingsplaner": [2020, 2021, 2022, 2023, 2026],
    "prehospital": [2023, 2024, 2025, 2026],
    "psykiatrin": [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2026],
    "sob": [2018, 2019, 2020, 2021, 2022, 2023, 2026],
    "ungdomsmottagningar": [2016, 2022, 2026],
}
RESPONDENTS = {
    "handlingsplaner": ("kommun", "region"),
    "prehospital": ("region",),
    "psykiatrin": ("region",),
    "sob": ("region",),
    "ungdomsmottagningar": ("mottagning",),
}
AREAS = ("bup", "vuxen", "ratt")
PROFESSIONS = ("lakare", "psykolog", "sjukskoterska", "skotare", "kurator", "arbetsterapeut", "ovriga")
PER_AREA = (
    *("patienter", "patienter_oppen", "patienter_sluten", "invanare", "besok", "besok_distans"),
    *("vardplatser", "vardtillfallen", "varddagar", "hyrpersonal", "kostnad_oppen", "kostnad_sluten"),
    *(f"tjanster_{profession}" for profession in PROFESSIONS),
)
ASKED = {
    "prehospital": (
        *("psykiatriambulans", "enheter", "startar", "team_malgrupp", "bemanning", "oppettider", "tackning"),
        *("tackning_kommuner", "utlarmning", "partner", "videostod", "uppdrag", "efterlevandestod"),
        *("frekventa_inringare", "finans_statsbidrag", "finans_overenskommelsen", "finans_egen", "planer"),
        "goda_exempel",
    ),
    "sob": (
        *("program", "program.program", "program.status", "program.omrade", "program.malgrupp", "program.typ"),
        *("program.vardniva", "program.producent", "program.eget_delat", "program.behandlarstod", "program.sprak"),
        *("program.startar", "inforandestrategi", "seminarium"),
    ),
    "ungdomsmottagningar": (
        *("huvudman", "uppdrag", "forsta_linjen", "skriftligt_uppdrag", "riktlinjer", "alder_fran", "alder_till"),
        *("tjanster_kurator", "tjanster_psykolog", "tjanster_barnmorska", "tjanster_sjukskoterska", "tjanster_lakare"),
        *("besok", "besok_psykisk_ohalsa", "metoder", "vantetid", "oppettimmar", "drop_in", "chatt"),
        *("samverkan_elevhalsa", "samverkan_bup", "samverkan_primarvard", "samverkan_socialtjanst"),
        "samverkan_vuxenpsykiatri",
    ),
    "handlingsplaner": (
        *("arbete", "plan", "antagen_av", "kommunovergripande", "antagen", "giltig_till", "lank", "omfattar"),
        *("samordnare", "samordnare_andel", "uppfoljd", "partner"),
    ),
    "psykiatrin": (*(f"{area}_{item}" for area in AREAS for item in PER_AREA), "vuxen_lpt", "ratt_lrv"),
}
COMPUTED = {
    "prehospital": {"andel_i_drift", "livscykel", "uppdrag_per_100000", "timmar_per_vecka", "andel_kommuner_tackta"},
    "sob": {
        *("program_per_status", "unika_program", "psykisk_ohalsa_per_100000", "regioner_per_program"),
        *("program_per_omrade", "program_per_malgrupp", "nya_program", "avvecklade_program"),
    },
    "ungdomsmottagningar": {
        *("huvudman_andel", "uppdrag_andel", "fte_per_1000_besok", "andel_forsta_linjen", "svarsfrekvens"),
    },
    "handlingsplaner": {
        *("andel_med_plan_alla", "andel_med_plan_svarande", "andel_antagen_kommunovergripande", "utgangna_planer"),
    },
    "psykiatrin": {
        *("bup_barn_andel", "bup_barn", "vuxen_andel", "vuxen_patienter"),
        *(
            f"{area}_{indicator}"
            for area in AREAS
            for indicator in (
                *("besok", "besok_per_patient", "distans_andel", "platser_per_1000", "medelvardtid"),
                *("kostnad_per_invanare", "personal_per_100000"),
            )
        ),
    },
}
OPTIONS = {
    ("prehospital", "psykiatriambulans"): "nej utreds beslutad under_inforande i_drift avvecklad",
    ("prehospital", "team_malgrupp"): "barn_unga vuxna aldre beroende inga",
    ("prehospital", "bemanning"): "specialistsjukskoterska ambulanssjukskoterska skotare lakare socionom polis",
    ("prehospital", "utlarmning"): "sos_alarm egen_larmcentral psykiatrins_telefon polis",
    ("prehospital", "partner"): "ambulanssjukvard larmcentral polis primarvard raddningstjanst socialtjanst",
    ("sob", "program.status"): "erbjuds planeras diskuteras avvecklat",
    ("sob", "program.malgrupp"): "barn unga vuxna aldre foraldrar_narstaende personal",
    ("sob", "program.typ"): "behandlingsprogram stodprogram utbildning",
    ("sob", "program.vardniva"): "primarvard specialistvard ungdomsmottagning kommun",
    ("ungdomsmottagningar", "huvudman"): "region kommun gemensam annan",
    ("ungdomsmottagningar", "uppdrag"): "framja besvar tillstand",
    ("ungdomsmottagningar", "metoder"): "kbt ipt ps stodsamtal grupp sob_program inga",
    ("handlingsplaner", "arbete"): "driver deltar planerar nej",
    ("handlingsplaner", "plan"): "ja_egen ja_gemensam under_framtagande planeras nej",
    ("handlingsplaner", "antagen_av"): "fullmaktige styrelse namnd tjansteperson inte_antagen",
    ("handlingsplaner", "omfattar"): (
        "barn_unga vuxna aldre fysisk_miljo utbildning efterlevandestod handelseanalys larmplan"
    ),
    ("handlingsplaner", "partner"): "region raddningstjanst polis lansstyrelse civilsamhalle ingen",
}
CHECK_KINDS = {
    *("range", "in_set", "pattern", "length", "required_when", "sum_equals_total", "less_or_equal", "ratio_bounds"),
    *("change_against_last_year", "per_inhabitant", "dates_in_order", "unique_rows", "row_count", "exclusive_option"),
}


def mapping(survey: str, year: int = 2026) -> Questionnaire:
    return load_catalogue().get(survey, year)


def every_item() -> Iterator[tuple[str, Item]]:
    for q in load_catalogue().all():
        for address, item in q.items.items():
            yield f"{q.survey}/{q.year} {address}", item


def texts_in(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from texts_in(part)
    elif hasattr(value, "model_fields_set"):
        for _, part in value:
            yield from texts_in(part)


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_has_its_years_and_one_open_round(survey: str) -> None:
    years = load_catalogue().years(survey)
    assert years == YEARS[survey]
    assert [year for year in years if mapping(survey, year).status == "open"] == [2026]


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_asks_those_it_is_about(survey: str) -> None:
    assert {mapping(survey, year).respondents for year in YEARS[survey]} == {RESPONDENTS[survey]}


def test_psychiatry_in_figures_is_about_the_reference_year() -> None:
    years = {year: mapping("psykiatrin", year).reference_year for year in YEARS["psykiatrin"]}
    assert years == {year: 2025 if year == 2026 else year for year in years}
    assert all(str(reference) in mapping("psykiatrin", year).reference_period.sv for year, reference in years.items())


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_asks_every_item_of_its_subject(survey: str) -> None:
    assert set(ASKED[survey]) - set(mapping(survey).items) == set()


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_computes_every_indicator_of_its_subject(survey: str) -> None:
    assert COMPUTED[survey] - {indicator.id for indicator in mapping(survey).indicators} == set()


@pytest.mark.parametrize(("survey", "address"), OPTIONS)
def test_an_item_has_the_options_of_the_field(survey: str, address: str) -> None:
    assert [option.code for option in mapping(survey).items[address].options] == OPTIONS[survey, address].split()


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_has_sections_one_can_overview(survey: str) -> None:
    assert 4 <= len(mapping(survey).sections) <= 8


@pytest.mark.parametrize("survey", YEARS)
def test_a_mapping_has_hard_and_soft_checks(survey: str) -> None:
    assert {check.severity for check in mapping(survey).checks} == {"hard", "soft"}


def test_every_kind_of_check_is_used_by_some_mapping() -> None:
    assert {check.kind for survey in YEARS for check in mapping(survey).checks} == CHECK_KINDS


def test_free_text_warns_of_personal_data() -> None:
    free = [(place, item) for place, item in every_item() if item.multiline]
    silent = [place for place, item in free if item.help is None or "inga personuppgifter" not in item.help.sv]
    assert free
    assert silent == []


def test_individual_based_figures_are_suppressed_below_five() -> None:
    split = [(place, item) for place, item in every_item() if item.split_by_sex]
    assert split
    assert [place for place, item in split if item.suppress_below != 5] == []
    shown = [one for q in load_catalogue().all() for one in q.indicators if one.by_sex]
    assert [one.id for one in shown if one.suppress_below != 5] == []


def test_a_number_says_what_it_counts() -> None:
    counted = NUMERIC - {"year"}
    assert [place for place, item in every_item() if item.type in counted and item.unit_of_measure is None] == []


def test_every_figure_of_psychiatry_declares_its_perspective() -> None:
    q = mapping("psykiatrin")
    figures = {address: item for address, item in q.items.items() if item.type in NUMERIC}
    assert [address for address, item in figures.items() if item.perspective is None] == []
    assert {address for address, item in figures.items() if item.perspective == "consumption"} == {
        f"{area}_kostnad_{care}" for area in AREAS for care in ("oppen", "sluten")
    }


@pytest.mark.parametrize(
    ("survey", "address", "words"),
    [
        ("prehospital", "psykiatriambulans", "säten i stället för bår"),
        ("psykiatrin", "bup_vardplatser", "årets medelvärde"),
        ("psykiatrin", "vuxen_vardtillfallen", "sammanhängande vistelse på en och samma klinik"),
        ("psykiatrin", "ratt_varddagar", "utskrivningsdatum − inskrivningsdatum"),
        ("psykiatrin", "bup_patienter", "unik patient räknas en gång"),
    ],
)
def test_a_definition_is_printed_with_its_question(survey: str, address: str, words: str) -> None:
    definition = mapping(survey).items[address].definition
    assert definition is not None and words in definition.sv


def test_texts_are_whole_in_both_languages() -> None:
    for q in load_catalogue().all():
        for text in texts_in(q):
            assert text.sv.strip() == text.sv and text.en.strip() == text.en
            assert text.sv and text.en
            assert "  " not in text.sv + text.en


def test_landsting_became_region_without_a_break() -> None:
    before, after = (mapping("ungdomsmottagningar", year).items["huvudman"] for year in (2016, 2022))
    assert [option.label.sv for option in (before.options[0], after.options[0])] == ["Landsting", "Region"]
    assert before.options[0].code == after.options[0].code == "region"
    assert after.lineage.kind == "reworded"


def test_the_mission_went_from_two_levels_to_three() -> None:
    before, after = (mapping("ungdomsmottagningar", year).items["uppdrag"] for year in (2016, 2022))
    assert [option.code for option in before.options] == ["framja", "behandla"]
    assert (after.lineage.kind, after.lineage.items) == ("split", ("uppdrag",))
    assert after.lineage.recode == {"behandla": ("besvar", "tillstand")}


@pytest.mark.parametrize(
    ("survey", "year", "address", "kind"),
    [
        ("handlingsplaner", 2021, "uppfoljd", "merged"),
        ("handlingsplaner", 2022, "samordnare_andel", "unit_changed"),
        ("handlingsplaner", 2022, "antagen_av", "new"),
        ("prehospital", 2024, "statsbidrag_andamal", "new"),
        ("prehospital", 2025, "utlarmning", "reworded"),
        ("prehospital", 2025, "frekventa_inringare", "split"),
        ("psykiatrin", 2019, "bup_besok_distans", "new"),
        ("psykiatrin", 2020, "vuxen_hyrpersonal", "unit_changed"),
        ("sob", 2019, "program.malgrupp", "split"),
        ("sob", 2021, "program.typ", "recoded"),
    ],
)
def test_what_changed_between_years_is_said(survey: str, year: int, address: str, kind: str) -> None:
    q = mapping(survey, year)
    assert q.items[address].lineage.kind == kind
    following = [one for one in YEARS[survey] if one > year]
    assert mapping(survey, following[0]).items[address].lineage.kind in ("same", "reworded")


def test_the_plan_question_is_comparable_over_all_years() -> None:
    kinds = {mapping("handlingsplaner", year).items["plan"].lineage.kind for year in (2021, 2022, 2023, 2026)}
    assert kinds <= {"same", "reworded"}


def test_regions_meet_a_shorter_form_on_action_plans() -> None:
    q = mapping("handlingsplaner")
    of_kommun, of_region = (set(q.for_unit_kind(kind).items) for kind in ("kommun", "region"))
    assert {"antagen_av", "omfattar", "uppfoljd", "partner"} <= of_kommun - of_region
    assert {"partner_region", "stod_till_kommuner"} == of_region - of_kommun
    assert len(of_region) < len(of_kommun)


def test_both_bases_of_the_share_with_a_plan_are_shown() -> None:
    indicators = {one.id: one for one in mapping("handlingsplaner", 2020).indicators}
    bases = {
        name: (one.denominator.kind, one.numerator, one.respondents)
        for name in ("andel_med_plan_alla", "andel_med_plan_svarande")
        if (one := indicators[name]).denominator is not None
    }
    assert bases["andel_med_plan_alla"][0] == "all_units"
    assert bases["andel_med_plan_svarande"][0] == "answering_units"
    assert bases["andel_med_plan_alla"][1:] == bases["andel_med_plan_svarande"][1:]


@pytest.mark.parametrize("year", YEARS["handlingsplaner"])
def test_a_plan_has_expired_the_year_after_its_last(year: int) -> None:
    expired = next(one for one in mapping("handlingsplaner", year).indicators if one.id == "utgangna_planer")
    assert f'"at_most":{year - 1}.0' in expired.numerator.model_dump_json()


@pytest.mark.parametrize("year", YEARS["sob"])
def test_a_programme_is_new_when_it_started_since_last_year(year: int) -> None:
    new = next(one for one in mapping("sob", year).indicators if one.id == "nya_program")
    condition = json.loads(new.numerator.model_dump_json(by_alias=True))["where"]["all"]
    assert {"item": "startar", "at_least": year - 1} in condition
