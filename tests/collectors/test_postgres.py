"""Everything that a collector keeps, kept in PostgreSQL: it counts letters, and SQLite does not."""

from datetime import timedelta
from pathlib import Path

import pytest

from collectors import signin, tokens
from collectors.drafts import Drafts
from collectors.form_time import FormTimes
from collectors.form_typed import Typed
from collectors.gate import Gate, new_id, open_gate
from collectors.receive import asked, receive
from collectors.workbook_template import Filling, template
from collectors.workbook_upload import receive_workbook
from infra.settings import Settings
from tests.collectors.build import ANSWERS, NOW, OTHER_UNIT, SURVEY, UNIT, YEAR, opened_round, request, trial_catalogue

pytestmark = pytest.mark.postgres


@pytest.fixture
def gate(tmp_path: Path, postgres_url: str) -> Gate:
    gate = open_gate(Settings(data_dir=tmp_path, database_url=postgres_url), trial_catalogue())
    opened_round(gate.log)
    return gate


def test_responses_workbooks_drafts_links_and_tokens_are_kept(gate: Gate) -> None:
    with_longest_id = request(submission_id="s" * 100)
    first = receive(with_longest_id, gate, NOW, new_id)
    assert receive(with_longest_id, gate, NOW, new_id).receipt == first.receipt
    units = gate.administration.current().units.kommuner(OTHER_UNIT)
    workbook = template(asked(SURVEY, YEAR, OTHER_UNIT, gate), units, Filling(answers=ANSWERS))
    assert not receive_workbook(workbook, SURVEY, YEAR, OTHER_UNIT, gate, NOW, new_id).repeated
    key = (UNIT, SURVEY, YEAR)
    assert Drafts(gate.engine).save(key, Typed((("a.enheter", "17"),)), 0, NOW) == 1
    times = FormTimes(gate.engine)
    times.shown(key, NOW)
    times.saved(key, ["enheten"], NOW + timedelta(seconds=90))
    assert times.spent(key) == {"enheten": 90}
    session = signin.SignIn(gate.engine).begin(signin.invite(gate.engine, UNIT, NOW), NOW + timedelta(hours=1))
    assert session.unit == UNIT
    assert tokens.TokenReader(gate.engine).unit_of(tokens.create(gate.engine, UNIT, NOW)) == UNIT
    gate.close()
