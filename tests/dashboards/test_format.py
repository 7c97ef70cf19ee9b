"""Numbers and dates as a Swedish and an English reader expects them."""

from datetime import UTC, date, datetime
from typing import Literal

import pytest

from dashboards import format

HARD = "\N{NO-BREAK SPACE}"
Language = Literal["sv", "en"]


@pytest.mark.parametrize(
    ("value", "decimals", "language", "shown"),
    [
        (1234.5, 1, "sv", f"1{HARD}234,5"),
        (1234.5, 1, "en", "1,234.5"),
        (4457180, 0, "sv", f"4{HARD}457{HARD}180"),
        (0, 1, "sv", "0,0"),
        (-0.01, 1, "sv", "0,0"),
        (-2.25, 2, "en", "-2.25"),
    ],
)
def test_numbers_have_hard_spaces_and_the_languages_decimal_sign(
    value: float, decimals: int, language: Language, shown: str
) -> None:
    assert format.number(value, decimals, language) == shown


def test_a_percentage_has_its_sign_and_a_plain_number_none() -> None:
    assert format.quantity(5.59, 1, True, "sv") == f"5,6{HARD}%"
    assert format.quantity(5.59, 1, True, "en") == "5.6%"
    assert format.quantity(5.59, 1, False, "sv") == "5,6"


@pytest.mark.parametrize(
    ("difference", "is_percent", "language", "shown"),
    [
        (2.34, True, "sv", f"+2,3{HARD}procentenheter"),
        (-2.34, True, "sv", f"\N{MINUS SIGN}2,3{HARD}procentenheter"),
        (2.34, True, "en", f"+2.3{HARD}percentage points"),
        (-1500.0, False, "sv", f"\N{MINUS SIGN}1{HARD}500,0"),
        (0.04, False, "sv", "±0,0"),
        (-0.04, False, "en", "±0.0"),
    ],
)
def test_a_change_has_its_sign_and_is_in_points_between_percentages(
    difference: float, is_percent: bool, language: Language, shown: str
) -> None:
    assert format.change(difference, 1, is_percent, language) == shown


def test_moments_are_on_swedish_clocks() -> None:
    late = datetime(2023, 12, 20, 23, 30, 5, tzinfo=UTC)
    assert format.day(late, "sv") == f"21{HARD}december{HARD}2023"
    assert format.day(date(2023, 12, 20), "en") == f"20{HARD}December{HARD}2023"
    assert format.moment(late, "sv").endswith(f"kl.{HARD}00.30.05")
    assert format.moment(late, "en").endswith(f"at{HARD}00:30:05")
    assert format.short_moment(late, "sv") == "2023-12-21 00.30"


def test_every_reason_for_a_missing_value_has_a_sign_and_none_is_a_number() -> None:
    assert set(format.SIGNS.values()) == {"–", ".", "..", "○"}
    assert format.SIGNS["suppressed"] == ".."
