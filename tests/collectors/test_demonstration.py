"""The demonstration: what its answers hold to, the same every time, and through the same door as real ones."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.demonstration import clinics
from collectors.demonstration.calibration import BySex, on_the_way, shared_out
from collectors.demonstration.fill import fill, sign_in_link
from collectors.demonstration.plan import OPEN_YEAR
from collectors.demonstration.schedule import past_round
from collectors.demonstration.timeline import MAPPINGS, Moment, timeline
from collectors.gate import Gate, open_gate
from collectors.receive import Request
from collectors.signin import SignIn
from infra.event_log import ADMINISTRATION, RESPONSES
from infra.settings import Settings
from surveys.catalogue import load_catalogue
from surveys.checks import Context, Failure, checker
from surveys.event_data import ResponseSubmitted, RoundOpened
from surveys.events import Event, decode
from surveys.population import NoPopulation, population
from surveys.registers import entry_id
from surveys.rounds import start_of
from surveys.units import UnitRegister, reference_units

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = NOW.date()
CATALOGUE = load_catalogue()
PARTS = [(survey, year) for survey in MAPPINGS for year in CATALOGUE.years(survey)]


@lru_cache(maxsize=1)
def moments() -> list[Moment]:
    return timeline(CATALOGUE, TODAY)


def requests(survey: str, year: int) -> list[Request]:
    sent = (one.what for one in moments() if isinstance(one.what, Request))
    return [request for request in sent if (request.survey, request.year) == (survey, year)]


def last_answers(survey: str, year: int) -> dict[str, dict[str, Any]]:
    return {request.unit: request.answers for request in requests(survey, year)}


# Sharing out

weights = st.dictionaries(st.text(min_size=1, max_size=2), st.floats(0.01, 100), min_size=1, max_size=21)


@given(st.integers(0, 5_000_000), weights)
def test_shares_are_whole_and_add_up_and_none_is_off_by_one(total: int, by_unit: dict[str, float]) -> None:
    shares = shared_out(total, by_unit)
    whole = sum(by_unit.values())
    assert sum(shares.values()) == total
    assert all(abs(shares[unit] - total * weight / whole) < 1.001 for unit, weight in by_unit.items())


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.floats(0, 1))
def test_a_part_never_has_more_of_a_sex_than_the_whole(women: int, men: int, share: float) -> None:
    whole = BySex(women, men)
    part = whole.part(int(whole.total * share))
    assert part.total == int(whole.total * share)
    assert 0 <= part.women <= women and 0 <= part.men <= men


@pytest.mark.parametrize(("year", "value"), [(2015, 10), (2017, 10), (2019, 20), (2021, 30), (2024, 30)])
def test_a_year_between_two_known_ones_lies_between_them(year: int, value: float) -> None:
    assert on_the_way({2017: 10, 2021: 30}, year) == value


# The answers


def test_every_year_of_every_mapping_is_answered() -> None:
    assert sorted(MAPPINGS) == CATALOGUE.surveys()
    assert [part for part in PARTS if not requests(*part)] == []


@pytest.mark.parametrize(("survey", "year"), PARTS)
def test_no_answer_fails_a_hard_check_and_few_a_soft_one(survey: str, year: int) -> None:
    failures = [failure for request in requests(survey, year) for failure in _failures(request)]
    assert [failure for failure in failures if failure.severity == "hard"] == []
    assert len(failures) <= max(6, len(requests(survey, year)) // 7)


def test_some_answers_are_unusual_and_have_to_be_explained() -> None:
    soft = Counter(failure.check for part in PARTS for request in requests(*part) for failure in _failures(request))
    assert {"giltig_plan_passerad", "vuxen_vardplatser.change_against_last_year", "vantetid_lang"} <= soft.keys()


def _failures(request: Request) -> list[Failure]:
    q = CATALOGUE.get(request.survey, request.year)
    earlier = CATALOGUE.previous(request.survey, request.year)
    before = last_answers(request.survey, earlier.year).get(request.unit) if earlier else None
    region = request.unit[3:5] if request.unit.startswith("um-") else request.unit[:2]
    kommuner = frozenset(unit.unit_id for unit in UnitRegister(reference_units()).kommuner(region))
    context = Context(request.unit, kommuner, before, _inhabitants(request.unit, q.reference_year))
    return checker(q, _kind(request.unit)).failures(request.answers, context)


def _inhabitants(unit: str, year: int) -> int | None:
    try:
        return round(population(unit, year).persons)
    except NoPopulation:
        return None


def _kind(unit: str) -> str:
    return {2: "region", 4: "kommun"}.get(len(unit), "mottagning")


def test_gotland_has_no_forensic_care_and_does_not_split_by_sex() -> None:
    for year in CATALOGUE.years("psykiatrin")[:-1]:
        answers = last_answers("psykiatrin", year)["09"]
        assert answers["ratt_vard"] is False
        assert not [item for item in answers if item.startswith("ratt_") and item != "ratt_vard"]
        assert answers["bup_patienter"].keys() == {"T"}
        assert answers["bup_vardplatser"] == {"missing": "not_applicable"}


def test_unknown_not_applicable_and_unanswered_items_occur() -> None:
    answers = [request.answers for part in PARTS for request in requests(*part)]
    reasons = Counter(
        value["missing"] for one in answers for value in one.values() if isinstance(value, dict) and "missing" in value
    )
    assert reasons["dont_know"] > 100 and reasons["not_applicable"] > 100
    assert (
        0 < sum("varddagar" in name for one in answers for name in one) < sum("bup_besok" in one for one in answers) * 3
    )


@pytest.mark.parametrize(
    ("survey", "units"),
    [
        ("prehospital", 21),
        ("sob", 21),
        ("psykiatrin", 21),
        ("handlingsplaner", 311),
        ("ungdomsmottagningar", 269),
    ],
)
def test_about_a_third_has_answered_the_open_round(survey: str, units: int) -> None:
    assert 0.3 <= len(requests(survey, OPEN_YEAR)) / units <= 0.4


def test_vastra_gotaland_has_not_answered_the_open_prehospital_round() -> None:
    assert "14" not in last_answers("prehospital", OPEN_YEAR)


def test_units_are_missing_and_the_three_modes_are_used() -> None:
    assert len(last_answers("prehospital", 2023)) == 20
    assert {request.mode for part in PARTS for request in requests(*part)} >= {"web", "excel", "api"}


def test_267_clinics_exist_in_2016_in_kommuner_of_their_region() -> None:
    existing = clinics.existing(date(2016, 12, 31))
    known = {unit.unit_id: unit for unit in reference_units()}
    assert len(existing) == 267
    assert len({clinic.name for clinic in existing}) == 267
    assert all(known[clinic.parent_id or ""].region_code == clinic.region_code for clinic in existing)
    assert {clinic.valid_to for clinic in clinics.existing(date(2017, 1, 1))} > {None}


def test_a_programme_has_one_name_in_the_register() -> None:
    names = {row["program"] for year in CATALOGUE.years("sob") for one in requests("sob", year)
             for row in one.answers["program"]}  # fmt: skip
    assert len({entry_id(name) for name in names}) == len(names)


# The timeline


def test_things_happen_in_order_and_before_the_day_it_is_run() -> None:
    times = [moment.at for moment in moments()]
    assert times == sorted(times)
    assert times[-1].date() < TODAY


def test_another_day_moves_nothing_but_the_open_rounds() -> None:
    def settled(found: list[Moment]) -> list[Moment]:
        return [one for one in found if getattr(one.what, "year", None) != OPEN_YEAR]

    later = timeline(CATALOGUE, TODAY + timedelta(days=40))
    assert settled(later) == settled(moments())
    assert Counter(_said(one) for one in later) == Counter(_said(one) for one in moments())


def _said(moment: Moment) -> str:
    return moment.what.content if isinstance(moment.what, Request) else moment.what.subject


def test_some_answers_are_late_and_none_comes_after_the_round_ended() -> None:
    late = 0
    for moment in moments():
        if isinstance(moment.what, Request) and moment.what.year != OPEN_YEAR and moment.what.corrects is None:
            times = past_round(moment.what.survey, moment.what.year)
            assert times.ended is not None
            assert times.opens_at <= moment.at < start_of(times.ended)
            late += moment.at > times.due_at
    assert 50 < late < 400


DIGEST = """
from datetime import date
from hashlib import sha256
from collectors.demonstration.timeline import timeline
from surveys.catalogue import load_catalogue
print(sha256(repr(timeline(load_catalogue(), date(2026, 11, 24))).encode()).hexdigest())
"""


def test_the_same_day_gives_the_same_answers_in_another_process() -> None:
    def digest(seed: str) -> str:
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    assert digest("1") == digest("2")


# Filling


@dataclass(frozen=True)
class Filled:
    """A folder that was filled, and the lines that told of it."""

    folder: Path
    lines: tuple[str, ...]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder, lines = tmp_path_factory.mktemp("demonstration"), list[str]()
    fill(Settings(data_dir=folder), NOW, lines.append)
    return Filled(folder, tuple(lines))


def opened(folder: Path) -> Iterator[Gate]:
    gate = open_gate(Settings(data_dir=folder))
    yield gate
    gate.close()


@pytest.fixture
def gate(filled: Filled) -> Iterator[Gate]:
    yield from opened(filled.folder)


def everything(gate: Gate, topic: str) -> list[Event]:
    return [decode(stored.value) for stored in gate.log.read(topic, {}, 10_000)]


def responses(gate: Gate) -> list[ResponseSubmitted]:
    return [event.data for event in everything(gate, RESPONSES) if isinstance(event.data, ResponseSubmitted)]


def test_filling_tells_each_year_and_labels_the_folder(filled: Filled) -> None:
    assert filled.lines[0] == "  2016: ungdomsmottagningar 221"
    assert [line[:6] for line in filled.lines] == sorted(line[:6] for line in filled.lines)
    label = (filled.folder / "DEMONSTRATION").read_text(encoding="utf-8")
    assert "påhittade" in label and "fictitious" in label


def test_the_log_has_every_response_with_its_simulated_time(gate: Gate) -> None:
    wanted = {one.what.submission_id: one.at for one in moments() if isinstance(one.what, Request)}
    found = {event.data.submission_id: event.time for event in everything(gate, RESPONSES)
             if isinstance(event.data, ResponseSubmitted)}  # fmt: skip
    assert found == wanted


def test_what_was_unusual_is_explained_in_the_log(gate: Gate) -> None:
    explained = Counter(check for response in responses(gate) for check in response.explanations)
    assert explained["giltig_plan_passerad"] > 3
    assert sum(explained.values()) < 120


def test_corrections_after_closing_name_what_they_correct_and_why(gate: Gate) -> None:
    corrections = [one for one in responses(gate) if one.corrects]
    assert {one.survey for one in corrections} == set(MAPPINGS)
    assert all(one.reason and one.corrects == f"{one.submission_id[:-1]}1" for one in corrections)
    early_2021 = [one.unit for one in corrections if (one.survey, one.year) == ("psykiatrin", 2017)]
    assert early_2021 == ["01", "05", "12", "19", "24"]


def test_past_rounds_are_closed_and_those_of_this_year_open(gate: Gate) -> None:
    rounds = {(one.survey, one.year): one for one in gate.administration.current().rounds}
    states = {part: rounds[part].state(NOW) for part in PARTS}
    assert states == {part: "open" if part[1] == OPEN_YEAR else "closed" for part in PARTS}
    prehospital = rounds["prehospital", OPEN_YEAR]
    assert NOW - prehospital.opens_at > timedelta(days=14) and prehospital.due_at > NOW


def test_a_second_run_adds_nothing_whatever_the_day(filled: Filled, gate: Gate) -> None:
    before = gate.log.ends(RESPONSES), gate.log.ends(ADMINISTRATION)
    lines: list[str] = []
    for day in (NOW, NOW + timedelta(days=3)):
        fill(Settings(data_dir=filled.folder), day, lines.append)
    assert (gate.log.ends(RESPONSES), gate.log.ends(ADMINISTRATION)) == before
    assert lines == []


def test_a_folder_from_long_ago_gets_open_rounds_again(filled: Filled, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(filled.folder, folder)
    later = NOW + timedelta(days=100)
    fill(Settings(data_dir=folder), later, lambda _line: None)
    for gate in opened(folder):
        rounds = [one for one in gate.administration.current().rounds if one.year == OPEN_YEAR]
        assert [one.state(later) for one in rounds] == ["open"] * len(MAPPINGS)


def test_a_run_that_was_cut_off_is_taken_up_where_it_ended(tmp_path: Path) -> None:
    class CutOffError(Exception):
        pass

    def cut_off(line: str) -> None:
        if "2016" in line:
            raise CutOffError

    settings = Settings(data_dir=tmp_path)
    with pytest.raises(CutOffError):
        fill(settings, NOW, cut_off)
    lines: list[str] = []

    def until_2018(line: str) -> None:
        lines.append(line)
        if "2018" in line:
            raise CutOffError

    with pytest.raises(CutOffError):
        fill(settings, NOW, until_2018)
    assert lines == ["  2018: psykiatrin 21, sob 19"]


def test_a_sign_in_link_signs_in_its_unit(filled: Filled, gate: Gate) -> None:
    link = sign_in_link(Settings(data_dir=filled.folder), "http://127.0.0.1:8000", "14")
    address, _, secret = link.rpartition("/signin/")
    assert address == "http://127.0.0.1:8000"
    assert SignIn(gate.engine).begin(secret, datetime.now(UTC)).unit == "14"


def test_a_round_opened_names_the_times_of_its_schedule(gate: Gate) -> None:
    found: Mapping[tuple[str, int], RoundOpened] = {
        (event.data.survey, event.data.year): event.data
        for event in everything(gate, ADMINISTRATION)
        if isinstance(event.data, RoundOpened)
    }
    assert found["prehospital", 2023].due_at == past_round("prehospital", 2023).due_at
    assert len(found) == len(PARTS)
