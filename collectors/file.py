"""A response handed in as a file on disk: JSON, or a workbook."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field, ValidationError

from collectors.administration import NewId
from collectors.bodies import ResponseBody, body_fault
from collectors.errors import BadBody, FileUnreadable, TooLarge
from collectors.gate import Gate
from collectors.http import JSON_LIMIT_BYTES, WORKBOOK_LIMIT_BYTES
from collectors.json_body import parse_json
from collectors.receive import Request, SubmissionId, asked, examine, receive, refusal

# Ids made from contents: the same file again is the same submission. The value only has to stay what it is.
FROM_CONTENT = UUID("6f1e8a52-5b0c-4c1e-9c55-1d1f0d4f6a70")


class FileBody(ResponseBody):
    """A response with whom and what it is for; without `submission_id` one is made from the contents."""

    survey: str
    year: int
    unit: str
    submission_id: SubmissionId = Field(default="")


def content_id(content: bytes) -> str:
    """A submission id that is the same for the same bytes."""
    return id_of_digest(sha256(content).hexdigest())


def id_of_digest(digest: str) -> str:
    """The submission id of content with that SHA-256 in hexadecimal."""
    return str(uuid5(FROM_CONTENT, digest))


def submit_file(path: Path, gate: Gate, now: datetime, new_id: NewId, dry_run: bool) -> dict[str, Any]:
    """The receipt, or with `dry_run` how many soft checks its explanations settle. Raises what receive raises."""
    workbook = path.suffix.lower() != ".json"
    content = _read(path, WORKBOOK_LIMIT_BYTES if workbook else JSON_LIMIT_BYTES)
    if workbook:
        return _workbook(content, gate, now, new_id, dry_run)
    request = _request(content)
    if not dry_run:
        return receive(request, gate, now, new_id).receipt.model_dump(mode="json")
    examined = examine(request, gate, now)
    if examined.unsettled:
        raise refusal(asked(request.survey, request.year, request.unit, gate), examined.unsettled)
    return _fine(request.survey, request.year, request.unit, len(examined.failures))


def _workbook(content: bytes, gate: Gate, now: datetime, new_id: NewId, dry_run: bool) -> dict[str, Any]:
    from collectors.workbook_upload import addressed_to, examine_workbook, receive_workbook

    survey, year, unit = addressed_to(content)
    if dry_run:
        return _fine(survey, year, unit, len(examine_workbook(content, survey, year, unit, gate, now)))
    return receive_workbook(content, survey, year, unit, gate, now, new_id).receipt.model_dump(mode="json")


def _fine(survey: str, year: int, unit: str, explained: int) -> dict[str, Any]:
    return {"survey": survey, "year": year, "unit": unit, "accepted": True, "explained": explained}


def _request(content: bytes) -> Request:
    value = parse_json(content)
    try:
        body = FileBody.model_validate(value)
    except ValidationError as error:
        raise BadBody(map(body_fault, error.errors(include_url=False))) from error
    return Request(mode="file", **(body.handed() | {"submission_id": body.submission_id or content_id(content)}))


def _read(path: Path, limit: int) -> bytes:
    try:
        if path.stat().st_size > limit:
            raise TooLarge(limit)
        return path.read_bytes()
    except OSError as fault:
        raise FileUnreadable(str(path), fault.strerror or str(fault)) from fault
