"""Sign-in links, sessions and the token against forged posts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from collectors import signin
from collectors.errors import LinkInvalid
from collectors.gate import Gate
from collectors.signin import SignIn
from tests.collectors.build import NOW, gate_in


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with gate_in(tmp_path) as opened:
        yield opened


def test_a_link_begins_sessions_again_and_again_until_it_expires(gate: Gate) -> None:
    sign_in, link = SignIn(gate.engine), signin.invite(gate.engine, "14", NOW)
    first, second = sign_in.begin(link, NOW), sign_in.begin(link, NOW)
    assert (first.unit, second.unit) == ("14", "14")
    assert sign_in.csrf_token(first) != sign_in.csrf_token(second)
    with pytest.raises(LinkInvalid):
        sign_in.begin(link, NOW + signin.LINK_LIFE)


@pytest.mark.parametrize("wrong", ["", "_", "x", "x_y", "å_å"])
def test_a_wrong_link_begins_nothing(gate: Gate, wrong: str) -> None:
    link = signin.invite(gate.engine, "14", NOW)
    for attempt in (wrong, link[:-1], link + "0"):
        with pytest.raises(LinkInvalid):
            SignIn(gate.engine).begin(attempt, NOW)


def test_a_session_lives_in_its_cookie_for_twelve_hours_in_every_copy(gate: Gate) -> None:
    session = SignIn(gate.engine).begin(signin.invite(gate.engine, "14", NOW), NOW)
    cookie, another_copy = SignIn(gate.engine).cookie(session), SignIn(gate.engine)
    assert another_copy.read(cookie, NOW + timedelta(hours=11, minutes=59)) == session
    assert another_copy.read(cookie, NOW + signin.SESSION_LIFE) is None


def test_a_cookie_that_was_changed_is_nobodys(gate: Gate) -> None:
    sign_in = SignIn(gate.engine)
    cookie = sign_in.cookie(sign_in.begin(signin.invite(gate.engine, "14", NOW), NOW))
    others = sign_in.cookie(sign_in.begin(signin.invite(gate.engine, "12", NOW), NOW))
    swapped = f"{others.split('.')[0]}.{cookie.split('.')[1]}"
    for wrong in (None, "", ".", "x.y", cookie[:-1], "A" + cookie, swapped, "å.å"):
        assert sign_in.read(wrong, NOW) is None


def test_revoking_a_units_links_ends_its_sessions_and_no_others(gate: Gate) -> None:
    sign_in = SignIn(gate.engine)
    mine, others = (sign_in.begin(signin.invite(gate.engine, unit, NOW), NOW) for unit in ("14", "12"))
    assert signin.revoke_links(gate.engine, "14", NOW) == 1
    assert sign_in.read(sign_in.cookie(mine), NOW) is None
    assert sign_in.read(sign_in.cookie(others), NOW) == others
    assert [link.revoked_at for link in signin.links(gate.engine)] == [NOW, None]


def test_a_form_of_another_session_is_refused(gate: Gate) -> None:
    sign_in = SignIn(gate.engine)
    mine, others = (sign_in.begin(signin.invite(gate.engine, "14", NOW), NOW) for _ in range(2))
    assert sign_in.csrf_valid(mine, sign_in.csrf_token(mine))
    for wrong in (None, "", sign_in.csrf_token(others), "å"):
        assert not sign_in.csrf_valid(mine, wrong)
