"""A later year as changes to an earlier one: what is kept, what is not, and what each item says of its past."""

from pathlib import Path

import pytest

from surveys.definition import read_definition
from surveys.questionnaire import Item, Lineage, Questionnaire
from tests.surveys.definition_files import FIRST_YEAR, NEXT_YEAR, write

_HEAD = "survey: tiny\nyear: 2023\nstatus: open\nbased_on: 2022\n"


def changed(folder: Path, *entries: str, head: str = _HEAD) -> Questionnaire:
    text = head + "changes:\n" + "".join(f"  - {entry}\n" for entry in entries)
    return read_definition(write(folder, FIRST_YEAR, text)[-1])


def item(q: Questionnaire, address: str) -> Item:
    return q.items[address]


def test_what_no_change_mentions_is_the_same(tmp_path: Path) -> None:
    first, second = (read_definition(path) for path in write(tmp_path, FIRST_YEAR, NEXT_YEAR))
    assert item(second, "fordon").lineage == Lineage(kind="same", items=("fordon",))
    assert item(second, "lista.skede").lineage == Lineage(kind="same", items=("lista.skede",))
    assert item(second, "fordon").label == item(first, "fordon").label
    assert [one.id for one in second.checks] == [one.id for one in first.checks]
    assert second.indicators == first.indicators


def test_in_the_first_year_every_item_is_new(tmp_path: Path) -> None:
    first = read_definition(write(tmp_path, FIRST_YEAR)[0])
    assert {one.lineage.kind for one in first.items.values()} == {"new"}
    assert first.based_on is None


def test_the_reference_year_moves_on_with_the_survey(tmp_path: Path) -> None:
    assert changed(tmp_path).reference_year == 2023
    assert changed(tmp_path, head=_HEAD + "reference_year: 2022\n").reference_year == 2022


def test_an_added_item_stands_where_it_is_said(tmp_path: Path) -> None:
    bil = "{id: bil, type: integer, label: {sv: Bil, en: Car}}"
    after = changed(tmp_path, f"{{add_item: {bil}, section: lage, after: status}}")
    last = changed(tmp_path, f"{{add_item: {bil}, section: lage}}")
    column = changed(tmp_path, f"{{add_item: {bil}, roster: lista, after: lista.program}}")
    assert [one.id for one in after.sections[0].items][:2] == ["status", "bil"]
    assert last.sections[0].items[-1].id == "bil"
    assert [one.id for one in item(column, "lista").items] == ["program", "bil", "skede", "antal"]
    assert item(after, "bil").lineage.kind == "new"


def test_a_removed_item_takes_its_own_checks_along(tmp_path: Path) -> None:
    q = changed(
        tmp_path, "{remove_check: fordon.less_or_equal}", "{remove_item: enheter, note: {sv: Räcker, en: Enough}}"
    )
    assert "enheter" not in q.items
    assert [one.id for one in q.checks] == ["lista.unique_rows"]
    assert q.removed["enheter"].sv == "Räcker"


def test_a_renamed_item_keeps_its_concept_and_its_checks(tmp_path: Path) -> None:
    entry = "{change_item: enheter, to: {id: antal_enheter}, lineage: {kind: reworded}}"
    q = changed(tmp_path, entry, "{change_check: fordon.less_or_equal, to: {larger: antal_enheter}}")
    renamed = item(q, "antal_enheter")
    assert (renamed.concept, renamed.lineage.items) == ("enheter", ("enheter",))
    assert "antal_enheter.range" in [one.id for one in q.checks]


def test_an_item_added_in_place_of_a_removed_one_keeps_the_concept(tmp_path: Path) -> None:
    new = "{id: fri_text, type: text, label: {sv: Fri text, en: Free text}}"
    lineage = "{kind: reworded, items: [fritt]}"
    q = changed(tmp_path, "{remove_item: fritt}", f"{{add_item: {new}, section: lage, lineage: {lineage}}}")
    assert item(q, "fri_text").concept == "fritt"


def test_a_replaced_list_of_options_reaches_every_item_that_names_it(tmp_path: Path) -> None:
    head = _HEAD + (
        "options:\n  steg:\n    - {code: planeras, label: {sv: Planeras, en: Planned}}\n"
        "    - {code: i_drift, label: {sv: I drift, en: In operation}}\n"
        "    - {code: slut, label: {sv: Slut, en: Over}}\n"
    )
    reworded = [f"{{change_item: {one}, to: {{}}, lineage: {{kind: reworded}}}}" for one in ("status", "lista.skede")]
    q = changed(tmp_path, *reworded, head=head)
    assert [[one.code for one in item(q, address).options] for address in ("status", "lista.skede")] == [
        ["planeras", "i_drift", "slut"]
    ] * 2


def test_checks_and_indicators_change_by_their_ids(tmp_path: Path) -> None:
    q = changed(
        tmp_path,
        "{change_check: enheter.range, to: {max: 99}}",
        "{add_check: {kind: range, item: fordon, min: 0}}",
        "{remove_check: lista.unique_rows}",
        "{change_indicator: andel, to: {decimals: 0}}",
    )
    assert {one.id for one in q.checks} == {"enheter.range", "fordon.less_or_equal", "fordon.range"}
    assert next(one for one in q.checks if one.id == "enheter.range").max == 99  # type: ignore[union-attr]
    assert q.indicators[0].decimals == 0
    assert changed(tmp_path, "{remove_indicator: andel}").indicators == ()


def test_sections_come_and_go(tmp_path: Path) -> None:
    section = "{id: mitt, title: {sv: M, en: M}, items: [{id: m, type: text, label: {sv: M, en: M}}]}"
    q = changed(
        tmp_path,
        f"{{add_section: {section}, after: lage}}",
        "{remove_check: lista.unique_rows}",
        "{remove_section: rader}",
    )
    assert [one.id for one in q.sections] == ["lage", "mitt"]
    assert item(q, "m").lineage.kind == "new"


def test_the_year_before_is_as_it_was(tmp_path: Path) -> None:
    path = write(tmp_path, FIRST_YEAR)[0]
    before = read_definition(path).fingerprint
    changed(tmp_path, "{remove_item: fritt}", "{change_check: enheter.range, to: {max: 99}}")
    assert read_definition(path).fingerprint == before


@pytest.mark.parametrize(
    ("entry", "moves"),
    [
        ("{change_item: fritt, to: {label: {sv: Nytt, en: New}}, lineage: {kind: reworded}}", True),
        ("{change_check: enheter.range, to: {max: 99}}", True),
        ("{change_indicator: andel, to: {decimals: 0}}", False),
    ],
)
def test_the_fingerprint_moves_with_what_is_asked(entry: str, moves: bool, tmp_path: Path) -> None:
    assert (changed(tmp_path, entry).fingerprint != changed(tmp_path).fingerprint) is moves
