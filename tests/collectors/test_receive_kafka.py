"""Receiving on a real Kafka: the same promises, also while the broker is gone."""

import time
from pathlib import Path

import pytest

from collectors.errors import LogDown
from collectors.gate import new_id, open_gate
from collectors.receive import receive
from infra.event_log import RESPONSES
from infra.kafka.broker import Broker
from infra.settings import Settings
from tests.collectors.build import NOW, SURVEY, UNIT, YEAR, opened_round, request, trial_catalogue


@pytest.mark.kafka
def test_a_response_waits_out_a_broker_that_is_gone(broker: Broker, tmp_path: Path) -> None:
    gate = open_gate(Settings(data_dir=tmp_path, log_url=broker.url), trial_catalogue())
    try:
        opened_round(gate.log)
        first, second = request(), request()
        receive(first, gate, NOW, new_id)
        broker.kill(1)
        started = time.monotonic()
        with pytest.raises(LogDown):
            receive(second, gate, NOW, new_id)
        assert time.monotonic() - started < 30, "kafka-python by itself would wait for two minutes"
        broker.start(1)
        for _ in range(60):
            try:
                receive(second, gate, NOW, new_id)
                break
            except LogDown:
                time.sleep(0.5)
        own = gate.submissions.of_unit(UNIT, SURVEY, YEAR)
        assert {one.submission_id for one in own} == {first.submission_id, second.submission_id}
        assert {one.event for one in own} <= {stored.value for stored in gate.log.read(RESPONSES, {}, 100_000)}
    finally:
        gate.close()
