"""What is wrong with a file as such, with the folder it lies in, and with the year it builds on."""

from pathlib import Path

from surveys.definition import check_path
from tests.surveys.definition_files import FIRST_YEAR, NEXT_YEAR, altered, write


def codes_in(path: Path) -> list[tuple[str, int, str]]:
    return [(Path(fault.file).name, fault.line, fault.code) for fault in check_path(path)]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert codes_in(tmp_path / "2022.yaml") == [("2022.yaml", 1, "S101")]


def test_a_folder_without_definitions_is_told(tmp_path: Path) -> None:
    assert codes_in(tmp_path) == [(tmp_path.name, 1, "S101")]


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_bytes("title: Läge".encode("latin-1"))
    assert codes_in(tmp_path / "2022.yaml") == [("2022.yaml", 1, "S101")]


def test_a_file_that_holds_no_mapping_is_told(tmp_path: Path) -> None:
    (tmp_path / "2022.yaml").write_text("- tiny\n")
    (tmp_path / "2023.yaml").write_text("")
    assert codes_in(tmp_path) == [("2022.yaml", 1, "S104"), ("2023.yaml", 1, "S104")]


def test_a_file_named_otherwise_than_its_year_is_told(tmp_path: Path) -> None:
    (path,) = write(tmp_path, FIRST_YEAR)
    renamed = path.rename(path.with_name("2021.yaml"))
    assert codes_in(renamed) == [("2021.yaml", 2, "S107")]


def test_two_files_of_one_year_are_told(tmp_path: Path) -> None:
    (path,) = write(tmp_path, FIRST_YEAR)
    path.with_suffix(".yml").write_text(FIRST_YEAR, encoding="utf-8")
    assert codes_in(tmp_path) == [("2022.yml", 2, "S107"), ("2022.yml", 2, "S109")]


def test_changes_build_on_the_nearest_year(tmp_path: Path) -> None:
    later = NEXT_YEAR.replace("2023", "2024").replace("changes:", "changes: []\nx_changes:")
    later = later[: later.index("x_changes:")]
    *_, path = write(tmp_path, FIRST_YEAR, NEXT_YEAR, later)
    assert codes_in(path) == [("2024.yaml", 4, "S181")]


def test_a_published_year_builds_on_a_published_one(tmp_path: Path) -> None:
    first = altered(FIRST_YEAR, "status: published", "status: open")
    *_, path = write(tmp_path, first, altered(NEXT_YEAR, "status: open", "status: published"))
    assert codes_in(path) == [("2023.yaml", 3, "S187")]


def test_an_inherited_text_that_names_a_year_is_told(tmp_path: Path) -> None:
    first = altered(FIRST_YEAR, "{sv: Läget i dag, en: The situation today}", "{sv: Hela 2022, en: All 2022}")
    *_, path = write(tmp_path, first, NEXT_YEAR)
    assert codes_in(path) == [("2023.yaml", 2, "S188")]
    own = altered(NEXT_YEAR, "status: open", "status: open\nreference_period: {sv: Hela 2023, en: All 2023}")
    *_, path = write(tmp_path, first, own)
    assert codes_in(path) == []


def test_a_mistake_in_the_year_before_is_told_once(tmp_path: Path) -> None:
    first = altered(FIRST_YEAR, "larger: enheter}", "larger: enhter}")
    *_, path = write(tmp_path, first, NEXT_YEAR)
    assert [(name, code) for name, _, code in codes_in(path)] == [("2022.yaml", "S150")]
    assert codes_in(path) == codes_in(tmp_path)


def test_mistakes_of_both_years_are_told_together(tmp_path: Path) -> None:
    first = altered(FIRST_YEAR, "larger: enheter}", "larger: enhter}")
    *_, path = write(tmp_path, first, altered(NEXT_YEAR, "after: enheter", "after: enhter"))
    assert [(name, code) for name, _, code in codes_in(path)] == [("2022.yaml", "S150"), ("2023.yaml", "S184")]


def test_a_year_before_that_is_no_yaml_is_told_alone(tmp_path: Path) -> None:
    *_, path = write(tmp_path, altered(FIRST_YEAR, "title: {sv: Liten, en: Tiny}", "title: ["), NEXT_YEAR)
    assert [(name, code) for name, _, code in codes_in(path)] == [("2022.yaml", "S102")]
