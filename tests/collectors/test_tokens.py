"""Bearer tokens: one unit each, kept as hashes, revoked at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from collectors import tokens
from collectors.errors import NoToken, UnknownToken
from collectors.gate import Gate
from collectors.tables import TOKEN
from tests.collectors.build import NOW, gate_in


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with gate_in(tmp_path) as opened:
        yield opened


def test_a_token_tells_its_unit_until_it_is_revoked(gate: Gate) -> None:
    reader, token = tokens.TokenReader(gate.engine), tokens.create(gate.engine, "14", NOW)
    assert [reader.unit_of(token), reader.unit_of(token)] == ["14", "14"]
    [known] = tokens.all_tokens(gate.engine)
    tokens.revoke(gate.engine, known.token_id, NOW)
    with pytest.raises(NoToken):
        reader.unit_of(token)
    [ended] = tokens.all_tokens(gate.engine)
    assert ended.revoked_at == NOW
    with pytest.raises(UnknownToken):
        tokens.revoke(gate.engine, known.token_id, NOW)


def test_the_secret_is_nowhere_in_the_database(gate: Gate) -> None:
    token = tokens.create(gate.engine, "14", NOW)
    with gate.engine.connect() as connection:
        row = connection.execute(select(TOKEN)).one()
    assert token.rpartition("_")[2] not in str(row)
    assert row.secret_hash.startswith("$argon2id$")


def test_what_is_no_token_of_ours_is_refused(gate: Gate) -> None:
    reader, token = tokens.TokenReader(gate.engine), tokens.create(gate.engine, "14", NOW)
    other = tokens.create(gate.engine, "12", NOW)
    crossed = "_".join([*token.split("_")[:2], other.split("_")[2]])
    for wrong in ("", "lb_", "lb__", "x" * 90, token[:-1], token + "0", token.upper(), "lb_å_å", crossed):
        with pytest.raises(NoToken):
            reader.unit_of(wrong)


def test_a_remembered_secret_is_not_good_for_another_token(gate: Gate) -> None:
    reader = tokens.TokenReader(gate.engine)
    mine, others = (tokens.create(gate.engine, unit, NOW) for unit in ("14", "12"))
    assert reader.unit_of(mine) == "14"
    mixed = f"lb_{others.split('_')[1]}_{mine.split('_')[2]}"
    with pytest.raises(NoToken):
        reader.unit_of(mixed)
