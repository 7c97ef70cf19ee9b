"""An item's way through the years."""

from pathlib import Path
from typing import get_args

import pytest

from surveys.catalogue import Catalogue
from surveys.errors import UnknownItem
from surveys.lineage import comparable_from, is_break, steps
from surveys.questionnaire import LineageKind
from tests.surveys.definition_files import FIRST_YEAR, write

_LATER = "survey: tiny\nyear: {year}\nstatus: open\nbased_on: {base}\nchanges:\n{changes}"


def three_years(folder: Path, *changes: tuple[int, int, str]) -> Catalogue:
    write(folder, FIRST_YEAR, *(_LATER.format(year=year, base=base, changes=text) for year, base, text in changes))
    return Catalogue(folder)


RENAMED = "  - {change_item: fritt, to: {id: fri}, lineage: {kind: reworded}}\n"
SPLIT = "  - {change_item: fri, to: {help: {sv: Ny, en: New}}, lineage: {kind: split}}\n"
MERGED = """\
  - {remove_item: fri}
  - {remove_item: sist}
  - add_item: {id: allt, type: text, label: {sv: Allt, en: All}}
    section: lage
    lineage: {kind: merged, items: [fri, sist]}
"""


def test_steps_follow_an_item_under_its_older_names(tmp_path: Path) -> None:
    catalogue = three_years(tmp_path, (2023, 2022, RENAMED), (2026, 2023, ""))
    found = [(step.year, step.address, step.lineage.kind) for step in steps(catalogue, "tiny", 2026, "fri")]
    assert found == [(2026, "fri", "same"), (2023, "fri", "reworded"), (2022, "fritt", "new")]


def test_a_merged_item_leads_to_each_of_those_before(tmp_path: Path) -> None:
    catalogue = three_years(tmp_path, (2023, 2022, RENAMED), (2026, 2023, MERGED))
    found = [(step.year, step.address) for step in steps(catalogue, "tiny", 2026, "allt")]
    assert found == [(2026, "allt"), (2023, "fri"), (2023, "sist"), (2022, "fritt"), (2022, "sist")]


@pytest.mark.parametrize(
    ("last", "address", "first"), [("", "fri", 2022), (SPLIT, "fri", 2026), (MERGED, "allt", 2026)]
)
def test_answers_compare_back_to_the_last_break(last: str, address: str, first: int, tmp_path: Path) -> None:
    catalogue = three_years(tmp_path, (2023, 2022, RENAMED), (2026, 2023, last))
    assert comparable_from(catalogue, "tiny", address) == first


def test_an_item_that_is_gone_compares_up_to_its_last_year(tmp_path: Path) -> None:
    assert comparable_from(three_years(tmp_path, (2023, 2022, RENAMED)), "tiny", "fritt") == 2022


def test_only_same_and_reworded_are_no_break() -> None:
    assert [kind for kind in get_args(LineageKind) if not is_break(kind)] == ["same", "reworded"]


def test_an_unknown_item_is_told(tmp_path: Path) -> None:
    catalogue = three_years(tmp_path)
    with pytest.raises(UnknownItem, match="S003 tiny/2022, nothing"):
        steps(catalogue, "tiny", 2022, "nothing")
    with pytest.raises(UnknownItem):
        comparable_from(catalogue, "tiny", "nothing")
