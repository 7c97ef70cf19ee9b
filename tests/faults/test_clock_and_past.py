"""Past moments after a clock has gone backwards, between and within publications: they show what was known then."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from infra.embedded_log import EmbeddedLog
from infra.event_log import ADMINISTRATION, DEAD_LETTERS, RESPONSES
from infra.published import current_publish_id
from infra.settings import Settings
from pipeline.as_of import published_as_of
from pipeline.ledger import Record, digests_of, last_record, records
from pipeline.log_then import when
from pipeline.past import Then, make
from pipeline.proof import prove
from pipeline.reading import to_end
from pipeline.rebuild import rebuild, verify
from surveys.moment import AtPositions, AtPublication, AtTime, Moment
from tests.pipeline.trickle import BEGAN, DEFINITIONS, Trickle, audit_by_sum, each_part

SEED = 7
BACK_HOURS = (-1, -30, 2, -9, -50)
AFTERWARDS = BEGAN + timedelta(days=30)
Lived = tuple[Trickle, EmbeddedLog]


def opened(folder: Path, trickle: Trickle) -> EmbeddedLog:
    return EmbeddedLog(folder / "log.sqlite", clock=trickle.now)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Five publications; before each but the third the clock is set back, in the middle of what comes in."""
    folder = tmp_path_factory.mktemp("lived")
    trickle = Trickle(Settings(data_dir=folder), Random(SEED))
    with closing(opened(folder, trickle)) as log, pytest.MonkeyPatch.context() as patched:
        patched.setattr("pipeline.refresh.audit_beside", each_part(audit_by_sum))
        trickle._clinic(log)
        for hours in BACK_HOURS:
            trickle.batch(log)
            trickle.later(hours=hours)
            trickle._clinic(log)
            trickle.batch(log)
            trickle.published(log)
        yield trickle, log


def digests_but_for_the_moment(path: Path) -> dict[str, str]:
    """Of all tables but the one that says which moment was asked for."""
    return {name: digest for name, digest in digests_of(path).items() if name != "publication"}


def recorded(one: Record) -> dict[str, str]:
    assert one.digests is not None
    return {name: digest for name, digest in one.digests.items() if name != "publication"}


def then(lived: Lived, asked: Moment) -> Path:
    return published_as_of(lived[0].settings, asked, DEFINITIONS, lambda: AFTERWARDS)


def offset(one: Record) -> Moment:
    return AtPositions(tuple(sorted(one.positions[RESPONSES].items())))


def test_each_publication_is_recorded_in_its_order_and_made_anew_the_same(lived: Lived, tmp_path: Path) -> None:
    trickle, log = lived
    known = records(trickle.settings.data_dir)
    ids = [one.publish_id for one in known]
    assert sorted(ids) != ids, "the clock went backwards between publications"
    assert current_publish_id(trickle.settings.data_dir) == ids[-1]
    proofs = list(prove(trickle.settings, tmp_path / "anew", known, log, DEFINITIONS))
    assert [(proof.outcome, proof.tables) for proof in proofs] == [("equal", ())] * len(BACK_HOURS)
    verify(trickle.settings, tmp_path / "verified", DEFINITIONS)
    for one in known:
        assert digests_but_for_the_moment(then(lived, AtPublication(one.publish_id))) == recorded(one)
        assert digests_but_for_the_moment(then(lived, offset(one))) == recorded(one)


def test_an_offset_shows_what_the_log_had_by_then_though_later_events_bear_earlier_times(
    lived: Lived, tmp_path: Path
) -> None:
    trickle, log = lived
    ends = log.ends(RESPONSES)[0]
    published = {one.positions[RESPONSES][0] for one in records(trickle.settings.data_dir)}
    for last in trickle.chance.sample(sorted(set(range(ends)) - published), 2):
        path = then(lived, AtPositions(((0, last),)))
        assert shown_in(path) == shown_in(made(lived, last, tmp_path / str(last)))


def made(lived: Lived, last: int, into: Path) -> Path:
    """A publication of what was really appended by the time of that response, as the log's rows are numbered."""
    trickle, log = lived
    with closing(sqlite3.connect(log.path)) as file:
        rows = file.execute(
            'SELECT topic, max("offset") FROM event WHERE id <= '
            '(SELECT id FROM event WHERE topic = ? AND "offset" = ?) GROUP BY topic',
            [RESPONSES, last],
        ).fetchall()
    known: dict[str, dict[int, int]] = {ADMINISTRATION: {}, DEAD_LETTERS: {}}
    known |= {topic: {0: offset} for topic, offset in rows}
    before = [one for one in records(trickle.settings.data_dir) if one.positions[RESPONSES][0] <= last]
    make(Settings(data_dir=into), log, Then(None, known, before[-1].parts if before else ()), DEFINITIONS, trickle.now)
    found = last_record(into)
    assert found is not None
    return into / "marts" / f"{found.publish_id}.duckdb"


def shown_in(path: Path) -> list[object]:
    """The clinics that were added by then, what they are called, and the responses."""
    with closing(duckdb.connect(str(path), read_only=True)) as file:
        units = file.execute("SELECT unit_id, name FROM unit WHERE kind = 'mottagning' ORDER BY ALL").fetchall()
        return [*units, *file.execute("SELECT submission_id, current FROM response ORDER BY ALL").fetchall()]


def test_a_time_shows_what_was_submitted_by_then_whenever_it_was_published(lived: Lived) -> None:
    _, log = lived
    times = sorted(when(event) for event in to_end(log, RESPONSES, {}))
    for time in (times[0], times[len(times) // 2], times[-1]):
        with closing(duckdb.connect(str(then(lived, AtTime(time))), read_only=True)) as file:
            shown = [at for (at,) in file.execute("SELECT submitted_at FROM response").fetchall()]
            assert all(at <= time for at in shown)
    assert len(shown) > 1


def test_a_past_moment_is_put_in_force_and_the_next_publication_follows_on_it(lived: Lived, tmp_path: Path) -> None:
    trickle, _ = lived
    folder = tmp_path / "copy"
    shutil.copytree(trickle.settings.data_dir, folder)
    later = Trickle(Settings(data_dir=folder), Random(SEED), list(trickle.clock))
    second = records(folder)[1]
    rebuild(later.settings, tmp_path / "rebuilt", DEFINITIONS, later.now, AtPublication(second.publish_id))
    in_force = current_publish_id(folder)
    assert recorded(records(folder)[-1]) == recorded(second)
    later.later(hours=-20)
    with closing(opened(folder, later)) as log:
        later.batch(log)
        later.published(log)
        newest = records(folder)[-1]
        assert newest.publish_id == current_publish_id(folder) != in_force
        proofs = prove(later.settings, tmp_path / "anew", [newest], log, DEFINITIONS)
        assert [proof.outcome for proof in proofs] == ["equal"]
