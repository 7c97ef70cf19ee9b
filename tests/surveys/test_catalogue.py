"""The catalogue, the packaged definitions and their frozen fingerprints."""

import time
from pathlib import Path

import pytest

from surveys.catalogue import Catalogue, load_catalogue, packaged_definitions
from surveys.definition import check_path
from surveys.errors import AlreadyFrozen, DefinitionFaults, NotPublished, UnknownSurvey, UnknownYear
from surveys.frozen import fingerprints, freeze, main, moved
from tests.surveys.definition_files import FIRST_YEAR, NEXT_YEAR, altered, write


def test_the_packaged_definitions_have_no_fault() -> None:
    assert [str(fault) for fault in check_path(packaged_definitions())] == []


def test_the_packaged_catalogue_has_every_mapping_and_year() -> None:
    catalogue = load_catalogue()
    assert {survey: catalogue.years(survey) for survey in catalogue.surveys()} == {
        "handlingsplaner": [2020, 2021, 2022, 2023, 2026],
        "prehospital": [2023, 2024, 2025, 2026],
        "psykiatrin": [2017, 2018, 2019, 2020, 2021, 2022, 2023, 2026],
        "sob": [2018, 2019, 2020, 2021, 2022, 2023, 2026],
        "ungdomsmottagningar": [2016, 2022, 2026],
    }


def test_published_definitions_are_as_they_were_frozen() -> None:
    assert moved(load_catalogue()) == []


def test_all_mappings_are_read_in_well_under_a_second() -> None:
    started = time.process_time()
    Catalogue(packaged_definitions()).all()
    assert time.process_time() - started < 1


def test_the_catalogue_is_the_same_object_each_time(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR)
    assert load_catalogue(tmp_path) is load_catalogue(tmp_path)
    assert load_catalogue() is load_catalogue()


def test_a_year_is_read_when_asked_for(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR, NEXT_YEAR + "    nonsense: 1\n")
    catalogue = Catalogue(tmp_path)
    assert catalogue.years("tiny") == [2022, 2023]
    assert catalogue.get("tiny", 2022) is catalogue.get("tiny", 2022)
    with pytest.raises(DefinitionFaults, match="S111"):
        catalogue.get("tiny", 2023)


def test_the_previous_year_is_the_nearest_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR, NEXT_YEAR)
    catalogue = Catalogue(tmp_path)
    previous = catalogue.previous("tiny", 2023)
    assert previous is not None
    assert (previous.year, catalogue.previous("tiny", 2022)) == (2022, None)
    assert [q.year for q in catalogue.all()] == [2022, 2023]


def test_what_is_not_defined_is_told_with_what_is(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR)
    catalogue = Catalogue(tmp_path)
    with pytest.raises(UnknownSurvey, match=r"S001 huge: .*tiny"):
        catalogue.get("huge", 2022)
    with pytest.raises(UnknownYear, match=r"S002 tiny/2021: .*2022"):
        catalogue.get("tiny", 2021)


def test_a_published_year_is_frozen_and_an_open_one_is_not(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR, NEXT_YEAR)
    catalogue = Catalogue(tmp_path)
    assert moved(catalogue) == ["tiny/2022 is published but not frozen: freeze it."]
    fingerprint = freeze(catalogue, "tiny", 2022)
    assert fingerprints(tmp_path) == {("tiny", 2022): fingerprint}
    assert moved(catalogue) == []
    with pytest.raises(NotPublished):
        freeze(catalogue, "tiny", 2023)


def test_a_frozen_year_that_changed_is_told_and_never_frozen_anew(tmp_path: Path) -> None:
    write(tmp_path, FIRST_YEAR)
    before = freeze(Catalogue(tmp_path), "tiny", 2022)
    write(tmp_path, altered(FIRST_YEAR, "min: 0, max: 50", "min: 0, max: 51"))
    (sentence,) = moved(Catalogue(tmp_path))
    assert sentence.startswith(f"tiny/2022 was frozen as {before} and is now ")
    with pytest.raises(AlreadyFrozen, match=before):
        freeze(Catalogue(tmp_path), "tiny", 2022)


def test_a_frozen_year_that_is_gone_is_told(tmp_path: Path) -> None:
    (path,) = write(tmp_path, FIRST_YEAR)
    freeze(Catalogue(tmp_path), "tiny", 2022)
    path.unlink()
    assert moved(Catalogue(tmp_path)) == ["tiny/2022 is frozen but no longer published: restore it."]


def test_the_command_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert [main([]), main(["freeze", "sob"]), main(["freeze", "sob", "2026"])] == [2, 2, 1]
    assert "S005 sob/2026" in capsys.readouterr().err
