"""Filling the platform with demonstration answers, through the same door as real ones, on a simulated clock."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import groupby

from sqlalchemy import Engine
from sqlalchemy.event import listen

from collectors.administration import announce
from collectors.demonstration import texts
from collectors.demonstration.chance import pick
from collectors.demonstration.plan import OPEN_YEAR
from collectors.demonstration.timeline import Moment, timeline
from collectors.errors import ChecksFailed
from collectors.gate import Gate, open_gate
from collectors.receive import Request, complete_reserved, receive
from collectors.signin import invite, link_path
from infra.event_log import ADMINISTRATION, RESPONSES, EventLog
from infra.settings import Settings
from surveys.event_data import RoundOpened
from surveys.events import AdministrationData, Event, EventFault, ResponseSubmittedEvent, decode, event_id
from surveys.rounds import on_swedish_clock

Say = Callable[[str], None]
LABEL = "DEMONSTRATION"
BATCH = 1_000
# How long a log on another machine may take to answer.
PATIENCE_SECONDS = 5.0


def fill(settings: Settings, now: datetime, say: Say) -> None:
    """The log holds the demonstration when this returns; what it held already is not appended again.

    The folder is labelled as one with fictitious answers. The same day gives the same events, whenever it is run.
    Raises what receive and the log raise.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / LABEL).write_text(texts.LABEL, encoding="utf-8")
    gate = open_gate(settings)
    _hurry(gate.engine)
    try:
        # 1. What was reserved when an earlier run ended in between is appended, so that it is known.
        complete_reserved(gate)
        # 2. Whatever is not there yet happens, in the order of time.
        moments = timeline(gate.catalogue, on_swedish_clock(now).date())
        _play(_not_yet(moments, gate, now), gate, say)
    finally:
        gate.close()


def _hurry(engine: Engine) -> None:
    """Lets SQLite flush what is taken in when it suits it, not twice a response: half of the waiting.

    The log is as durable as ever, and a run after a power cut goes by what the log has.
    """
    if engine.dialect.name == "sqlite":
        listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = NORMAL"))
        engine.dispose()  # connections made before are without it


def sign_in_link(settings: Settings, base_url: str, unit: str) -> str:
    """An address at which a browser is signed in as the unit."""
    gate = open_gate(settings)
    try:
        return base_url + link_path(invite(gate.engine, unit, datetime.now(UTC)))
    finally:
        gate.close()


def _not_yet(moments: Sequence[Moment], gate: Gate, now: datetime) -> list[Moment]:
    """The moments that the log does not have."""
    responses = [one for one in _events(gate.log, RESPONSES) if isinstance(one, ResponseSubmittedEvent)]
    sent = {event.data.submission_id for event in responses}
    said = {event.id for event in _events(gate.log, ADMINISTRATION)}

    def is_new(moment: Moment) -> bool:
        match moment.what:
            case Request(submission_id=sent_as):
                return sent_as not in sent
            case RoundOpened(survey=survey, year=year) if year == OPEN_YEAR:
                known = gate.administration.current().rounds.get(survey, year)
                # A folder that was filled weeks ago gets open rounds again.
                return known is None or known.closes_at <= now
            case data:
                return _administration_id(data)(moment.at) not in said

    return [moment for moment in moments if is_new(moment)]


def _events(log: EventLog, topic: str) -> Iterator[Event]:
    """Every event of the topic that is one; what else lies there is not the demonstration's."""
    after: dict[int, int] = {}
    ends = log.ends(topic)
    while events := log.read(topic, after, BATCH, PATIENCE_SECONDS if _is_behind(after, ends) else 0.0):
        for stored in events:
            after[stored.partition] = stored.offset
            with suppress(EventFault):
                yield decode(stored.value)


def _is_behind(after: Mapping[int, int], ends: Mapping[int, int]) -> bool:
    return any(after.get(partition, -1) + 1 < end for partition, end in ends.items())


def _play(moments: Sequence[Moment], gate: Gate, say: Say) -> None:
    for year, in_year in groupby(moments, key=lambda moment: moment.at.year):
        count: Counter[str] = Counter()
        for is_response, together in groupby(in_year, key=lambda moment: isinstance(moment.what, Request)):
            if is_response:
                count.update(_sent(moment, gate) for moment in together)
            else:
                _announce(list(together), gate.log)
        if count:
            say(f"  {year}: " + ", ".join(f"{survey} {n}" for survey, n in sorted(count.items())))


def _announce(moments: Sequence[Moment], log: EventLog) -> None:
    """What is said one after the other is appended together."""
    news = [(moment.what, moment.at) for moment in moments if not isinstance(moment.what, Request)]
    ids = iter([_administration_id(data)(at) for data, at in news])
    announce(log, news, lambda _at: next(ids))


def _sent(moment: Moment, gate: Gate) -> str:
    """Sends the response; asked to explain something unusual, the respondent does. Returns the survey."""
    request = moment.what
    assert isinstance(request, Request)
    new_id = _id_of(request.submission_id)
    try:
        receive(request, gate, moment.at, new_id)
    except ChecksFailed as refused:
        receive(_explained(request, refused), gate, moment.at, new_id)
    return request.survey


def _explained(request: Request, refused: ChecksFailed) -> Request:
    """The request with a text for each check that can be explained; a hard one refuses it again."""
    explanations = {
        found.check: texts.CHECK_EXPLANATIONS.get(found.check)
        or pick(texts.EXPLANATIONS, "explanation", request.submission_id, found.check)
        for found in refused.findings
        if found.severity == "soft"
    }
    return request.model_copy(update={"explanations": explanations})


def _administration_id(data: AdministrationData) -> Callable[[datetime], str]:
    return _id_of(f"{type(data).__name__}/{data.subject}")


def _id_of(name: str) -> Callable[[datetime], str]:
    """Event ids that name and time decide, so that the same day gives the same log."""
    return lambda at: event_id(at, blake2b(name.encode(), digest_size=10).digest())
