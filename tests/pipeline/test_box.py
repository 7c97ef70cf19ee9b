"""A pipeline in a box says what a pipeline says; the lines in the documentation run."""

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.box import boxed
from pipeline.errors import UnknownOrigin
from tests.documentation import DOCS
from tests.faults.processes import ROOT
from tests.pipeline.test_commands import response

FIGURE = "handlingsplaner/2023/andel_med_plan_svarande/00"


def test_a_box_tells_what_becomes_of_events_and_the_figures_they_make(tmp_path: Path) -> None:
    with boxed(tmp_path) as box:
        taken, again, parked = box.post(response("1480"), response("1480"), ("1481", b"{}"))
        assert [taken.state, again.state, parked.state] == ["current", "repeated", "parked"]
        assert taken.letter is None
        assert parked.letter is not None
        assert parked.letter.code == "S302"
        before = box.figure(FIGURE)
        [other] = box.post(response("1481"))
        after = box.figure(FIGURE)
        assert (before.denominator, before.answered) == (1, 1)
        assert (after.denominator, after.answered) == (2, 2)
        assert box.event(str(other.submission_id)).position == "responses/0/3"
        assert box.rows("SELECT count(*) AS n FROM response WHERE current") == [{"n": 2}]
        with pytest.raises(UnknownOrigin):
            box.figure("handlingsplaner/2023/1480/plan")
    with boxed(tmp_path) as opened_again:
        assert opened_again.figure(FIGURE).answered == 2


def test_the_lines_in_the_documentation_run() -> None:
    lines = (DOCS / "writers.md").read_text().split("```python\n")[1].split("```")[0]
    done = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["current None", "parked UNKNOWN_UNIT", "0 of 1"]
