from datetime import UTC, datetime

import pytest

from surveys.moment import AtPositions, AtPublication, AtTime, Moment, NoSuchMoment, moment


def at(*parts: int) -> AtTime:
    return AtTime(datetime(*parts, tzinfo=UTC))  # type: ignore[arg-type,misc]  # as many numbers as wanted


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2023-12-01T12:00", at(2023, 12, 1, 11)),  # winter
        ("2023-06-01 12:00:30", at(2023, 6, 1, 10, 0, 30)),  # summer
        ("2023-12-01T12:00Z", at(2023, 12, 1, 12)),
        ("2023-12-01T12:00:00.5-05:00", at(2023, 12, 1, 17, 0, 0, 500_000)),
        ("2023-12-01", at(2023, 12, 1, 22, 59, 59, 999_999)),
        ("2023-10-29", at(2023, 10, 29, 22, 59, 59, 999_999)),  # the day of 25 hours
        ("2023-10-29T02:30+02:00", at(2023, 10, 29, 0, 30)),
        ("1234", AtPositions(((0, 1234),))),
        ("1:33,0:12,2:-1", AtPositions(((0, 12), (1, 33), (2, -1)))),
        (" 20231201T110000000000Z-2 ", AtPublication("20231201T110000000000Z-2")),
    ],
)
def test_a_moment_is_read(text: str, meant: Moment) -> None:
    assert moment(text) == meant
    assert moment(str(meant)) == meant


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2023-03-26T02:30", "skipped when summer time begins"),
        ("2023-10-29T02:30", "comes twice when summer time ends"),
        ("2023-02-30", "cannot be read"),
        ("2023-12-01T25:00", "cannot be read"),
        ("2023-12-01T12:00+25:00", "cannot be read"),
        ("9999-12-31", "cannot be read"),
        ("0001-01-01T00:00", "cannot be read"),
        ("i går", "cannot be read"),
        ("", "cannot be read"),
        ("-1", "cannot be read"),
        ("0:1,0:2", "names a partition twice"),
        ("١٢", "cannot be read"),
    ],
)
def test_what_is_no_moment_says_why_and_how_to_write_one(text: str, why: str) -> None:
    with pytest.raises(NoSuchMoment, match=why):
        moment(text)
