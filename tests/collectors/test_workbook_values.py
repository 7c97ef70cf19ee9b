"""What a cell says: every way people write an answer is read, or asked about."""

from datetime import date, datetime, time
from typing import Any

import pytest

from collectors.workbook_layout import Slot
from collectors.workbook_values import CellFault, Content, from_cells, to_cells
from surveys.questionnaire import Item
from tests.collectors.build import trial_catalogue

ITEMS = trial_catalogue().get("prov", 2026).items


def read(name: str, value: Any, as_percentage: bool = False) -> Any:
    return from_cells(ITEMS[name], {"": Content(value, as_percentage)})


@pytest.mark.parametrize(
    ("item", "value", "answer"),
    [
        ("enheter", 3, 3),
        ("enheter", 3.0, 3),
        ("enheter", "3", 3),
        ("enheter", " 1 234 ", 1234),
        ("enheter", "1\u00a0234", 1234),
        ("enheter", 2.5, 2.5),
        ("kostnad", "12,5", 12.5),
        ("kostnad", "12.5", 12.5),
        ("kostnad", "1 234,50", 1234.5),
        ("kostnad", "-3,5", -3.5),
        ("andel", "45,5 %", 45.5),
        ("startar", "2019", 2019),
        ("antagen", datetime(2024, 2, 29), "2024-02-29"),
        ("antagen", date(2024, 2, 29), "2024-02-29"),
        ("antagen", "2024-02-29", "2024-02-29"),
        ("beslutat", "JA", True),
        ("beslutat", " nej ", False),
        ("beslutat", True, True),
        ("lage", "I drift", "i_drift"),
        ("lage", "i  DRIFT ", "i_drift"),
        ("lage", "i_drift", "i_drift"),
        ("beskrivning", "Pa\u030a va\u0308g", "På väg"),
        ("beskrivning", "Rad\r\ntvå", "Rad\ntvå"),
        ("beskrivning", 112, "112"),
        ("beskrivning", 112.0, "112"),
        ("enheter", "  ", None),
        ("enheter", None, None),
    ],
)
def test_a_cell_is_read_as_the_answer_it_states(item: str, value: Any, answer: Any) -> None:
    assert read(item, value) == answer
    assert type(read(item, value)) is type(answer)


def test_a_share_shown_as_per_cent_by_excel_is_the_share_one_sees() -> None:
    assert read("andel", 0.455, as_percentage=True) == 45.5
    assert read("andel", 0.455) == 0.455


@pytest.mark.parametrize(
    ("item", "value", "sentence"),
    [
        ("antagen", "03/04/2024", "ambiguous_date"),
        ("antagen", "3.4.24", "ambiguous_date"),
        ("antagen", "våren 2024", "date"),
        ("antagen", 45351, "date"),
        ("antagen", datetime(2024, 2, 29, 13, 30), "date"),
        ("enheter", "1,234", "ambiguous_number"),
        ("kostnad", "12.500", "ambiguous_number"),
        ("enheter", "ca 5", "number"),
        ("enheter", "3 st", "number"),
        ("enheter", True, "number"),
        ("enheter", datetime(2024, 5, 1), "became_date"),
        ("beskrivning", datetime(2024, 5, 1), "became_date"),
        ("beskrivning", time(8, 0), "became_date"),
        ("beslutat", "kanske", "yes_or_no"),
        ("lage", "Igång", "option"),
    ],
)
def test_a_cell_that_can_be_misread_is_asked_about(item: str, value: Any, sentence: str) -> None:
    with pytest.raises(CellFault) as fault:
        read(item, value)
    assert fault.value.sentence == sentence


def hours(**days: Any) -> dict[str, Content]:
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "stängt") | days
    return {day: Content(value) for day, value in week.items()}


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("08:00-17:00", {"from": "08:00", "to": "17:00"}),
        ("8-17", {"from": "08:00", "to": "17:00"}),
        ("8.30 – 17.00", {"from": "08:30", "to": "17:00"}),
        ("20-24", {"from": "20:00", "to": "00:00"}),
        ("Stängt", "closed"),
        ("sta\u0308ngt", "closed"),
        ("Dygnet runt", "24h"),
        ("24h", "24h"),
    ],
)
def test_opening_hours_are_read_as_people_write_them(value: str, answer: Any) -> None:
    assert from_cells(ITEMS["oppet"], hours(mon=value))["mon"] == answer


@pytest.mark.parametrize(
    ("value", "sentence"),
    [("förmiddag", "hours"), ("25-26", "hours"), (datetime(2024, 8, 17), "became_date"), (None, "day_missing")],
)
def test_opening_hours_that_cannot_be_read_name_the_day(value: Any, sentence: str) -> None:
    with pytest.raises(CellFault) as fault:
        from_cells(ITEMS["oppet"], hours(tue=value))
    assert (fault.value.part, fault.value.sentence) == ("tue", sentence)


def test_an_answer_and_a_reason_for_none_cannot_both_stand() -> None:
    with pytest.raises(CellFault) as fault:
        from_cells(ITEMS["enheter"], {"": Content(3), "?": Content("Vet ej")})
    assert fault.value.sentence == "both"
    assert from_cells(ITEMS["enheter"], {"": Content(None), "?": Content("vet EJ")}) == {"missing": "dont_know"}
    with pytest.raises(CellFault) as unknown:
        from_cells(ITEMS["enheter"], {"?": Content("kanske")})
    assert unknown.value.sentence == "reason"


def test_a_split_keeps_what_was_given_and_never_makes_up_a_total() -> None:
    patients = ITEMS["patienter"]
    assert from_cells(patients, {"T": Content(20)}) == {"T": 20}
    assert from_cells(patients, {"K": Content(12), "M": Content(8)}) == {"K": 12, "M": 8}
    missing = from_cells(patients, {"K": Content(12), "M?": Content("Vet ej"), "T": Content(20)})
    assert missing == {"K": 12, "M": {"missing": "dont_know"}, "T": 20}
    assert from_cells(patients, {"T?": Content("Vet ej")}) == {"missing": "dont_know"}


def test_marks_are_ja_or_an_x_and_nothing_else() -> None:
    groups = ITEMS["grupper"]
    assert from_cells(groups, {"barn": Content("x"), "vuxna": Content("Nej"), "aldre": Content(1)}) == ["barn", "aldre"]
    assert from_cells(groups, {"barn": Content("Nej")}) is None
    with pytest.raises(CellFault) as fault:
        from_cells(groups, {"barn": Content("kanske")})
    assert (fault.value.part, fault.value.sentence) == ("barn", "mark")


def test_an_option_that_is_gone_is_shown_by_its_code() -> None:
    item: Item = ITEMS["lage"]
    assert to_cells([Slot("lage", item, "", "")], "avvecklad") == {"": "avvecklad"}
