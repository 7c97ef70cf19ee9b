"""Hand-written suites: what they find in real tables, and that none of them passes by being misread."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from pipeline import handwritten
from pipeline.audit import DataDocs, Result, audit
from pipeline.handwritten import Suite, expected_of, never_asked, read_suite, suite_files
from pipeline.mart import candidate
from pipeline.suite_errors import NoSuchSuite, SuiteDoesNotFit, SuiteFaults, SuiteIsEmpty
from pipeline.suite_fit import misfits
from pipeline.suite_handbook import OF_EVERY_PART
from surveys.catalogue import load_catalogue
from surveys.event_data import RoundOpened
from surveys.questionnaire import Questionnaire
from tests.pipeline.published import NOON, Landing, indicator, regions
from tests.surveys.build import item, options, questionnaire, text

MISSPELT = "felstavat"
NAMES = ("indicator", "category", "item", "of", "to", "unit", "units", "before", "now")
PLAN = item("plan", "one_of", options=options("ja", "nej"))
COUNT = indicator("antal", numerator={"kind": "sum", "items": ["a"]})
SHARE = indicator("andel", numerator={"kind": "count_units"}, denominator={"kind": "answering_units"}, scale=100)
BY_PLAN = indicator("per_plan", breakdown="plan")
NOW = questionnaire(item("a"), item("b"), PLAN, indicators=[COUNT, BY_PLAN])


def expectation(kind: str, severity: str = "warning", **facts: Any) -> dict[str, Any]:
    return {
        "id": "prov",
        "kind": kind,
        "severity": severity,
        "meaning": text("Det gäller"),
        "reason": text("Därför"),
    } | facts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the product looks for suites while this test runs."""
    found = tmp_path / "expected"
    found.mkdir()
    monkeypatch.setattr(handwritten, "packaged_suites", lambda: found)
    return found


def written(folder: Path, *expectations: Mapping[str, Any], **facts: Any) -> Path:
    path = folder / "test.yaml"
    suite = {"survey": "test", "expectations": list(expectations)} | facts
    path.write_text(yaml.safe_dump(suite, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def audited(landing: Landing, q: Questionnaire, docs: DataDocs | None = None) -> list[Result]:
    with candidate(landing.connection, landing.definitions, NOON) as work:
        return audit(work, q, NOON, docs)


def told(landing: Landing, q: Questionnaire) -> tuple[bool, str | None, int | None]:
    """Whether the one hand-written expectation holds, where it does not, and how many values were looked at."""
    (one,) = [each for each in audited(landing, q) if each.origin == "handwritten"]
    return one.success, one.observed, one.elements


def answered(folder: Path, q: Questionnaire, responses: Mapping[str, Mapping[str, Any]]) -> Landing:
    landing = Landing(folder, q)
    landing.sent_all(q, responses)
    return landing


# The product's own suites.


def test_every_mapping_has_a_suite_that_fits_all_its_years_and_is_asked() -> None:
    catalogue = load_catalogue()
    assert [path.stem for path in suite_files()] == catalogue.surveys()
    for path in suite_files():
        suite, years = read_suite(path), catalogue.years(path.stem)
        assert never_asked(suite, years) == []
        assert all(expected_of(catalogue.get(path.stem, year)) for year in years)
        assert len(suite.expectations) >= 10


@pytest.mark.parametrize("path", suite_files(), ids=lambda path: path.stem)
def test_a_misspelt_name_in_any_line_fits_nothing(path: Path) -> None:
    q = load_catalogue().get(path.stem, load_catalogue().years(path.stem)[-1])
    mutants = 0
    for one in read_suite(path).expectations:
        for name in NAMES:
            if name in type(one).model_fields and getattr(one, name):
                wrong = (MISSPELT,) if isinstance(getattr(one, name), tuple) else MISSPELT
                assert list(misfits(one.model_copy(update={name: wrong}), q)), f"{one.id}: {name}"
                mutants += 1
    assert mutants > 10


@pytest.mark.parametrize("path", suite_files(), ids=lambda path: path.stem)
def test_a_misspelt_or_missing_field_in_any_line_is_refused(path: Path) -> None:
    listed = yaml.safe_load(path.read_text(encoding="utf-8"))["expectations"]
    for one in listed:
        for mutant in _mutants(one):
            with pytest.raises(ValidationError):
                Suite.model_validate({"survey": path.stem, "expectations": [mutant]})


def _mutants(one: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield {**one, "severity": "varning"}
    yield {**one, "meaning": {"sv": one["meaning"]["sv"]}}
    yield {**one, "since": 2022, "until": 2021}
    for name in one:
        yield {(f"{name}x" if each == name else each): value for each, value in one.items()}


def test_the_page_tells_all_that_is_asked_of_every_part(tmp_path: Path) -> None:
    asked = [one for one in audited(answered(tmp_path, NOW, {"14": {"a": 1}}), NOW) if one.origin == "table"]
    assert {(one.severity, one.meaning) for one in asked} == set(OF_EVERY_PART)


# A suite that cannot be read as meant is loud.


def test_every_fault_of_a_suite_is_told_at_once_with_its_line(folder: Path) -> None:
    wrong = (
        expectation("ratio", of="a", to="b", mni=1),
        expectation("raito", id="annan"),
        expectation("ratio", id="tredje"),
    )
    with pytest.raises(SuiteFaults) as caught:
        read_suite(written(folder, *wrong))
    faults = caught.value.faults
    assert len(faults) == 4
    assert all(re.match(r"line \d+, (prov|annan|tredje)", fault) for fault in faults)


@pytest.mark.parametrize(
    "said", ["survey: test\nexpectations: []\n", "survey: test\n", "survey: test\nexpectations:\n"]
)  # fmt: skip
def test_an_empty_suite_is_an_error(folder: Path, said: str) -> None:
    (folder / "test.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(SuiteIsEmpty, match="P052"):
        expected_of(NOW)


@pytest.mark.parametrize("said", ["", "- a\n", "survey: [\n", "survey: test\nsurvey: test\nexpectations: []\n"])
def test_what_is_no_suite_is_an_error(folder: Path, said: str) -> None:
    (folder / "test.yaml").write_text(said, encoding="utf-8")
    with pytest.raises((SuiteFaults, SuiteIsEmpty)):
        expected_of(NOW)


def test_a_suite_of_another_survey_and_an_id_that_stands_twice_are_errors(folder: Path) -> None:
    one = expectation("ratio", of="a", to="b", max=3)
    with pytest.raises(SuiteFaults, match="not what the file is called"):
        read_suite(written(folder, one, survey="annan"))
    with pytest.raises(SuiteFaults, match="more than once: prov"):
        read_suite(written(folder, one, one))


def test_a_file_that_is_not_there_is_an_error_and_a_survey_without_a_suite_is_none(folder: Path) -> None:
    with pytest.raises(NoSuchSuite):
        read_suite(folder / "test.yaml")
    assert expected_of(NOW) == ()


def test_a_suite_that_does_not_fit_holds_the_part(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("ratio", of="a", to="c", max=3), expectation("parts_add_up", id="annan", indicator="x"))
    with pytest.raises(SuiteDoesNotFit) as caught:
        expected_of(NOW)
    assert len(caught.value.unknown) == 2
    (result,) = audited(answered(tmp_path, NOW, {"14": {"a": 1}}), NOW)
    assert (result.severity, result.success) == ("critical", False)
    assert "P051" in str(result.observed)


def test_an_expectation_is_asked_of_its_years_only(folder: Path) -> None:
    suite = read_suite(written(folder, expectation("ratio", of="a", to="finns_inte", max=3, since=2024)))
    assert expected_of(NOW) == ()
    assert never_asked(suite, [2022, 2023]) == ["prov"]
    assert never_asked(suite, [2023, 2024]) == []


# What they find.


def test_a_result_says_where_it_comes_from_and_why_it_is_expected(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("ratio", severity="critical", of="a", to="b", max=3))
    landing = answered(tmp_path, NOW, {"14": {"a": 7, "b": 2}, "01": {"a": 1, "b": 2}, "03": {"a": 9, "b": 0}})
    docs = DataDocs(tmp_path / "docs")
    results = audited(landing, NOW, docs)
    (one,) = [each for each in results if not each.success and each.severity == "critical"]
    assert (one.origin, one.check, one.observed, one.elements) == ("handwritten", "prov", "14", 2)
    assert one.reason is not None and one.reason.sv == "Därför"
    assert {each.origin for each in results} == {"table", "check", "handwritten"}
    pages = [page.read_text(encoding="utf-8") for page in docs.write().parent.rglob("*.html")]
    assert any("[prov] Därför" in page for page in pages)


def test_the_countrys_level_is_looked_at_when_enough_have_answered(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("national_level", indicator="antal", max=100, least_answered=0.5))
    landing = answered(tmp_path, NOW, {unit: {"a": 11} for unit in regions(10)})
    assert told(landing, NOW) == (True, None, 0)
    landing.sent_all(NOW, {unit: {"a": 11} for unit in regions(11)}, NOON + timedelta(hours=1))
    assert told(landing, NOW) == (False, "region", 1)


def test_categories_that_come_to_more_than_there_are_units_are_found(folder: Path, tmp_path: Path) -> None:
    several = item("plan", "several_of", options=options("ja", "nej"))
    q = questionnaire(several, indicators=[indicator("per_plan", breakdown="plan")])
    written(folder, expectation("categories_add_up", indicator="per_plan", max=21))
    landing = answered(tmp_path, q, {unit: {"plan": ["ja"]} for unit in regions(21)})
    assert told(landing, q) == (True, None, 1)
    landing.sent(q, "14", {"plan": ["ja", "nej"]}, NOON + timedelta(hours=1))
    assert told(landing, q) == (False, "region", 1)


def test_regions_that_do_not_add_up_to_the_country_are_found(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("parts_add_up", indicator="antal"))
    landing = answered(tmp_path, NOW, {unit: {"a": 11} for unit in regions(3)})
    assert told(landing, NOW) == (True, None, 1)
    with candidate(landing.connection, landing.definitions, NOON) as work:
        work.execute("UPDATE figure SET numerator = 40 WHERE indicator_id = 'antal' AND level = 'country'")
        (one,) = [each for each in audit(work, NOW, NOON) if each.origin == "handwritten"]
    assert (one.success, one.observed) == (False, "region")


def test_a_number_far_from_the_inhabitants_is_found(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("per_inhabitant", item="a", per=1000, max=10))
    assert told(answered(tmp_path, NOW, {"14": {"a": 10_000}, "09": {"a": 10_000}}), NOW) == (False, "09", 2)


def test_one_unit_with_too_much_of_the_country_is_found(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("share_of_country", unit="14", item="a", max=0.3))
    landing = answered(tmp_path, NOW, {unit: {"a": 100 if unit == "14" else 1} for unit in regions(21)})
    assert told(landing, NOW) == (False, "14", 1)


def test_round_numbers_are_found(folder: Path, tmp_path: Path) -> None:
    written(folder, expectation("round_numbers", item="a", multiple_of=100, max=0.5))
    landing = answered(tmp_path, NOW, {unit: {"a": 100 * n + (n < 4)} for n, unit in enumerate(regions(12), start=1)})
    assert told(landing, NOW) == (False, "a", 1)


def _two_years(
    then: str, now: str, count: int = 12
) -> tuple[Questionnaire, Questionnaire, dict[str, Any], dict[str, Any]]:
    before = questionnaire(PLAN, year=2022)
    after = questionnaire({**PLAN, "lineage": {"kind": "same", "items": ["plan"]}}, year=2023)
    units = regions(count)
    return before, after, {unit: {"plan": then} for unit in units}, {unit: {"plan": now} for unit in units}


@pytest.mark.parametrize(("then", "now", "holds"), [("ja", "nej", False), ("nej", "ja", True), ("ja", "ja", True)])
def test_a_step_back_is_found(folder: Path, tmp_path: Path, then: str, now: str, holds: bool) -> None:
    before, after, was, then_is = _two_years(then, now, count=1)
    written(folder, expectation("no_step_back", item="plan", before=["ja"], now=["nej"]))
    landing = Landing(tmp_path, before, after)
    landing.sent_all(before, was, NOON - timedelta(days=365))
    landing.sent_all(after, then_is)
    assert told(landing, after) == (holds, None if holds else "01", 1)


def test_a_distribution_that_leaps_is_found_and_both_options_are_named(folder: Path, tmp_path: Path) -> None:
    before, after, was, then_is = _two_years("ja", "nej")
    written(folder, expectation("distribution", item="plan", max_points=30))
    landing = Landing(tmp_path, before, after)
    landing.sent_all(before, was, NOON - timedelta(days=365))
    landing.sent_all(after, then_is)
    assert told(landing, after) == (False, "ja, nej", 2)


def test_coverage_is_looked_at_when_the_round_has_closed(folder: Path, tmp_path: Path) -> None:
    q = NOW.model_copy(update={"status": "published"})
    written(folder, expectation("coverage", units="region", min=0.5))
    landing = answered(tmp_path, q, {"14": {"a": 1}})
    times = {
        "opens_at": NOON - timedelta(days=2),
        "due_at": NOON + timedelta(days=1),
        "closes_at": NOON + timedelta(days=2),
    }
    assert told(landing, q) == (False, "00", 1)
    landing.happened(RoundOpened(survey="test", year=2023, **times))
    assert told(landing, q) == (True, None, 0)


def test_units_that_no_longer_answer_are_found(folder: Path, tmp_path: Path) -> None:
    before, after, was, now = _two_years("ja", "ja")
    after = after.model_copy(update={"status": "published"})
    written(folder, expectation("kept_answering", units="region", min=0.9))
    landing = Landing(tmp_path, before, after)
    landing.sent_all(before, was, NOON - timedelta(days=365))
    landing.sent_all(after, dict(list(now.items())[:6]))
    assert told(landing, after) == (False, "region", 1)


def test_a_programme_that_many_name_and_nobody_registered_is_found(folder: Path, tmp_path: Path) -> None:
    roster = item("program", "roster", register="programme", items=[item("program", "text")])
    q = questionnaire(roster)
    written(folder, expectation("known_programmes", item="program.program", named_by=2))
    rows = {"program": [{"program": "Oroshjälpen"}]}
    landing = answered(tmp_path, q, {"14": rows})
    assert told(landing, q)[0]
    landing.sent(q, "01", rows)
    assert not told(landing, q)[0]


def test_a_figure_far_from_what_was_published_is_found(folder: Path, tmp_path: Path) -> None:
    figure = indicator("bup_besok", numerator={"kind": "sum", "items": ["a"]})
    q = questionnaire(item("a"), survey="psykiatrin", year=2022, indicators=[figure])
    one = expectation("near_published", indicator="bup_besok", within=0.1)
    written(folder, one, survey="psykiatrin").rename(folder / "psykiatrin.yaml")
    landing = answered(tmp_path, q, {unit: {"a": 1_134_000 // 21} for unit in regions(21)})
    assert told(landing, q) == (True, None, 1)
    landing.sent(q, "14", {"a": 500_000}, NOON + timedelta(hours=1))
    assert told(landing, q) == (False, "region", 1)
