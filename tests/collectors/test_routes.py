"""No route shows or takes anything of a unit to anyone but that unit: every route there is, new ones included."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.collectors.build import OTHER_UNIT, SURVEY, UNIT, YEAR, Served, responses_in, served

# Routes that are for everyone. A route of a unit has {unit} in its path; any other has to be named here, knowingly.
FOR_EVERYONE = {
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/surveys",
    "/api/v1/surveys/{survey}/{year}",
    "/api/v1/surveys/{survey}/{year}/schema",
}
# The form's own: signing in and out, and files that are the same for all.
FOR_EVERYONE_IN_THE_FORM = {"/", "/signin/{link}", "/signout", "/language/{language}", "/tillganglighet", "/static"}
TURNED_AWAY = {302, 303, 401, 403}


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("routes")) as running:
        yield running


def routes(collector: Served) -> list[tuple[str, str]]:
    """Every (method, path) of the application."""
    found = list(_walk(collector.app.routes))
    assert ("POST", "/api/v1/surveys/{survey}/{year}/units/{unit}/responses") in found
    return found


def _walk(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _walk(inner.routes, prefix)
        else:
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, prefix + route.path


def of_a_unit(collector: Served) -> list[tuple[str, str]]:
    return [(method, path) for method, path in routes(collector) if "{unit}" in path]


def address(path: str) -> str:
    known = {"survey": SURVEY, "year": str(YEAR), "unit": UNIT}
    return path.format_map(_Known(known))


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "x"


def test_a_route_is_either_of_a_unit_or_knowingly_for_everyone(collector: Served) -> None:
    others = {path for _, path in routes(collector) if "{unit}" not in path}
    assert others - FOR_EVERYONE - FOR_EVERYONE_IN_THE_FORM == set()


def test_no_route_of_a_unit_lets_another_unit_or_nobody_in(collector: Served) -> None:
    token, session = collector.as_unit(OTHER_UNIT), collector.session_of(OTHER_UNIT)
    forged = {"Authorization": "Bearer lb_0123456789ab_" + "0" * 64}
    tampered = {"Cookie": session["Cookie"][:-1] + ("0" if session["Cookie"][-1] != "0" else "1")}
    before = len(responses_in(collector.gate.log))
    for method, path in of_a_unit(collector):
        for credentials in ({}, token, session, forged, tampered):
            answer = collector.http.request(method, address(path), headers=credentials)
            assert answer.status_code in TURNED_AWAY, (method, path, answer.status_code)
            if answer.status_code in (302, 303):
                assert UNIT not in answer.headers["location"], (method, path)
    assert len(responses_in(collector.gate.log)) == before


def test_the_same_routes_let_the_unit_itself_in(collector: Served) -> None:
    token, session = collector.as_unit(), collector.session_of()
    for method, path in of_a_unit(collector):
        credentials = token if path.startswith("/api/") else session
        answer = collector.http.request(method, address(path), headers=credentials)
        assert answer.status_code not in (401, 500), (method, path, answer.status_code)


def test_a_session_reads_its_own_through_the_api_and_writes_nothing(collector: Served) -> None:
    session, own = collector.session_of(), f"/api/v1/surveys/{SURVEY}/{YEAR}/units/{UNIT}"
    assert collector.http.get(f"{own}/responses", headers=session).status_code == 200
    assert collector.http.get(f"{own}/template.xlsx", headers=session).status_code == 200
    assert collector.http.post(f"{own}/responses", json={}, headers=session).status_code == 401
