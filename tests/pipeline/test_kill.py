import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from infra.embedded_log import EmbeddedLog
from infra.event_log import DEAD_LETTERS, RESPONSES
from pipeline.consume import Consumer, opened_warehouse, utc_now
from tests.pipeline.build import Definitions, event, every_kind, response, settings
from tests.pipeline.killed import nothing

EVENTS = 600
KILLS = 12


def value(number: int) -> bytes:
    """Every fifth event is poison, every seventh a repetition of the one before."""
    if number % 5 == 4:
        return b"poison %d" % number
    return event(response(submission=f"s-{number - (number % 7 == 6)}"))


def test_a_pipeline_killed_in_the_middle_of_batches_lands_every_response_once(tmp_path: Path) -> None:
    log = EmbeddedLog(tmp_path / "log.sqlite")
    log.append(RESPONSES, [("14", value(number)) for number in range(EVENTS)])
    killed = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.pipeline.killed", str(tmp_path), "2023", str(KILLS)],
        capture_output=True,
        text=True,
        check=True,
        timeout=170,
    )
    began_after = [int(line) for line in killed.stdout.split()]
    assert len(set(began_after)) >= 10, f"too few kills in the middle of the work: {began_after}"
    assert began_after == sorted(began_after)
    with opened_warehouse(settings(tmp_path)) as connection:
        Consumer(log, connection, Definitions(every_kind()), nothing, utc_now).drain()
        accepted = connection.execute("SELECT log_offset, submission_id FROM landing.event").fetchall()
        repeated = connection.execute("SELECT log_offset FROM landing.repeated").fetchall()
        parked = connection.execute("SELECT log_offset, decode(payload) FROM landing.dead_letter").fetchall()
        answers = connection.execute("SELECT log_offset, count(*) FROM landing.answer GROUP BY log_offset").fetchall()
    assert sorted(offset for offset, *_ in accepted + repeated + parked) == list(range(EVENTS))
    expected = {f"s-{number - (number % 7 == 6)}" for number in range(EVENTS) if number % 5 != 4}
    assert Counter(submission for _, submission in accepted) == Counter(expected)
    assert dict(answers) == {offset: 2 for offset, _ in accepted}
    assert dict(parked) == {number: f"poison {number}" for number in range(4, EVENTS, 5)}
    told = [json.loads(one.value)["letter"] for one in log.read(DEAD_LETTERS, {}, EVENTS)]
    assert Counter(told) == Counter(f"responses/0/{number}" for number in range(4, EVENTS, 5))
    log.close()
