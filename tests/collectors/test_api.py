"""The API over a real socket: what it answers, and that no input makes it break."""

import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # brings no types along

from infra.log import configure_logging
from infra.settings import sqlite_path
from tests.collectors.build import ANSWERS, Served, responses_in, served, settings_in

SURVEYS = "/api/v1/surveys"
OWN = f"{SURVEYS}/prov/2026/units/14"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("collector")) as running:
        yield running


@pytest.fixture(scope="module")
def token(collector: Served) -> dict[str, str]:
    return collector.as_unit()


def body(**differs: Any) -> dict[str, Any]:
    return {"submission_id": str(uuid4()), "answers": ANSWERS, **differs}


def post(collector: Served, token: dict[str, str], content: dict[str, Any], **more: Any) -> httpx.Response:
    return collector.http.post(f"{OWN}/responses", json=content, headers=token, **more)


def assert_error(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), found
    assert set(found) == {"code", "message", "failures"}
    for failure in found["failures"]:
        assert {"check", "item", "row", "severity", "message"} <= failure.keys()
    return found


def test_a_response_is_created_once_and_repeated_with_the_same_receipt(
    collector: Served, token: dict[str, str]
) -> None:
    content = body()
    first, again = post(collector, token, content), post(collector, token, content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert_error(post(collector, token, content | {"answers": {"lage": "nej"}}), 409, "SUBMISSION_ID_REUSED")


def test_a_dry_run_says_the_same_and_stores_nothing(collector: Served, token: dict[str, str]) -> None:
    before = len(responses_in(collector.gate.log))
    dry = {"params": {"dry_run": "true"}}
    fine = post(collector, token, body(), **dry)
    assert (fine.status_code, fine.json()) == (200, {"accepted": True, "failures": []})
    many = body(answers=ANSWERS | {"enheter": 30})
    assert_error(post(collector, token, many, **dry), 422, "CHECKS_FAILED")
    explained = post(collector, token, many | {"explanations": {"manga_enheter": "Nya"}}, **dry)
    assert [failure["check"] for failure in explained.json()["failures"]] == ["manga_enheter"]
    assert len(responses_in(collector.gate.log)) == before


def test_every_failure_comes_at_once_in_the_language_asked_for(collector: Served, token: dict[str, str]) -> None:
    wrong = body(answers={"andel": 101, "startar": 3})
    swedish = assert_error(post(collector, token, wrong), 422, "CHECKS_FAILED")
    english = assert_error(post(collector, token | {"Accept-Language": "en-GB, sv;q=0.5"}, wrong), 422, "CHECKS_FAILED")
    checks = [failure["check"] for failure in swedish["failures"]]
    assert checks == ["lage.required", "andel.shape", "startar.shape"]
    assert [failure["check"] for failure in english["failures"]] == checks
    assert swedish["message"].startswith("Svaret")
    assert english["message"].startswith("The response")
    assert swedish["failures"][0]["message"] != english["failures"][0]["message"]


def test_own_responses_are_listed_newest_first_with_their_answers(collector: Served) -> None:
    unit = f"{SURVEYS}/prov/2026/units/20/responses"
    header = collector.as_unit("20")
    first, second = body(), body(answers=ANSWERS | {"enheter": 5})
    for content in (first, second | {"corrects": first["submission_id"], "reason": "Fel antal"}):
        assert collector.http.post(unit, json=content, headers=header).status_code == 201
    own = collector.http.get(unit, headers=header).json()
    assert [one["receipt"]["submission_id"] for one in own] == [second["submission_id"], first["submission_id"]]
    assert [one["answers"]["enheter"] for one in own] == [5, 3]
    assert own[0]["receipt"]["corrects"] == first["submission_id"]


def test_the_definition_and_its_schema_are_open_to_all(collector: Served) -> None:
    known = collector.http.get(f"{SURVEYS}/prov/2026").json()
    assert known["fingerprint"] == collector.gate.catalogue.get("prov", 2026).fingerprint
    assert [section["id"] for section in known["sections"]] == ["enheten", "omfattning"]
    schema = collector.http.get(f"{SURVEYS}/prov/2026/schema", params={"unit_kind": "kommun"}).json()
    Draft202012Validator.check_schema(schema)
    assert Draft202012Validator(schema).is_valid(ANSWERS)
    assert not Draft202012Validator(schema).is_valid({"enheter": "tre"})
    listed = collector.http.get(SURVEYS).json()
    assert [(one["year"], one["round"] and one["round"]["state"]) for one in listed] == [(2025, None), (2026, "open")]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "BAD_REQUEST"),
        (b"[]", 422, "BAD_REQUEST"),
        (b"null", 422, "BAD_REQUEST"),
        (b'"text"', 422, "BAD_REQUEST"),
        (b"{}", 422, "BAD_REQUEST"),
        (b'{"submission_id": "x", "answers": {}}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": []}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": {}, "unit": "12"}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": {}, "mode": "web"}', 422, "BAD_REQUEST"),
        (b'{"submission_id": 12345678, "answers": {}}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": {}, "reason": {"a": 1}}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": {}, "explanations": {"a": null}}', 422, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "answers": {"lage": {"missing": {}}}}', 422, "CHECKS_FAILED"),
        (b'{"submission_id": "abcdefgh", "answers": {"insatser": [1, [], null]}}', 422, "CHECKS_FAILED"),
        (
            b'{"submission_id": "abcdefgh", "answers": {"oppet": {"mon": []}, "grupper": {"a": 1}}}',
            422,
            "CHECKS_FAILED",
        ),
        (b'{"submission_id": "abcdefgh", "answers": {"patienter": {"K": {}, "T": []}}}', 422, "CHECKS_FAILED"),
        (b'{"submission_id": "abcdefgh", "answers": {"a": NaN}}', 400, "BAD_REQUEST"),
        (b'{"submission_id": "abcdefgh", "submission_id": "abcdefgi", "answers": {}}', 400, "BAD_REQUEST"),
        (b"[" * 100_000, 400, "BAD_REQUEST"),
        (b"\xff\xfe{}", 400, "BAD_REQUEST"),
    ],
)
def test_a_faulty_body_gets_a_clear_error(
    collector: Served, token: dict[str, str], content: bytes, status: int, code: str
) -> None:
    answer = collector.http.post(f"{OWN}/responses", content=content, headers=token | JSON)
    assert_error(answer, status, code)


def test_a_body_that_is_not_json_by_name_is_refused(collector: Served, token: dict[str, str]) -> None:
    for kind in ("text/plain", "multipart/form-data", "application/xml", ""):
        answer = collector.http.post(f"{OWN}/responses", content=b"{}", headers=token | {"Content-Type": kind})
        assert_error(answer, 415, "BAD_REQUEST")


def test_a_body_above_five_megabytes_is_refused(collector: Served, token: dict[str, str]) -> None:
    answer = collector.http.post(f"{OWN}/responses", content=b" " * 5_000_001, headers=token | JSON)
    assert_error(answer, 413, "TOO_LARGE")


def test_addresses_and_methods_that_are_not_there_have_the_same_shape(collector: Served, token: dict[str, str]) -> None:
    http = collector.http
    assert_error(http.get("/nix"), 404, "NOT_FOUND")
    assert_error(http.delete(SURVEYS), 405, "METHOD_NOT_ALLOWED")
    assert_error(http.get(f"{SURVEYS}/prov/1999"), 404, "UNKNOWN_SURVEY")
    assert_error(http.get(f"{SURVEYS}/..%2f..%2fprov/2026"), 404, "NOT_FOUND")
    assert_error(http.get(f"{SURVEYS}/prov/tjugo"), 422, "BAD_REQUEST")
    assert_error(http.get(f"{SURVEYS}/prov/2026/schema", params={"unit_kind": "land"}), 422, "BAD_REQUEST")
    header = collector.as_unit("finns-ej")
    assert_error(http.get(f"{SURVEYS}/prov/2026/units/finns-ej/responses", headers=header), 404, "UNKNOWN_UNIT")


def test_a_round_that_is_not_open_is_a_conflict(collector: Served, token: dict[str, str]) -> None:
    answer = collector.http.post(f"{SURVEYS}/prov/2025/units/14/responses", json=body(), headers=token)
    assert_error(answer, 409, "ROUND_NOT_OPEN")


def test_the_collector_says_that_it_is_alive_and_ready_and_counts(collector: Served, token: dict[str, str]) -> None:
    assert post(collector, token, body()).status_code == 201
    assert collector.http.get("/healthz").json() == {"status": "ok"}
    assert collector.http.get("/readyz").json() == {"status": "ok"}
    answer = collector.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'lagesbild_responses_total{mode="api",outcome="accepted"}' in answer.text
    assert 'lagesbild_request_duration_seconds_bucket{method="POST",status="201",le="+Inf"}' in answer.text


def test_every_route_of_the_api_is_described(collector: Served) -> None:
    described = collector.http.get("/openapi.json").json()["paths"]
    submitting = described[SURVEYS + "/{survey}/{year}/units/{unit}/responses"]["post"]
    assert {"200", "201", "401", "403", "409", "413", "415", "422", "503"} <= submitting["responses"].keys()
    assert "application/json" in submitting["requestBody"]["content"]
    assert all(operation["summary"] for path in described.values() for operation in path.values())


def test_a_silent_log_is_503_with_retry_after_and_the_repeat_is_safe(tmp_path: Path) -> None:
    import sqlite3

    with served(tmp_path) as collector:
        token, content = collector.as_unit(), body()
        writer = sqlite3.connect(sqlite_path(settings_in(tmp_path).log_url), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        answers = [post(collector, token, content) for _ in range(3)]
        for answer in answers:
            assert_error(answer, 503, "LOG_UNAVAILABLE")
            assert answer.headers["Retry-After"] == "5"
        assert min(answer.elapsed.total_seconds() for answer in answers) < 3.0
        writer.execute("ROLLBACK")
        writer.close()
        assert post(collector, token, content).status_code == 200
        # An attempt that was given up may have been taken late: the same event, which readers know by its id.
        assert len({event.id for event in responses_in(collector.gate.log)}) == 1


def test_a_broken_log_makes_the_collector_not_ready(tmp_path: Path) -> None:
    with served(tmp_path) as collector:
        collector.gate.log.close()
        assert collector.http.get("/healthz").status_code == 200
        assert collector.http.get("/readyz").status_code >= 500


def test_a_silent_database_is_503_and_the_repeat_is_safe(tmp_path: Path) -> None:
    import sqlite3

    with served(tmp_path) as collector:
        token, content = collector.as_unit(), body()
        writer = sqlite3.connect(sqlite_path(settings_in(tmp_path).database_url), isolation_level=None)
        writer.execute("BEGIN IMMEDIATE")
        assert_error(post(collector, token, content), 503, "DATABASE_UNAVAILABLE")
        writer.execute("ROLLBACK")
        writer.close()
        assert post(collector, token, content).status_code == 201


def test_a_fault_of_ours_is_logged_without_what_came_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers, root.level
    with served(tmp_path) as collector:
        configure_logging(stream)
        try:
            monkeypatch.setattr(collector.app.state.signin, "begin", lambda link, now: int(link))
            assert_error(collector.http.get("/signin/hemlig-lank"), 500, "INTERNAL_ERROR")
        finally:
            root.handlers, root.level = before
    assert "request_failed" in stream.getvalue()
    assert "route=/signin/{link}" in stream.getvalue()
    # The server in production writes no access log, and httpx is the test's own.
    ours = [line for line in stream.getvalue().splitlines() if not line.endswith(("[uvicorn.access]", "[httpx]"))]
    assert "hemlig-lank" not in "".join(ours)
