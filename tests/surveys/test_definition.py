"""Reading a definition: what it becomes, and every mistake an author can make in it."""

from pathlib import Path

import pytest

from surveys.catalogue import packaged_definitions
from surveys.definition import check_path, read_definition
from surveys.errors import DefinitionFaults
from surveys.fault_codes import CODES
from tests.surveys import faulty_changes, faulty_first_years
from tests.surveys.definition_files import FIRST_YEAR, NEXT_YEAR, altered, expected, write

ONE_MISTAKE = {
    name: row
    for table in (
        faulty_first_years.FILES,
        faulty_first_years.SHAPES,
        faulty_first_years.WHOLE,
        faulty_first_years.ITEMS,
        faulty_first_years.ROUTING,
        faulty_first_years.CHECKS,
        faulty_first_years.INDICATORS,
    )
    for name, row in table.items()
}


def found_in(path: Path) -> list[tuple[int, str]]:
    """(line, code) of the faults of one file itself."""
    found = [fault for fault in check_path(path) if fault.file == str(path)]
    assert [fault.line for fault in found] == sorted(fault.line for fault in found), "not from the top"
    return sorted((fault.line, fault.code) for fault in found)


def test_a_sound_definition_has_no_fault(tmp_path: Path) -> None:
    paths = write(tmp_path, FIRST_YEAR, NEXT_YEAR)
    assert [check_path(path) for path in paths] == [[], []]


@pytest.mark.parametrize("name", ONE_MISTAKE)
def test_a_mistake_is_told_once_on_its_line(name: str, tmp_path: Path) -> None:
    text = altered(FIRST_YEAR, *ONE_MISTAKE[name])
    (path,) = write(tmp_path, text)
    assert expected(text)
    assert found_in(path) == expected(text)


@pytest.mark.parametrize("name", faulty_first_years.SEVERAL)
def test_every_mistake_is_told_at_once(name: str, tmp_path: Path) -> None:
    text = FIRST_YEAR
    for old, new in faulty_first_years.SEVERAL[name]:
        text = altered(text, old, new)
    (path,) = write(tmp_path, text)
    assert expected(text)
    assert found_in(path) == sorted(expected(text))


@pytest.mark.parametrize("name", faulty_changes.CHANGES)
def test_a_mistake_in_a_change_is_told_once_on_its_line(name: str, tmp_path: Path) -> None:
    text = faulty_changes.CHANGES[name]
    *_, path = write(tmp_path, FIRST_YEAR, text)
    assert expected(text)
    assert found_in(path) == sorted(expected(text))
    assert {fault.file for fault in check_path(path)} == {str(path)}


def test_reading_a_faulty_definition_raises_every_fault(tmp_path: Path) -> None:
    text = altered(altered(FIRST_YEAR, "type: integer\n", "type: integr\n"), "by: [program]", "by: [progrm]")
    (path,) = write(tmp_path, text)
    with pytest.raises(DefinitionFaults) as raised:
        read_definition(path)
    assert [fault.code for fault in raised.value.faults] == ["S114", "S150"]
    assert "Did you mean `integer`?" in str(raised.value)
    assert f"{path}:18" in str(raised.value)


def test_a_fault_says_itself_in_both_languages(tmp_path: Path) -> None:
    (path,) = write(tmp_path, altered(FIRST_YEAR, "type: integer\n", "type: integr\n"))
    (fault,) = check_path(path)
    assert fault.sentence("sv").startswith(f"S114 {path}:18: `type` kan inte vara `integr`. Menade du `integer`?")
    assert str(fault).startswith(f"S114 {path}:18: `type` cannot be `integr`. Did you mean `integer`?")
    assert fault.as_json()["what_sv"] == "`type` kan inte vara `integr`."


def test_every_code_is_provoked_by_some_test() -> None:
    folder = Path(__file__).parent
    written = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    assert [code for code in CODES if code not in written] == []


def test_the_packaged_definitions_are_found() -> None:
    assert packaged_definitions().is_dir()
