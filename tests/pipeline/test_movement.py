"""How a figure moved: a row for each change that was published, each of which the log can give back."""

from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest

from infra.event_log import EventLog
from infra.published import connect_current
from infra.settings import Settings
from pipeline.movement import KEPT, copy_movement
from pipeline.publish import prepare_state, publish
from pipeline.rebuild import rebuild
from pipeline.refresh import refresh
from surveys.moment import AtPublication, AtTime
from tests.pipeline.build import Definitions, warehouse
from tests.pipeline.partitioned import PartitionedLog
from tests.pipeline.published import NOON, Landing, indicator, opened
from tests.pipeline.trickle import BEGAN, DEFINITIONS, THIS_YEAR, Trickle, audit_by_sum, each_part, happened
from tests.surveys.build import item, questionnaire

SUM = indicator("antal", numerator={"kind": "sum", "items": ["a"]})
Q = questionnaire(item("a"), indicators=[SUM])
MOVED = "SELECT nth, value, answered, expected, missing, published_at FROM figure_movement ORDER BY nth"


def moved(landing: Landing, now: datetime = NOON) -> list[tuple[Any, ...]]:
    with opened(landing.published(now)) as publication:
        return publication.execute(MOVED).fetchall()


def test_a_change_of_the_figure_or_its_coverage_is_one_row_and_standing_still_is_none(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    hours = [NOON + timedelta(hours=at) for at in range(6)]
    landing.sent(Q, "14", {"a": 3})
    landing.published(hours[0])
    landing.published(hours[1])
    landing.sent(Q, "01", {"a": 0})
    landing.published(hours[2])
    landing.sent(Q, "14", {"a": 5}, NOON + timedelta(minutes=1))
    assert moved(landing, hours[3]) == [
        (1, 3.0, 1, 21, None, hours[0]),
        (2, 3.0, 2, 21, None, hours[2]),
        (3, 5.0, 2, 21, None, hours[3]),
    ]


def test_a_publication_of_a_past_moment_adds_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    landing.sent(Q, "14", {"a": 3})
    landing.published()
    landing.sent(Q, "01", {"a": 4}, NOON + timedelta(days=2))
    publish(landing.connection, tmp_path, landing.definitions, NOON + timedelta(days=2), None)
    before = moved(landing, NOON + timedelta(days=3))
    from pipeline.mart import AsOf

    then = AsOf(NOON, NOON, "2023-05-31T12:00")
    publish(landing.connection, tmp_path, landing.definitions, NOON + timedelta(days=4), then)
    assert moved(landing, NOON + timedelta(days=5)) == before
    assert [row[1] for row in before] == [3.0, 7.0]


@pytest.mark.parametrize(
    ("items", "checks"),
    [
        ([item("a", suppress_below=5)], []),
        (
            [item("a"), item("b", suppress_below=5), item("c")],
            [{"kind": "sum_equals_total", "parts": ["a", "b"], "total": "c"}],
        ),
    ],
)
def test_what_could_tell_a_small_number_by_subtraction_is_not_kept(
    tmp_path: Path, items: list[dict[str, Any]], checks: list[dict[str, Any]]
) -> None:
    q = questionnaire(*items, checks=checks, indicators=[SUM, indicator("svarat")])
    landing = Landing(tmp_path, q)
    landing.sent(q, "14", {"a": 30})
    assert landing.rows("SELECT DISTINCT indicator_id FROM figure_movement") == [("svarat",)]


def test_what_gets_a_threshold_later_is_let_go(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    landing.sent(Q, "14", {"a": 30})
    assert len(moved(landing)) == 1
    landing.definitions = Definitions(questionnaire(item("a", suppress_below=5), indicators=[SUM]))
    assert moved(landing) == []


def test_of_many_changes_the_newest_stay_and_before_them_the_last_of_each_day(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    rows = [(nth, NOON - timedelta(days=6) + timedelta(hours=nth)) for nth in range(1, 140)]
    for nth, at in rows:
        landing.connection.execute(
            "INSERT INTO audited.movement VALUES (?, 2023, 'antal', 'region', ?, ?, ?, ?, 1, 21, NULL)",
            [Q.survey, nth, str(nth), at, float(nth)],
        )
    landing.sent(Q, "14", {"a": 1_000})
    found = moved(landing, NOON)
    assert [row[0] for row in found[-KEPT:]] == list(range(141 - KEPT, 141))
    older = found[:-KEPT]
    days = [at.date() for *_, at in older]
    assert len(days) == len(set(days)) == 4
    assert moved(landing, NOON) == found  # thinning what is thinned changes nothing


def test_a_rebuild_takes_it_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(lambda _work, _q, _now: []))
    trickle, log = _three_answers(tmp_path)
    monkeypatch.setattr("pipeline.rebuild.opened_log", lambda _settings: _Open(log))
    before = _in_force(tmp_path)
    assert [row[1] for row in before] == [1.0, 3.0, 6.0]
    rebuild(trickle.settings, tmp_path / "anew", DEFINITIONS, trickle.now)
    assert _in_force(tmp_path) == before
    ticks = count()
    rebuild(
        trickle.settings,
        tmp_path / "anew",
        DEFINITIONS,
        lambda: trickle.now() + timedelta(seconds=next(ticks)),
        AtTime(BEGAN + timedelta(hours=1)),
    )
    assert _in_force(tmp_path) == []
    trickle.later(days=1)
    trickle.published(log)
    assert _in_force(tmp_path) == before


def test_each_row_is_what_the_publication_it_names_says_when_it_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    from pipeline.as_of import published_as_of

    monkeypatch.setattr("pipeline.refresh.audit_beside", each_part(audit_by_sum))
    for trickle, log in happened(tmp_path, 3, lambda trickle: PartitionedLog(trickle.now, partitions=2)):
        monkeypatch.setattr("pipeline.as_of.opened_log", lambda _settings, log=log: _Open(log))
        with connect_current(tmp_path)[1] as publication:
            rows = publication.execute(
                "SELECT publish_id, survey, year, unit_kind, value, answered, expected, missing FROM figure_movement"
            ).fetchall()
        made = sorted({publish_id for publish_id, *_ in rows})
        assert len(made) > 2
        for publish_id, survey, year, kind, *said in rows:
            if publish_id not in (made[0], made[-1], made[len(made) // 2]):
                continue  # making one again takes a rebuild
            path = published_as_of(trickle.settings, AtPublication(publish_id), DEFINITIONS, trickle.now)
            with duckdb.connect(str(path), read_only=True) as then:
                found = then.execute(
                    "SELECT value, answered, expected, missing FROM indicator WHERE level = 'country' AND sex = 'T' "
                    "AND survey = ? AND year = ? AND unit_kind = ?",
                    [survey, year, kind],
                ).fetchall()
            assert found == [tuple(said)]


def test_what_a_stopped_process_published_is_not_lost(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    settings = Settings(data_dir=tmp_path)
    for hour, (unit, value) in enumerate([("14", 1), ("01", 2), ("03", 4)]):
        landing.sent(Q, unit, {"a": value}, NOON + timedelta(hours=hour))
        assert refresh(landing.connection, settings, NOON + timedelta(hours=hour), landing.definitions)
        # It ends as soon as the publication is in force: the warehouse knows of the one before at most.
        landing.connection.execute("DELETE FROM audited.publication")
    assert [row[1] for row in _in_force(tmp_path)] == [1.0, 3.0, 7.0]


def test_a_warehouse_made_anew_goes_on_with_it(tmp_path: Path) -> None:
    landing = Landing(tmp_path, Q)
    landing.sent(Q, "14", {"a": 3})
    landing.published()
    landing.published()
    folder = tmp_path / "anew"
    folder.mkdir()
    anew = warehouse(folder)
    prepare_state(anew)
    copy_movement(landing.connection, anew)
    assert anew.execute("SELECT value FROM audited.movement").fetchall() == [(3.0,)]


def _three_answers(folder: Path) -> tuple[Trickle, EventLog]:
    from infra.event_log import RESPONSES
    from tests.pipeline.build import event

    trickle = Trickle(Settings(data_dir=folder), Random(1))
    log: EventLog = PartitionedLog(trickle.now, partitions=1)
    for value, unit in ((1, "14"), (2, "01"), (3, "03")):
        data = {"survey": "ett", "year": 2023, "unit": unit, "questionnaire": THIS_YEAR.fingerprint, "mode": "web"}
        sent = {**data, "submission_id": f"s-{value}", "answers": {"a": value}}
        log.append(RESPONSES, [(unit, event(sent, trickle.now()))])
        trickle.published(log)
        trickle.later(days=1)
    return trickle, log


def _in_force(folder: Path) -> list[tuple[Any, ...]]:
    with connect_current(folder)[1] as publication:
        return publication.execute(
            "SELECT nth, value, publish_id FROM figure_movement WHERE year = 2023 ORDER BY nth"
        ).fetchall()


class _Open:
    """The log, open already, and to stay so."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def __enter__(self) -> EventLog:
        return self._log

    def __exit__(self, *_: object) -> None: ...
