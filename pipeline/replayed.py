"""The responses that count of one survey and year, read from the log: whole, also what a publication hides."""

from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from pipeline.administration import Administration
from pipeline.parse import Accepted, Asked, Definitions, parse
from pipeline.reading import batches_to_end, to_end
from surveys.units import UnitRegister


def responses_that_count(
    log: EventLog, definitions: Definitions, survey: str, year: int
) -> tuple[dict[str, Accepted], UnitRegister]:
    """The newest accepted response of each unit, and the units. Raises LogUnavailable."""
    administration = Administration()
    administration.judge_all(to_end(log, ADMINISTRATION, {}))
    asked = Asked(definitions, administration.units)
    newest: dict[str, Accepted] = {}
    seen: set[tuple[str, str]] = set()
    # Most events are of other surveys: looking for the name costs a hundredth of reading the event.
    name = survey.encode()
    for batch in batches_to_end(log, RESPONSES, {}):
        for verdict in parse((one for one in batch if name in one.value), asked):
            if not isinstance(verdict, Accepted) or (verdict.survey, verdict.year) != (survey, year):
                continue
            if (key := (verdict.unit_id, verdict.submission_id)) in seen:
                continue  # delivered again, or an id used again: the first one counts
            seen.add(key)
            before = newest.get(verdict.unit_id)
            if before is None or _age(verdict) >= _age(before):
                newest[verdict.unit_id] = verdict
    return newest, administration.units


def _age(response: Accepted) -> tuple[object, int, int]:
    return response.submitted_at, response.topic_partition, response.log_offset
