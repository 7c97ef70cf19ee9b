"""The simulated deadline day: it gives the same each time, and what a queue must give."""

import pytest

from benchmarks.scaling import Assumed, _answered, _visible, simulate, table


def test_each_run_gives_the_same() -> None:
    assert simulate(10, 2) == simulate(10, 2)


def test_a_queue_of_one_makes_those_behind_wait_and_two_halve_it() -> None:
    assert _answered([0.0, 0.0, 0.0, 9.0], 1, 1.0) == [1.0, 2.0, 3.0, 10.0]
    assert _answered([0.0, 0.0, 0.0, 9.0], 2, 1.0) == [1.0, 1.0, 2.0, 10.0]


def test_what_comes_while_publishing_is_seen_with_the_next_publication() -> None:
    visible, longest = _visible([0.0, 1.0, 1.5], 1000, Assumed(publish_seconds=2.0, look_seconds=0.0))
    assert visible == pytest.approx([2.001, 4.003, 4.003])
    assert longest == 2


def test_a_second_collector_halves_the_work_of_each_and_shortens_the_queue() -> None:
    one, two = simulate(1000, 1), simulate(1000, 2)
    assert one.responses == two.responses
    assert one.collectors_busy == pytest.approx(2 * two.collectors_busy)
    assert one.answered_p95 > two.answered_p95


def test_no_collector_is_said_to_be_busier_than_always_without_a_queue() -> None:
    for line in table().splitlines()[2:]:
        busy, receipt = line.split("|")[5].strip(), line.split("|")[6].strip()
        assert float(busy.removesuffix("%")) < 100 or float(receipt.removesuffix("s")) > 60
