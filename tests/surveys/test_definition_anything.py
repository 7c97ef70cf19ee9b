"""Whatever an author writes in place of anything, reading tells what is wrong and never breaks."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.definition import check_path
from surveys.faults import Fault
from tests.surveys.definition_files import FIRST_YEAR, NEXT_YEAR, write

_MORE_CHANGES = """\
  - {add_check: {kind: length, item: fritt, max: 3}}
  - {remove_check: lista.unique_rows}
  - {change_check: enheter.range, to: {max: 60}}
  - {change_indicator: andel, to: {decimals: 0}}
  - {add_section: {id: ny, title: {sv: N, en: N}, items: [{id: n, type: text, label: {sv: N, en: N}}]}, after: lage}
  - {add_item: {id: kol, type: text, label: {sv: N, en: N}}, roster: lista, after: program}
  - {remove_item: slut, note: {sv: a, en: b}}
"""
_JUNK: list[Any] = [None, [], {}, "x", -1, True, [1], {"sv": 1}, ["a", {"b": []}], "status", 2.5]
_Path = tuple[str | int, ...]


def read(text: str) -> Any:
    return yaml.load(text, yaml.CSafeLoader)


def places(value: Any, above: _Path = ()) -> Iterator[_Path]:
    """The path to everything in a document."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in parts:
        yield (*above, key)
        yield from places(one, (*above, key))


FIRST, NEXT = read(FIRST_YEAR), read(NEXT_YEAR + _MORE_CHANGES)
PLACES = [(FIRST, place) for place in places(FIRST)] + [(NEXT, place) for place in places(NEXT)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("anything")


def faults_with(folder: Path, document: Any, place: _Path, junk: Any) -> list[Fault]:
    spoilt = copy.deepcopy(document)
    parent = spoilt
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = junk
    text = yaml.safe_dump(spoilt, allow_unicode=True, sort_keys=False)
    first, path = write(folder, FIRST_YEAR, NEXT_YEAR)
    target = first if document is FIRST else path
    target.write_text(text, encoding="utf-8")
    return check_path(target)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(_JUNK))
def test_anything_in_place_of_anything_is_told_in_both_languages(
    folder: Path, where: tuple[Any, _Path], junk: Any
) -> None:
    for fault in faults_with(folder, *where, junk):
        assert fault.line > 0
        assert fault.now != fault.remedy("sv")
